import { join } from 'node:path'
import { loadSettings, openWorkspace, type Workspace } from '../../src/app/index.ts'
import type { Emulator } from '../../src/emulator/index.ts'
import { type Catalog, type PushReport, type Source, seeded } from '../../src/model/index.ts'
import { catalog as everything } from '../../src/resources/index.ts'
import type { HttpRequest } from '../../src/sources/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import type { Shop } from './shop.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests read bodies of every shape.
type Any = any

/** Somebody else at work in the store, past the client. @throws when the store refuses. */
export const elsewhere = async (
  { emulator }: { readonly emulator: Emulator },
  method: string,
  path: string,
  body?: unknown,
): Promise<Any> => {
  const response = await emulator.fetch(`${emulator.origin}/stores/${emulator.storeHash}${path}`, {
    method,
    headers: { 'X-Auth-Token': emulator.accessToken, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
  return text ? (JSON.parse(text) as { data?: Any }).data : undefined
}

/** The same folder and store after the process has ended and another one began. */
export const reopened = (
  shop: Shop,
  options: { catalog?: Catalog; fetch?: Fetch; request?: HttpRequest } = {},
): Workspace => {
  const catalog = options.catalog ?? everything
  const settings = loadSettings(join(shop.dir, 'sync.config.json'), { SHOP_TOKEN: shop.emulator.accessToken }, catalog)
  return openWorkspace(settings, {
    signal: new AbortController().signal,
    progress: (one) => shop.progress.push(one),
    clock: shop.clock,
    random: seeded(11),
    fetch: options.fetch ?? (shop.emulator.fetch as unknown as Fetch),
    catalog,
    ...(options.request ? { request: options.request } : {}),
  })
}

type Write = NonNullable<Source['write']>

/** The same workspace, whose syncs write into their sources by another hand. */
export const writingBy = (
  workspace: Workspace,
  sync: string,
  write: (real: Write, ...args: Parameters<Write>) => ReturnType<Write>,
): Workspace => {
  const source = workspace.source(workspace.sync(sync))
  const real = source.write
  if (!real) throw new Error(`the source of ${sync} is only read`)
  return {
    ...workspace,
    withSources: (_spec, use) => use(() => ({ ...source, write: (...args) => write(real, ...args) })),
  }
}

/** A product of several variants, made through the API. */
export const complexProduct = async (
  shop: Shop,
  facts: { name: string; sku?: string; price: number; sizes: readonly string[]; more?: object; variants?: object },
): Promise<{ readonly id: number; readonly variants: readonly { readonly id: number; readonly sku: string }[] }> => {
  const { name, sku = name, price, sizes, more, variants } = facts
  const { id } = await elsewhere(shop, 'POST', '/v3/catalog/products', {
    name,
    type: 'physical',
    weight: 1,
    price,
    sku,
    variants: sizes.map((label) => ({
      sku: `${sku}-${label}`,
      option_values: [{ option_display_name: 'Size', label }],
      ...variants,
    })),
    ...more,
  })
  return { id, variants: shop.emulator.state.variants.where('product', id) }
}

export const simpleProduct = (shop: Shop, sku: string, price: number, more: object = {}): Promise<Any> =>
  elsewhere(shop, 'POST', '/v3/catalog/products', { name: sku, type: 'physical', weight: 1, price, sku, ...more })

/** Requests that write, as the store saw them since a mark. */
export const writes = ({ emulator }: Shop, from = 0): { method: string; path: string; body: Any }[] =>
  emulator.log.slice(from).map(({ method, path, body }) => ({ method, path, body }))

/** Where the rows of a push ended: state to reasons. */
export const ends = ({ rows }: PushReport): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1
  return counts
}
