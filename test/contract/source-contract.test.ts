import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { keyText, type RowEdit, type Source, type SourceItem, SourceRefusedError } from '../../src/model/index.ts'
import { compileMapping } from '../../src/sources/index.ts'
import { mariadbServer, postgresServer, type Server } from '../support/databases.ts'
import {
  CSV,
  fileOutside,
  httpPlace,
  type Item,
  JSON_DOCUMENT,
  JSONL,
  localPlace,
  type Outside,
  s3Place,
  serverOutside,
  sftpPlace,
  sqliteOutside,
  WORKBOOK,
} from '../support/outside.ts'
import { type S3Store, startS3 } from '../support/s3.ts'
import { hasSshd, type Sshd, sshdNote, startSshd } from '../support/sshd.ts'
import { rule, targetFields } from '../unit/sources/reading.ts'

const item = (
  SKU: string,
  Price: string | null = '1.5',
  Stock: string | null = '3',
  Name: string | null = 'Tea',
): Item => ({ SKU, Name, Price, Stock })

const all = async (source: Source): Promise<readonly SourceItem[]> => {
  const items: SourceItem[] = []
  for await (const batch of source.read()) items.push(...batch)
  return items
}

const prices = (items: readonly SourceItem[]) =>
  items.map((one) => ('row' in one ? one.row.values['price'] : one.rejection.reason))

const edit = (
  sku: string,
  field: string,
  from: RowEdit['fields'][number]['from'],
  to: RowEdit['fields'][number]['to'],
): RowEdit => ({
  key: { sku },
  fields: [{ field, from, to }],
})

/** As many as a source of a large shop has, where somebody asks for that: the promise is the same. */
const ROWS = Number(process.env['SKIFF_CONTRACT_ROWS'] ?? 50_000)

const heap = (): number => {
  setFlagsFromString('--expose_gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

/** What every kind of source promises, whatever it is made of. */
const keepsTheContract = (
  open: () => Promise<Outside>,
  { isDatabase = false, isServer = false, isHeld = false, isReadOnly = false } = {},
) => {
  let outside: Outside
  const openWith = async (items: readonly Item[]): Promise<Source> => {
    outside = await open()
    await outside.replace(items)
    return outside.source()
  }
  afterEach(() => outside.drop())

  it('Q9: gives keys and values, says nothing where a cell is blank, and numbers rows from the first', async () => {
    const source = await openWith([item('00123', '12.90', '4'), item('B', null, null), item('C', '0', '0', null)])
    const items = await all(source)
    expect(items.map((one) => ('row' in one ? { key: one.row.key, values: one.row.values } : one))).toEqual([
      { key: { sku: '00123' }, values: { name: 'Tea', price: '12.9', inventory_level: 4 } },
      { key: { sku: 'B' }, values: { name: 'Tea' } },
      { key: { sku: 'C' }, values: { price: '0', inventory_level: 0 } },
    ])
    const lines = items.map((one) => ('row' in one ? one.row.line : 0))
    expect(lines).toEqual([lines[0], (lines[0] ?? 0) + 1, (lines[0] ?? 0) + 2])
    expect(source.summary()).toMatchObject({ rows: 3, rejected: 0 })
  })

  it('Q7: gives the same rows in the same order with the same hash each time, and another hash after a change', async () => {
    const rows = Array.from({ length: 1200 }, (_, index) => item(`S-${String(index).padStart(5, '0')}`))
    const source = await openWith(rows)
    const first = await all(source)
    const { sha256 } = source.summary()
    expect(await all(source)).toEqual(first)
    expect(source.summary().sha256).toBe(sha256)
    await outside.replace(rows.map((row, index) => (index === 1199 ? { ...row, Price: '1.6' } : row)))
    await all(source)
    expect(source.summary().sha256).not.toBe(sha256)
  })

  it('Q11: rejects rows with a blank key, a key that is there twice or a value that cannot be used, and gives the others', async () => {
    const source = await openWith([
      item('', '1'),
      item('A', '1'),
      item('B', '2'),
      item('a', '3'),
      item('Z', '-1'),
      item('Y', '5'),
    ])
    const items = await all(source)
    const rejected = items.flatMap((one) => ('rejection' in one ? [one.rejection] : []))
    expect(rejected.map(({ reason }) => reason.replace(/lines .*/, 'lines'))).toEqual(
      expect.arrayContaining(['a blank key', 'a key that is there 2 times: lines', 'less than 0']),
    )
    expect(items.flatMap((one) => ('row' in one ? [keyText(one.row.key)] : [])).sort()).toEqual(['B', 'Y'])
    expect(source.summary()).toMatchObject({ rows: 6, rejected: 4 })
  })

  it('refuses to give anything without rows, or without a mapped column', async () => {
    const source = await openWith([])
    await expect(all(source)).rejects.toThrow(SourceRefusedError)
    await outside.replace([item('A')])
    const mapping = compileMapping({ key: { sku: 'SKU' }, fields: { price: rule('Pric') }, targetFields })
    await expect(all(outside.source(mapping))).rejects.toThrow(SourceRefusedError)
    await expect(all(outside.source(mapping))).rejects.toThrow(/Pric/)
  })

  it('Q2: reads one moment while another program writes: never two halves', async () => {
    const rows = isHeld ? 300 : 3000
    const moment = (number: number) =>
      Array.from({ length: rows }, (_, index) => item(`S-${String(index).padStart(5, '0')}`, String(number)))
    const source = await openWith(moment(1))
    let isReading = true
    const writing = (async () => {
      let writes = 1
      while (isReading) {
        writes += 1
        await outside.replace(moment(writes))
        await new Promise((again) => setImmediate(again))
      }
      return writes
    })()
    const seen: number[] = []
    for (let time = 0; time < 4; time += 1) {
      const found = await all(source).catch((error: unknown) => {
        expect(error).toBeInstanceOf(SourceRefusedError)
        expect(isDatabase, String(error)).toBe(false)
        return []
      })
      seen.push(new Set(prices(found)).size)
      if (found.length) expect(found).toHaveLength(rows)
    }
    isReading = false
    expect(await writing).toBeGreaterThan(1)
    expect(Math.max(...seen)).toBeLessThanOrEqual(1)
  })

  it.skipIf(isHeld)('reads rows in memory that does not grow with them', async () => {
    const rows = Array.from({ length: ROWS }, (_, index) =>
      item(`S-${String(index).padStart(7, '0')}`, '1.25', '3', `tea ${index}`),
    )
    const source = await openWith(rows)
    rows.length = 0
    const before = heap()
    let [count, most] = [0, 0]
    for await (const batch of source.read()) {
      if (count % (ROWS / 5) === 0) most = Math.max(most, heap() - before)
      count += batch.length
    }
    expect(count).toBe(ROWS)
    // As objects 50,000 rows take some 20 MB; what comes over a network lies in buffers for a while.
    expect(most).toBeLessThan(8_000_000)
  })

  it('shows a record as it stands there', async () => {
    const source = await openWith([item('A', '1.5'), item('B', '2.5')])
    const items = await all(source)
    const line = 'row' in (items[1] ?? {}) ? (items[1] as { row: { line: number } }).row.line : 0
    expect({ ...(await source.raw([line])).get(line) }).toMatchObject({ SKU: 'B', Name: 'Tea', Stock: '3' })
    expect((await source.raw([99])).size).toBe(0)
  })

  it.skipIf(isReadOnly)('writes values into the cells that are meant and no other', async () => {
    const source = await openWith([item('A'), item('B', null), item('C', '7', '1')])
    const results = await source.write?.(
      [
        {
          key: { sku: 'a' },
          fields: [
            { field: 'price', from: '1.5', to: '2.25' },
            { field: 'name', from: 'Tea', to: "O'Brien; --" },
          ],
        },
        edit('B', 'price', null, '3'),
        edit('C', 'inventory_level', 1, null),
      ],
      null,
    )
    expect(results).toEqual([{ kind: 'written' }, { kind: 'written' }, { kind: 'written' }])
    expect(await outside.items()).toEqual([item('A', '2.25', '3', "O'Brien; --"), item('B', '3'), item('C', '7', null)])
  })

  it.skipIf(isReadOnly)('writes both of two edits of one row', async () => {
    const source = await openWith([item('A'), item('B')])
    const edits = [edit('A', 'price', '1.5', '2'), edit('A', 'inventory_level', 3, 4)]
    expect(await source.write?.(edits, null)).toEqual([{ kind: 'written' }, { kind: 'written' }])
    expect(await outside.items()).toEqual([item('A', '2', '4'), item('B')])
  })

  it.skipIf(isReadOnly)(
    'leaves a row alone that is gone, doubled, or holds another value than the plan knew, and says why',
    async () => {
      const source = await openWith([item('A'), item('B'), item('b'), item('C')])
      const before = await outside.items()
      const results = await source.write?.(
        [
          edit('A', 'price', '9', '2'),
          edit('B', 'price', '1.5', '2'),
          edit('GONE', 'price', '1.5', '2'),
          edit('C', 'price', '1.5', '1.5'),
        ],
        null,
      )
      expect(results).toEqual([
        { kind: 'left', reason: 'price is "1.5" in the source now' },
        { kind: 'left', reason: 'its key is there more than once' },
        { kind: 'left', reason: 'no longer in the source' },
        { kind: 'already' },
      ])
      expect(await outside.items()).toEqual(before)
    },
  )

  it.skipIf(isReadOnly)('finds everything in place when the same is written once more', async () => {
    const rows = Array.from({ length: 250 }, (_, index) => item(`S-${index}`))
    const source = await openWith(rows)
    const edits = rows.map(({ SKU }) => edit(SKU, 'price', '1.5', '2'))
    expect(new Set((await source.write?.(edits, null))?.map(({ kind }) => kind))).toEqual(new Set(['written']))
    expect(new Set((await source.write?.(edits, null))?.map(({ kind }) => kind))).toEqual(new Set(['already']))
    expect(new Set(prices(await all(source)))).toEqual(new Set(['2']))
  })

  it.runIf(isDatabase)('adds rows that are not there, once, and leaves those alone that are', async () => {
    const source = await openWith([item('A'), item('B', null)])
    const addition = (sku: string, price = '2.5'): RowEdit => ({
      ...{ key: { sku }, adds: true },
      fields: [
        { field: 'name', from: null, to: "O'Brien; --" },
        { field: 'price', from: null, to: price },
        { field: 'inventory_level', from: null, to: 7 },
      ],
    })
    const edits = [
      addition('NEW-1'),
      addition('b'),
      addition('NEW-2'),
      addition('new-1'),
      edit('A', 'price', '1.5', '2'),
    ]
    expect(await source.write?.(edits, null)).toEqual([
      { kind: 'written' },
      { kind: 'left', reason: 'name is "Tea" in the source now' },
      { kind: 'written' },
      { kind: 'left', reason: 'changed in the source while it was written' },
      { kind: 'written' },
    ])
    const there = [
      item('A', '2'),
      item('B', null),
      item('NEW-1', '2.5', '7', "O'Brien; --"),
      item('NEW-2', '2.5', '7', "O'Brien; --"),
    ]
    expect(await outside.items()).toEqual(there)
    expect((await source.write?.(edits.slice(0, 1), null))?.[0]).toEqual({ kind: 'already' })
    expect(await outside.items()).toEqual(there)
  })

  it.runIf(isServer)('does not keep a new row that the database rounds, and adds the others of its batch', async () => {
    const source = await openWith([item('A')])
    const addition = (sku: string, price: string): RowEdit => ({ ...edit(sku, 'price', null, price), adds: true })
    expect(await source.write?.([addition('N-1', '2.125'), addition('N-2', '2.25')], null)).toEqual([
      { kind: 'left', reason: expect.stringContaining('column Price makes "2.13" of "2.125"') },
      { kind: 'written' },
    ])
    expect(await outside.items()).toEqual([item('A'), item('N-2', '2.25', null, null)])
  })

  it.runIf(isServer)(
    'leaves the row alone that the database does not take, and writes the others of its batch',
    async () => {
      const rows = Array.from({ length: 30 }, (_, index) => item(`S-${index}`))
      const source = await openWith(rows)
      const results = await source.write?.(
        rows.map(({ SKU }, index) =>
          edit(SKU, 'price', '1.5', index === 11 ? '2.125' : index === 20 ? '9999999999.9' : '2'),
        ),
        null,
      )
      expect(results?.filter(({ kind }) => kind === 'written')).toHaveLength(28)
      expect(results?.[11]).toEqual({
        kind: 'left',
        reason: expect.stringContaining('column Price makes "2.13" of "2.125"'),
      })
      expect(results?.[20]).toEqual({ kind: 'left', reason: expect.stringMatching(/overflow|out of range/i) })
      expect((await outside.items()).filter(({ Price }) => Price === '1.5')).toHaveLength(2)
    },
  )
}

describe('a CSV file', () => keepsTheContract(async () => fileOutside(CSV, localPlace())))

describe('JSON lines', () => keepsTheContract(async () => fileOutside(JSONL, localPlace())))

describe('a JSON document', () =>
  keepsTheContract(async () => fileOutside(JSON_DOCUMENT, localPlace()), { isHeld: true }))

describe('an Excel workbook', () => keepsTheContract(async () => fileOutside(WORKBOOK, localPlace()), { isHeld: true }))

describe('a file behind an address', () => {
  keepsTheContract(async () => fileOutside(CSV, await httpPlace(), false), { isReadOnly: true })

  it('is written to by nobody', async () => {
    const outside = fileOutside(CSV, await httpPlace())
    await outside.replace([item('A')])
    await expect(outside.source().write?.([edit('A', 'price', '1.5', '2')], null)).rejects.toThrow(SourceRefusedError)
    await outside.drop()
  })
})

describe.skipIf(!hasSshd)(`a file on an SFTP server${sshdNote}`, () => {
  let server: Sshd
  beforeAll(async () => {
    server = await startSshd()
  })
  afterAll(() => server?.close())
  keepsTheContract(async () => fileOutside(CSV, sftpPlace(server)))
})

describe('an object in S3', () => {
  let store: S3Store
  beforeAll(async () => {
    store = await startS3()
  })
  afterAll(() => store.close())
  keepsTheContract(async () => fileOutside(CSV, s3Place(store)))
})

describe('a table of SQLite', () => keepsTheContract(sqliteOutside, { isDatabase: true }))

describe('a table of PostgreSQL', () => {
  let server: Server
  beforeAll(async () => {
    server = await postgresServer()
  })
  afterAll(() => server.stop())
  keepsTheContract(() => serverOutside(server), { isDatabase: true, isServer: true })
})

const mariadb = await mariadbServer()

describe.skipIf(!mariadb)('a table of MariaDB', () => {
  keepsTheContract(() => serverOutside(mariadb as Server), { isDatabase: true, isServer: true })
})
