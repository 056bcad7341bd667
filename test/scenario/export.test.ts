import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { parquetReadObjects } from 'hyparquet'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { createEmulator, serve } from '../../src/emulator/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { fakeIo } from '../support/cli.ts'
import { elsewhere } from '../support/shop-tools.ts'
import { virtualClock } from '../support/virtual-clock.ts'

const emulator = createEmulator({ catalog, clock: virtualClock(), products: 30, plan: 'unlimited' })
const HYPERLINK = '=HYPERLINK("http://evil.example","click")'
let dir: string
let server: Awaited<ReturnType<typeof serve>>

beforeAll(async () => {
  server = await serve(emulator)
  dir = mkdtempSync(join(tmpdir(), 'skiff-export-'))
  const main = { hash: emulator.storeHash, accessToken: 'env:T', api: server.url, settleMs: 0 }
  writeFileSync(join(dir, 'sync.config.json'), JSON.stringify({ stores: { main } }))
  await elsewhere({ emulator }, 'POST', '/v3/catalog/products', {
    name: HYPERLINK,
    type: 'physical',
    weight: 1,
    price: 9.99,
    sku: '00123',
  })
  expect((await skiff('pull')).exit).toBe(0)
})
afterAll(async () => {
  await server.close()
  rmSync(dir, { recursive: true })
})

const skiff = async (...argv: string[]) => {
  const io = fakeIo({ cwd: dir, env: { T: emulator.accessToken }, columns: 200 })
  const exit = await run(argv, io, verbs)
  return { exit, out: io.out(), err: io.err(), json: () => JSON.parse(io.out()) }
}

const bytes = (name: string) => readFileSync(join(dir, name))
const SQL = 'SELECT sku, name, price, inventory_level FROM products ORDER BY id DESC'

describe('skiff export', () => {
  it('D30: writes a query’s rows in every format, and a hostile name is text in each', async () => {
    const expected = (await skiff('query', SQL, '--json')).json() as { sku: string; name: string; price: number }[]
    expect(expected[0]).toMatchObject({ sku: '00123', name: HYPERLINK, price: 9.99 })
    for (const format of ['csv', 'tsv', 'xlsx', 'jsonl', 'parquet']) {
      const { exit, out } = await skiff('export', SQL, '--to', `out.${format}`)
      expect([exit, out]).toEqual([
        0,
        expect.stringMatching(new RegExp(`^out.${format}: ${expected.length} rows, \\d+ bytes`)),
      ])
    }
    const names = expected.map(({ name }) => name)
    const safe = names.map((name) => (name === HYPERLINK ? `'${name}` : name))
    expect(parse(bytes('out.csv'), { columns: true }).map((row) => (row as { name: string }).name)).toEqual(safe)
    expect(parse(bytes('out.tsv'), { columns: true, delimiter: '\t' })).toHaveLength(expected.length)
    const [head, first, ...others] = await readSheet(bytes('out.xlsx'))
    expect([head, first, others.length]).toEqual([
      ['sku', 'name', 'price', 'inventory_level'],
      ['00123', HYPERLINK, 9.99, 0],
      expected.length - 1,
    ])
    const lines = bytes('out.jsonl').toString().trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(expected)
    const file = Uint8Array.from(bytes('out.parquet')).buffer
    expect((await parquetReadObjects({ file })).map(({ name, price }) => [name, price])).toEqual(
      expected.map(({ name, price }) => [name, price]),
    )
    expect(readdirSync(dir).filter((name) => name.includes('tmp'))).toEqual([])
  })

  it('writes a resource, all of its rows and columns, and a ready report', async () => {
    const count = (await skiff('query', 'SELECT count(*) AS n FROM skus', '--json')).json()[0].n
    const made = await skiff('export', 'skus', '--to', 'skus.csv', '--json')
    expect(made.json()).toMatchObject({ kind: 'resource', store: 'main', format: 'csv', rows: count })
    const rows = parse(bytes('skus.csv'), { columns: true }) as Record<string, string>[]
    expect([rows.length, Object.keys(rows[0] ?? {})]).toEqual([
      count,
      expect.arrayContaining(['sku', 'price', 'synced_at']),
    ])
    expect((await skiff('export', 'low-stock', '--to', 'low', '--format', 'xlsx', '--json')).json()).toMatchObject({
      kind: 'report',
      format: 'xlsx',
    })
    expect((await readSheet(bytes('low')))[0]).toContain('sku')
  })

  it('says what is wrong before it touches the file', async () => {
    writeFileSync(join(dir, 'old.csv'), 'old')
    const refused = async (...args: string[]) => {
      const { exit, err } = await skiff('export', ...args)
      return `${exit} ${err.replace(/\s+/g, ' ')}`
    }
    expect(await refused('skuss', '--to', 'old.csv')).toMatch(/^2 .*no resource or report "skuss".*Did you mean "skus"/)
    expect(await refused('skus', '--to', 'old.doc')).toMatch(/^2 .*tells no format/)
    expect(await refused('DELETE FROM products', '--to', 'old.csv')).toMatch(/^2 .*a query/)
    expect(await refused('SELECT nothing FROM products', '--to', 'old.csv')).toMatch(/^2 .*nothing/)
    expect(await refused('skus', '--to', 'old.csv', '--days', '3')).toMatch(/^2 .*only a report has a period/)
    expect(await refused('SELECT 1 AS a, 2 AS a', '--to', 'old.parquet')).toMatch(/^2 .*two columns are called "a"/)
    expect(bytes('old.csv').toString()).toBe('old')
  })
})
