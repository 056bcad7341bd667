import { join } from 'node:path'
import type { Random } from '../../src/model/index.ts'
import { type BlackBox, openBlackBox } from '../../test/support/black-box.ts'
import { downgrade } from './downgrade.ts'

/** A shop with the built command before it, and what its sources should lead to. */
export interface KillWorld {
  readonly box: BlackBox
  /** Changes something for a kind of work to do. */
  prepare(kind: Kind): Promise<void>
  /** What is wrong with the store and the files once all work is done; empty when all is well. */
  faults(): Promise<readonly string[]>
}

export const KINDS = ['pull', 'push', 'create', 'write-back', 'backup', 'migration', 'first'] as const
export type Kind = (typeof KINDS)[number]

/** What each kind of work types. */
export const COMMANDS: Record<Kind, readonly string[]> = {
  pull: ['pull', '--full'],
  push: ['sync', 'costs', '--yes'],
  create: ['sync', 'goods', '--yes'],
  'write-back': ['sync', 'texts', '--yes'],
  backup: ['backup'],
  migration: ['plans'],
  first: ['pull'],
}

interface Product {
  readonly id: number
  readonly name: string
  readonly sku: string
  readonly base_variant_id: number | null
  readonly cost_price: number
  readonly search_keywords: string
}

export const openKillWorld = async (random: Random): Promise<KillWorld> => {
  const box = await openBlackBox({ products: 40 })
  const token = /SHOP_TOKEN=(.*)/.exec(box.read('.env'))?.[1] ?? ''
  const { stores } = JSON.parse(box.read('sync.config.json')) as { stores: { main: { hash: string } } }
  box.write('sync.config.json', JSON.stringify(configFor({ ...stores.main, settleMs: 100 })))
  const root = `${box.url}/stores/${stores.main.hash}`
  const api = async <T>(path: string, init?: RequestInit): Promise<T> => {
    const response = await fetch(`${root}${path}`, {
      ...init,
      headers: { 'X-Auth-Token': token, 'Content-Type': 'application/json' },
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return ((await response.json()) as { data: T }).data
  }
  const products = (): Promise<Product[]> => api('/v3/catalog/products?limit=250&sort=id')
  const variants = await api<{ product_id: number; cost_price: number | null }[]>('/v3/catalog/variants?limit=250')
  const ownCost = new Set(variants.filter((one) => one.cost_price).map((one) => one.product_id))
  const simple = (await products()).filter((one) => one.sku && one.base_variant_id !== null && !ownCost.has(one.id))
  const costs = new Map(simple.map(({ sku }, index) => [sku, 1 + index]))
  const keywords = new Map(simple.map(({ sku }) => [sku, `edited first ${sku}`]))
  const edit = (id: number, words: string) =>
    api(`/v3/catalog/products/${id}`, { method: 'PUT', body: JSON.stringify({ search_keywords: words }) })
  for (const { id, sku } of simple) await edit(id, `edited first ${sku}`)
  const goods: { name: string; sku: string; price: number }[] = []
  let round = 0

  const writeFeeds = (): void => {
    box.write('costs.csv', table(['sku', 'cost'], [...costs]))
    box.write('texts.csv', table(['sku', 'keywords'], [...keywords]))
    box.write(
      'goods.csv',
      table(
        ['sku', 'name', 'price', 'type', 'weight'],
        goods.map(({ sku, name, price }) => [sku, name, price, 'physical', 1]),
      ),
    )
  }
  goods.push({ name: 'Killed good 0', sku: 'KILL-0', price: 5 })
  writeFeeds()
  // Slow enough for a kill to meet every part of the work.
  await box.faults([{ kind: 'slow', ms: 25 }])

  return {
    box,
    prepare: async (kind) => {
      round += 1
      if (kind === 'push') {
        for (const [sku, cost] of costs) if (random() < 0.5) costs.set(sku, cents(cost * (0.95 + random() / 10)))
      }
      if (kind === 'create') {
        for (let count = 0; count < 2; count += 1) {
          const name = `Killed good ${goods.length}`
          goods.push({ name, sku: `KILL-${goods.length}`, price: 5 + count })
        }
      }
      writeFeeds()
      if (kind === 'migration') downgrade(join(box.dir, '.skiff', 'main.db'))
      if (kind === 'pull' || kind === 'write-back') {
        const chosen = simple.filter(() => random() < 0.4)
        for (const { id, sku } of chosen) {
          const words = `edited ${round} ${sku}`
          await edit(id, words)
          keywords.set(sku, words)
        }
      }
    },
    faults: async () => {
      const now = await products()
      const bySku = new Map(now.map((one) => [one.sku, one]))
      const texts = new Map(
        box
          .read('texts.csv')
          .trimEnd()
          .split('\n')
          .slice(1)
          .map((line) => line.split(',') as [string, string]),
      )
      return [
        ...[...costs]
          .filter(([sku, cost]) => bySku.get(sku)?.cost_price !== cost)
          .map(([sku, cost]) => `cost of ${sku} is ${bySku.get(sku)?.cost_price}, not ${cost}`),
        ...goods
          .filter(({ sku }) => now.filter((one) => one.sku === sku).length !== 1)
          .map(({ sku }) => `${sku} is there ${now.filter((one) => one.sku === sku).length} times`),
        ...[...keywords]
          .filter(([sku, words]) => bySku.get(sku)?.search_keywords !== words)
          .map(([sku]) => `keywords of ${sku} are ${bySku.get(sku)?.search_keywords} in the store`),
        ...[...keywords]
          .filter(([sku, words]) => texts.get(sku) !== words)
          .map(([sku]) => `keywords of ${sku} are ${texts.get(sku)} in the file`),
      ]
    },
  }
}

const configFor = (store: object) => ({
  stores: { main: { ...store, resources: ['products', 'variants'] } },
  sources: {
    costs: { type: 'csv', path: 'costs.csv' },
    texts: { type: 'csv', path: 'texts.csv', write: true },
    goods: { type: 'csv', path: 'goods.csv' },
  },
  syncs: {
    costs: { ...sync('skus', 'costs'), fields: { cost_price: 'cost' } },
    texts: { ...sync('products', 'texts'), fields: { search_keywords: { from: 'keywords', owner: 'both' } } },
    goods: {
      ...sync('products', 'goods'),
      fields: { name: 'name', price: 'price', type: 'type', weight: 'weight' },
      create: true,
      createDefaults: { is_visible: false, categories: [], channels: 'default' },
    },
  },
})

const sync = (resource: string, source: string) => ({
  store: 'main',
  resource,
  source,
  key: { sku: 'sku' },
  guards: {
    maxChanges: false,
    allChanged: false,
    maxSourceDrop: false,
    changeRate: false,
    flap: false,
    columnShape: false,
  },
})

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  `${[head, ...rows].map((row) => row.join(',')).join('\n')}\n`

const cents = (cost: number): number => Math.round(cost * 100) / 100
