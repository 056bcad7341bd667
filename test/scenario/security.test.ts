import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { loadSettings, pushPlan, syncOne } from '../../src/app/index.ts'
import { readEnvironment } from '../../src/app/settings/environment.ts'
import { planCsv } from '../../src/cli/views/plan-csv.ts'
import { planHtml } from '../../src/cli/views/plan-html.ts'
import { rowsText } from '../../src/cli/views/rows.ts'
import { screenOf } from '../../src/cli/views/screen.ts'
import type { Plan } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { writeRequest } from '../../src/store/write.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { simpleProduct } from '../support/shop-tools.ts'

let shop: Shop | undefined
afterEach(() => {
  shop?.close()
  shop = undefined
})

const open = async (skus: readonly string[], options: ShopOptions = {}): Promise<Shop> => {
  const opened = openShop({
    store: { resources: ['products', 'variants'] },
    syncs: {
      prices: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { sku: 'sku' },
        fields: { name: 'name' },
        guards: { maxChanges: false, allChanged: false, columnShape: false },
      },
    },
    ...options,
    emulator: { products: 0, plan: 'unlimited', ...options.emulator },
  })
  shop = opened
  for (const sku of skus) await simpleProduct(opened, sku, 10)
  opened.clock.advance(600_000)
  await opened.pull()
  return opened
}

describe('names that a shop’s products may have', () => {
  const PAYLOADS = payloads()

  /** A plan that shows every payload in every place that a feed or a store can fill. */
  const planOfPayloads = async (texts: readonly string[]): Promise<Plan> => {
    const { feed, plan } = await open(texts.map((_, at) => `P${at}`))
    feed([['sku', 'name'], ...texts.map((text, at) => [`P${at}`, `${at} ${text}`]), ['#N/A', texts[0] ?? '']])
    const made = (await plan()).plan
    return { ...made, notes: [...made.notes, ...texts], held: heldOf(made, texts) }
  }
  const heldOf = ({ changes }: Plan, texts: readonly string[]): Plan['held'] =>
    changes.map((change, at) => ({
      ...change,
      key: { sku: texts[at] ?? '' },
      label: texts[at] ?? '',
      guard: 'priceFloor' as const,
      reason: texts[at] ?? '',
    }))

  it('S11, D34: add no element and no attribute to the page of a plan, whichever of 200 they are', async () => {
    expect(new Set(PAYLOADS).size).toBeGreaterThanOrEqual(200)
    const plan = await planOfPayloads(PAYLOADS)
    const harmless: Plan = JSON.parse(
      JSON.stringify(plan, (key, value) => (SHOWN.has(key) && typeof value === 'string' ? 'x' : value)),
    )
    const quiet = { ...harmless, notes: plan.notes.map(() => 'x') }
    expect(plan.changes).toHaveLength(PAYLOADS.length)
    expect(tagsOf(planHtml(plan))).toEqual(tagsOf(planHtml(quiet)))
    const page = planHtml(plan)
    expect(page.match(/<script/gi)).toHaveLength(1)
    expect(page).toContain("default-src 'none'")
  })

  it('D30: are no formulas in a plan for people, and come back as they were when the sign before them is taken away', async () => {
    const formulas = PAYLOADS.filter((text) => /^[=+\-@\t\r]/.test(text))
    expect(formulas.length).toBeGreaterThan(20)
    const plan = await planOfPayloads(PAYLOADS)
    const rows = parse(planCsv(plan), { columns: true }) as Record<string, string>[]
    for (const row of rows)
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/)
    const labels = rows
      .filter(({ action }) => action === 'held')
      .map(({ label = '' }) => label.replace(/^'(?=[=+\-@\t\r])/, ''))
    expect(labels).toEqual(plan.held.map(({ label }) => label))
  })

  it('D30: are left alone for machines', () => {
    const rows = PAYLOADS.map((text, at) => [at, text])
    const csv = rowsText({ columns: ['at', 'text'], rows }, 'csv', screenOf(80, false))
    expect(parse(csv, { from: 2 })).toEqual(rows.map(([at, text]) => [String(at), text]))
  })

  it('S25: steer no terminal from a table of rows', () => {
    const columns = ['text', '\u001b[31mhead']
    const steering = PAYLOADS.map((text) => [`\u001b]0;${text}\u0007\u009b2J\r`, text])
    const text = rowsText({ columns, rows: steering }, 'table', screenOf(120, false))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  })
})

describe('names and paths in the configuration', () => {
  const settingsWith = (change: (config: Record<string, object>) => void): unknown => {
    const dir = mkdtempSync(join(tmpdir(), 'skiff-names-'))
    try {
      const config: Record<string, object> = {
        stores: { main: { hash: 'abc', accessToken: 'env:T', resources: ['products', 'variants'] } },
        sources: { feed: { type: 'csv', path: 'feed.csv' } },
        syncs: {
          prices: { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'a' }, fields: { price: 'b' } },
        },
        jobs: { nightly: { steps: ['pull main'] } },
      }
      change(config)
      const file = join(dir, 'sync.config.json')
      writeFileSync(file, JSON.stringify(config))
      return loadSettings(file, {}, catalog)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  }
  const OUT = ['../evil', '/etc/evil', 'a/b', 'a\\b', '..', '.', '.hidden', 'a\0b', '%2e%2e', '', 'a b', '~root', '-rf']
  const SECTIONS = ['stores', 'sources', 'syncs', 'jobs']

  it.each(SECTIONS.flatMap((section) => OUT.map((name) => [section, name] as const)))(
    'S7: of %s, %j is no name, so none leads out of its folder',
    (section, name) => {
      const rename = (config: Record<string, object>) => {
        config[section] = { ...config[section], [name]: Object.values(config[section] ?? {})[0] }
      }
      expect(() => settingsWith(rename)).toThrow(/name/)
    },
  )

  it.each(['__proto__', 'constructor', 'prototype', 'toString'])('S21: %s for a name poisons no object', (name) => {
    for (const section of SECTIONS) {
      const text = (config: Record<string, object>) => {
        config[section] = JSON.parse(
          JSON.stringify(config[section]).replace(
            /^\{"\w+"/,
            (first) => `{${JSON.stringify(name)}:{"polluted":true},${first.slice(1)}`,
          ),
        )
      }
      expect(() => settingsWith(text)).toThrow()
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    }
  })
})

describe('what the store says', () => {
  it('S21: cannot poison objects by the keys of its answers', async () => {
    const opened = await open(['A'], {
      fetch: (inner: Fetch) => async (url, init) => {
        const response = await inner(url, init)
        if (!url.includes('/v3/catalog/products?')) return response
        const text = new TextDecoder().decode(await response.arrayBuffer())
        const evil = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id":'
        return new Response(text.replaceAll('"id":', evil), { headers: { 'Content-Type': 'application/json' } })
      },
    })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(opened.rows('SELECT sku, price FROM products')).toEqual([{ sku: 'A', price: 10 }])
  })
})

describe('a plan file from elsewhere', () => {
  it('S27: is no plan to push, however it is named', async () => {
    const { dir, feed, plan, workspace, emulator } = await open(['A', 'B'])
    feed([
      ['sku', 'name'],
      ['A', 'New A'],
    ])
    const made = (await plan()).plan
    const file = join(dir, `${made.plan}.json`)
    writeFileSync(
      file,
      JSON.stringify({ ...made, changes: made.changes.map((one) => ({ ...one, key: { sku: 'B' } })) }),
    )
    const mark = emulator.log.length
    const options = { approvedBy: 'test', allow: [], only: null }
    for (const name of [file, `./${made.plan}.json`, `../${made.plan}`, 'p999', "p1' OR '1'='1"]) {
      await expect(pushPlan(workspace, name, options)).rejects.toMatchObject({ exit: 2 })
    }
    expect(emulator.log).toHaveLength(mark)
  })

  it('S27: of another mirror is refused by its hash when it is smuggled in', async () => {
    const { feed, plan, workspace, emulator, push } = await open(['A', 'B'])
    feed([
      ['sku', 'name'],
      ['A', 'New A'],
    ])
    const made = (await plan()).plan
    const forged = { ...made, plan: 'p77', changes: made.changes.map((one) => ({ ...one, key: { sku: 'B' } })) }
    await workspace.withStore('main', 'smuggle', async ({ mirror }) => mirror.savePlan(forged, 'open'))
    const mark = emulator.log.length
    await expect(push('p77')).rejects.toMatchObject({ code: 'stale_plan' })
    expect(emulator.log).toHaveLength(mark)
  })
})

describe('a request that deletes', () => {
  const deletes = [...catalog.resources.values()].flatMap((resource) =>
    [resource.api.delete, ...(resource.api.update ?? []), ...[resource.api.create].flat()].flatMap((route) =>
      route?.verb === 'DELETE' ? [[resource, route] as const] : [],
    ),
  )
  const odd = fc.oneof(
    fc.constantFrom('', '.', '..', ' ', '/', '?', '#', '../', '%', '*', '0'),
    fc.string(),
    fc.integer(),
  )

  it('S32: names one row, whatever the key is, on every route', () => {
    expect(deletes.length).toBeGreaterThanOrEqual(3)
    for (const [resource, route] of deletes) {
      const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
      expect(names.length, route.path).toBeGreaterThan(0)
      expect(route.path).toMatch(/\}$/)
      fc.assert(
        fc.property(fc.array(odd, { minLength: names.length, maxLength: names.length }), (values) => {
          const id = Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']))
          let path: string
          try {
            path = writeRequest(resource, route, [{ id, set: {} }]).path
          } catch (error) {
            expect((error as { code?: string }).code ?? (error as Error).name).toMatch(/usage|URIError/)
            return
          }
          const sent = new URL(`http://127.0.0.1${path}`)
          const [pathname = '', filter] = route.path.split('?')
          expect(sent.hash).toBe('')
          // A filter that holds anything but an id is one that the store may take for none.
          if (filter === undefined) expect(sent.search).toBe('')
          else expect(sent.search.slice(1)).toMatch(new RegExp(`^${filter.replace(/\{\w+\}/g, '[1-9]\\d*')}$`))
          const segments = (text: string) => text.split('/').length
          expect(segments(sent.pathname)).toBe(segments(pathname))
          expect(sent.pathname).not.toMatch(/\/$/)
        }),
      )
      expect(() => writeRequest(resource, route, [{ id: {}, set: {} }])).toThrow(/without/)
    }
  })
})

describe('files', () => {
  it('S14, S20: of a whole run are their owner’s alone', async () => {
    const { dir, feed, workspace } = await open(['A', 'B'])
    feed([
      ['sku', 'name'],
      ['A', 'New A'],
    ])
    await syncOne(workspace, 'prices', { approvedBy: '--yes', dryRun: false, allow: [] })
    const modes = readdirSync(join(dir, '.skiff'), { recursive: true, encoding: 'utf8' }).map((name) => {
      const { mode } = statSync(join(dir, '.skiff', name))
      return `${name} ${(mode & 0o777).toString(8)}`
    })
    expect(modes.length).toBeGreaterThan(0)
    expect(modes.filter((one) => !/ (600|700)$/.test(one))).toEqual([])
    expect((statSync(join(dir, '.skiff')).mode & 0o777).toString(8)).toBe('700')
  })

  it('S20: with secrets that others can read are warned of', async () => {
    const { dir } = await open([])
    const file = join(dir, '.env')
    writeFileSync(file, 'SHOP_TOKEN=x\n')
    chmodSync(file, 0o644)
    expect(readEnvironment(dir, {}).warnings).toEqual([expect.stringContaining('chmod 600')])
    chmodSync(file, 0o600)
    expect(readEnvironment(dir, {}).warnings).toEqual([])
  })
})

/** Places of a plan that hold text from outside. */
const SHOWN = new Set(['sku', 'label', 'from', 'to', 'value', 'reason', 'name'])

/** Tags with the names and values of their attributes, as a browser would cut them out of the text. */
function tagsOf(page: string): string[] {
  return (page.match(/<[a-z!/](?:"[^"]*"|'[^']*'|[^'">])*>/gi) ?? []).filter((tag) => !tag.startsWith('<!--'))
}

function payloads(): string[] {
  const script = 'alert(1)'
  const tags = ['script', 'img src=x', 'svg', 'iframe', 'body', 'input autofocus', 'details open', 'video', 'a', 'math']
  const handlers = ['onload', 'onerror', 'onfocus', 'ontoggle', 'onmouseover', 'onclick', 'onwheel', 'onbegin']
  const breaks = ['', '"', "'", '">', "'>", '</td>', '</script>', '</title>', '-->', ']]>', '</style>', '`']
  return [
    ...breaks.flatMap((start) => tags.map((tag) => `${start}<${tag}>${script}</${tag.split(' ')[0]}>`)),
    ...handlers.flatMap((on) => [`" ${on}=${script} x="`, `' ${on}=${script} x='`, `<x ${on}=${script}>`]),
    ...['=', '+', '-', '@', '\t=', '\r='].flatMap((sign) => [
      `${sign}cmd|' /C calc'!A0`,
      `${sign}HYPERLINK("http://example.com?x="&A1,"Mug")`,
      `${sign}1+1`,
      `${sign}SUM(A1:A9)`,
    ]),
    ...['javascript:', 'JaVaScRiPt:', 'data:text/html,', 'vbscript:'].map(
      (scheme) => `<a href="${scheme}${script}">x</a>`,
    ),
    ...[
      '&lt;script&gt;',
      '&#60;script&#62;',
      '\u003cscript\u003e',
      '%3Cscript%3E',
      '<scr<script>ipt>',
      '<script/x>',
      '<ſcript>',
    ],
    ...[
      '{{7*7}}',
      `${'$'}{7*7}`,
      '<%= 7*7 %>',
      '#{7*7}',
      '<!--',
      '<![CDATA[',
      '<?php',
      '<base href=//x>',
      '<meta http-equiv=refresh>',
    ],
    ...[
      '<style>*{display:none}</style>',
      '<form action=//x>',
      '<object data=x>',
      '<embed src=x>',
      '<link rel=stylesheet href=//x>',
    ],
    ...[
      '\u2028<script>',
      '\u202e<script>',
      "'; DROP TABLE products; --",
      '__proto__',
      '../../etc/passwd',
      '<plaintext>',
      '<xmp>',
    ],
    ...[
      '<template><script>',
      '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
      '<isindex type=image src=1 onerror=alert(1)>',
    ],
  ]
}
