import { createHash } from 'node:crypto'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Source, SourceItem } from '../../../src/model/index.ts'
import type { CsvOptions } from '../../../src/sources/index.ts'
import { localFile } from '../../../src/sources/local-file.ts'
import { openCsvSource } from '../../support/csv-source.ts'
import { feed } from './reading.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skiff-test-'))
  mkdirSync(join(folder, 'feeds'))
  mkdirSync(join(folder, 'scratch'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const path = 'feeds/erp.csv'
const file = () => join(folder, path)
const open = (options: CsvOptions = {}): Source =>
  openCsvSource({ name: 'erp', path, folder, options, mapping: feed, scratch: join(folder, 'scratch') })
const all = async (source: Source): Promise<SourceItem[]> => {
  const items: SourceItem[] = []
  for await (const batch of source.read()) items.push(...batch)
  return items
}

describe('a CSV file as a source', () => {
  it('gives keys, values and rejections, then a summary of what was read', async () => {
    const body = 'SKU,Price,Stock\n00123,12.90,4\nB,"12,9O",5\nC,,\n'
    writeFileSync(file(), body)
    utimesSync(file(), 0, Date.UTC(2026, 2, 1) / 1000)
    const source = open()
    expect(await all(source)).toEqual([
      { row: { line: 2, key: { sku: '00123' }, values: { price: '12.9', inventory_level: 4 } } },
      { rejection: { row: 3, column: 'Price', value: '12,9O', reason: 'not a number', key: { sku: 'B' } } },
      { row: { line: 4, key: { sku: 'C' }, values: {} } },
    ])
    expect(source.summary()).toEqual({
      rows: 3,
      rejected: 1,
      sha256: createHash('sha256').update(body).digest('hex'),
      modified: '2026-03-01T00:00:00Z',
      origin: path,
    })
  })

  it('D12: counts a duplicate among the rejected', async () => {
    writeFileSync(file(), 'SKU,Price,Stock\nA,1,1\nB,1,1\na,1,1\n')
    const source = open()
    expect(await all(source)).toHaveLength(3)
    expect(source.summary()).toMatchObject({ rows: 3, rejected: 2 })
  })

  it('D10: hands out nothing of a file that is refused at its very end', async () => {
    writeFileSync(file(), `SKU,Price,Stock\n${'A,1,1\n'.repeat(5000)}"B`)
    const seen: unknown[] = []
    await expect(async () => {
      for await (const batch of open().read()) seen.push(batch)
    }).rejects.toMatchObject({ code: 'source_refused' })
    expect(seen).toEqual([])
  })

  it('can be read again after the file changed', async () => {
    writeFileSync(file(), 'SKU,Price,Stock\nA,1,1\n')
    const source = open()
    await all(source)
    writeFileSync(file(), 'SKU,Price,Stock\nA,1,1\nB,2,2\n')
    expect(await all(source)).toHaveLength(2)
    expect(source.summary().rows).toBe(2)
  })

  it('has no summary before it was read to its end', async () => {
    writeFileSync(file(), 'SKU,Price,Stock\nA,1,1\n')
    const source = open()
    for await (const _ of source.read()) break
    expect(() => source.summary()).toThrow('erp')
  })

  it('leaves nothing behind, however a reading ends', async () => {
    writeFileSync(file(), 'SKU,Price,Stock\nA,1,1\n')
    await all(open())
    for await (const _ of open().read()) break
    writeFileSync(file(), 'nothing')
    await expect(all(open())).rejects.toThrow()
    expect(readdirSync(join(folder, 'scratch'))).toEqual([])
  })

  it.each([
    ['does not exist', () => undefined],
    ['is not a file', () => mkdirSync(file())],
  ])('is refused when it %s', async (reason, prepare) => {
    prepare()
    await expect(all(open())).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining(`${path} ${reason}`),
      hint: expect.stringContaining('path'),
    })
  })
})

describe('the lines of a file', () => {
  const body = 'SKU,Price,Stock,Note\r\nA,1,1,"two\r\nlines"\r\n\r\nB,x,1,"and\n\nthree"\r\nC,1,1,\r\n'

  it('are counted through line endings inside cells', async () => {
    writeFileSync(file(), body)
    const items = await all(open())
    expect(items.map((item) => ('row' in item ? item.row.line : item.rejection.row))).toEqual([2, 5, 8])
  })

  it('lead back to the record as it stands', async () => {
    writeFileSync(file(), body)
    expect((await open().raw([5])).get(5)).toEqual({ SKU: 'B', Price: 'x', Stock: '1', Note: 'and\n\nthree' })
    expect((await open().raw([3, 99])).size).toBe(0)
  })

  it('D31, S21: lead back to cells of any column name, and to those beyond the last', async () => {
    writeFileSync(file(), 'SKU,Price,Stock,__proto__,\nA,1,1,x,y,z\n')
    const raw = (await open().raw([2])).get(2)
    expect(Object.entries(raw ?? {})).toEqual([
      ['5', 'y'],
      ['6', 'z'],
      ['SKU', 'A'],
      ['Price', '1'],
      ['Stock', '1'],
      ['__proto__', 'x'],
    ])
  })
})

describe('D11: a local file that changes while it is read', () => {
  const reading = async (change: () => void) => {
    writeFileSync(file(), 'x'.repeat(1000))
    const one = await localFile(path, folder).open()
    try {
      for await (const _ of one.bytes) change()
      return await one.finish()
    } finally {
      await one.close()
    }
  }

  it.each([
    ['grows', () => appendFileSync(file(), 'y')],
    ['is touched', () => utimesSync(file(), 1, 1)],
    ['is removed', () => rmSync(file(), { force: true })],
    [
      'is replaced',
      () => {
        writeFileSync(`${file()}.new`, 'x'.repeat(1000))
        renameSync(`${file()}.new`, file())
      },
    ],
  ])('is refused when it %s', async (_what, change) => {
    let once = change
    await expect(
      reading(() => {
        once()
        once = () => undefined
      }),
    ).rejects.toMatchObject({ code: 'source_refused', message: `${path} changed while it was read` })
  })

  it('is taken when it does not', async () => {
    await expect(reading(() => undefined)).resolves.toMatch(/^\d{4}-.*Z$/)
  })
})

/** Bytes that are in use, garbage apart. */
const heap = (): number => {
  setFlagsFromString('--expose_gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

describe('D29, P5: a file of 100,000 rows', () => {
  it('is read in memory that does not grow with it', async () => {
    const rows = Array.from(
      { length: 100_000 },
      (_, index) => `SKU-${index},${index % 500}.25,${index % 9},${'x'.repeat(100)}`,
    )
    writeFileSync(file(), `SKU,Price,Stock,Note\n${rows.join('\n')}\n`)
    rows.length = 0
    const source = open()
    const before = heap()
    let count = 0
    let most = 0
    for await (const batch of source.read()) {
      if (count % 10_000 === 0) most = Math.max(most, heap() - before)
      count += batch.length
    }
    expect(count).toBe(100_000)
    // The rows take some 40 MB as objects.
    expect(most).toBeLessThan(10_000_000)
  })
})
