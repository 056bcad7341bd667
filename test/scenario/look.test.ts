import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import writeExcel from 'write-excel-file/node'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { fakeIo } from '../support/cli.ts'
import { openShop, type Shop } from '../support/shop.ts'

const HEAD = ['SKU', 'Name', 'Price', 'Stock']
const ROWS = [
  ['A-1', 'Bowl', '10.50', '5'],
  ['A-2', 'Cup ', '12.90', '17'],
  ['a-1', 'Pot', 'much', '0'],
]

let shop: Shop
let served: string
const server = createServer((_request, response) => response.end(served))

const SOURCES = (port: number) => ({
  tab: { type: 'tsv', path: 'feed.tsv' },
  auto: { type: 'csv', path: 'feed.csv', delimiter: 'auto' },
  book: { type: 'xlsx', path: 'feed.xlsx' },
  list: { type: 'json', path: 'feed.json' },
  lines: { type: 'jsonl', path: 'feed.jsonl' },
  web: { type: 'csv', path: `http://127.0.0.1:${port}/feed.csv` },
  table: { type: 'sqlite', path: 'erp.db', table: 'items' },
})
type Name = keyof ReturnType<typeof SOURCES>

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))
afterEach(() => shop.close())

const openWith = async (source: Name): Promise<void> => {
  const { port } = server.address() as AddressInfo
  shop = openShop({
    emulator: { products: 0 },
    sources: { [source]: SOURCES(port)[source] },
    syncs: {
      goods: {
        ...{ store: 'main', resource: 'skus', source, key: { sku: 'SKU' } },
        fields: { name: 'Name', price: 'Price' },
      },
    },
  })
  const objects = ROWS.map((row) => Object.fromEntries(HEAD.map((name, at) => [name, row[at]])))
  const put = (name: string, text: string | Buffer) => writeFileSync(join(shop.dir, name), text)
  const text = (between: string) => `${[HEAD, ...ROWS].map((row) => row.join(between)).join('\n')}\n`
  put('feed.tsv', text('\t'))
  put('feed.csv', text(';'))
  put('feed.json', JSON.stringify(objects))
  put('feed.jsonl', `${objects.map((one) => JSON.stringify(one)).join('\n')}\n`)
  put('feed.xlsx', await writeExcel([HEAD, ...ROWS].map((row) => row.map((value) => ({ value })))).toBuffer())
  served = text(',')
  const db = new Database(join(shop.dir, 'erp.db'))
  db.exec('CREATE TABLE items (SKU TEXT, Name TEXT, Price TEXT, Stock TEXT, photo BLOB)')
  for (const row of ROWS) db.prepare("INSERT INTO items VALUES (?, ?, ?, ?, x'00ff')").run(...row)
  db.close()
}

const skiff = async (...argv: string[]) => {
  const io = fakeIo({ cwd: shop.dir, env: { SHOP_TOKEN: shop.emulator.accessToken }, columns: 200 })
  return { exit: await run(argv, io, verbs), out: io.out(), err: io.err() }
}

/** Line of the first record: text has a header before it, and records elsewhere go by their number or by their row. */
const FIRST: readonly [Name, number][] = [
  ['tab', 2],
  ['auto', 2],
  ['book', 2],
  ['list', 1],
  ['lines', 1],
  ['web', 2],
]

describe('the doctor', () => {
  it.each(FIRST)('examines source %s: line, column, value', async (name, first) => {
    await openWith(name)
    const { exit, out } = await skiff('doctor', name, '--json')
    expect(exit, out).toBe(5)
    const { rows, findings } = JSON.parse(out)
    expect(rows).toBe(3)
    expect(
      findings.map(({ line, column, value, repair }: Record<string, unknown>) => [line, column, value, repair]),
    ).toEqual([
      [first, 'SKU', 'A-1', null],
      [first + 1, 'Name', 'Cup ', 'Cup'],
      [first + 2, 'SKU', 'a-1', null],
      [first + 2, 'Price', 'much', null],
    ])
  })

  it('examines a table of a database, by the order of its key, bytes or not', async () => {
    await openWith('table')
    const { exit, out } = await skiff('doctor', 'table', '--json')
    expect(exit, out).toBe(5)
    const { file, rows, findings } = JSON.parse(out)
    expect([file, rows]).toEqual(['sqlite items of erp.db', 3])
    expect(findings.map(({ line, column, value }: Record<string, unknown>) => [line, column, value])).toEqual([
      [1, 'SKU', 'A-1'],
      [2, 'Name', 'Cup '],
      [3, 'SKU', 'a-1'],
      [3, 'Price', 'much'],
    ])
  })

  it('writes a repaired copy of a file that lies elsewhere', async () => {
    await openWith('web')
    expect((await skiff('doctor', 'web', '--fix', 'web.csv')).exit).toBe(5)
    expect(readFileSync(join(shop.dir, 'web.csv'), 'utf8')).toBe(served.replace('Cup ', 'Cup'))
  })

  it('writes a repaired copy of one with tabs', async () => {
    await openWith('tab')
    expect((await skiff('doctor', 'tab', '--fix', 'fixed.tsv')).exit).toBe(5)
    expect(readFileSync(join(shop.dir, 'fixed.tsv'), 'utf8')).toContain('A-2\tCup\t12.90')
  })

  it.each<[Name, RegExp]>([
    ['book', /of a CSV or TSV file, and source book is xlsx/],
    ['list', /of a CSV or TSV file, and source list is json/],
    ['table', /of a CSV or TSV file, and source table is sqlite/],
    ['auto', /does not say its delimiter and encoding/],
  ])('writes no copy of source %s, and says why', async (name, why) => {
    await openWith(name)
    const { exit, err } = await skiff('doctor', name, '--fix', 'copy')
    expect([exit, err]).toEqual([2, expect.stringMatching(why)])
    expect(existsSync(join(shop.dir, 'copy'))).toBe(false)
  })
})

describe('map', () => {
  it.each<Name>([...FIRST.map(([name]) => name), 'table'])('proposes columns of source %s', async (name) => {
    await openWith(name)
    const { exit, out, err } = await skiff('map', name, '--json')
    expect(exit, err).toBe(0)
    const { columns } = JSON.parse(out)
    expect(
      columns
        .filter(({ column }: { column: string }) => column !== 'photo')
        .map(({ column, field, examples }: Record<string, unknown>) => [column, field, (examples as string[])[0]]),
    ).toEqual([
      ['SKU', 'sku', 'A-1'],
      ['Name', null, 'Bowl'],
      ['Price', null, '10.50'],
      ['Stock', 'inventory_level', '5'],
    ])
  })
})
