import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import writeXlsxFile, { type SheetData } from 'write-excel-file/node'
import { storedZip } from '../../../../src/sources/formats/stored-zip.ts'
import { xlsxFormat } from '../../../../src/sources/formats/xlsx-format.ts'
import { openZip } from '../../../../src/sources/locations/zip.ts'
import { compileMapping } from '../../../../src/sources/mapping.ts'
import { rule, targetFields } from '../reading.ts'
import { readAs } from './support.ts'

const workbook = (data: SheetData, options: object = {}): Promise<Buffer> => writeXlsxFile(data, options).toBuffer()

const HEADER = [{ value: 'SKU' }, { value: 'Price' }, { value: 'Stock' }]

/** The workbook with some of its XML changed. */
const changed = async (bytes: Buffer, change: (xml: string, path: string) => string): Promise<Buffer> => {
  const zip = await openZip(bytes, { most: 1e9, ratio: 1e9, free: 1e9 }, 'test')
  const files = new Map<string, Buffer>()
  for (const { name, bytes: read } of zip.entries) {
    const chunks: Uint8Array[] = []
    for await (const chunk of read()) chunks.push(chunk)
    files.set(name, Buffer.from(change(Buffer.concat(chunks).toString('utf8'), name)))
  }
  zip.close()
  return storedZip(files)
}

const sheetXml = (change: (xml: string) => string) => (xml: string, path: string) =>
  path.startsWith('xl/worksheets/') ? change(xml) : xml

const texts = compileMapping({
  key: { sku: 'SKU' },
  fields: { name: rule('Price'), released: rule('Stock') },
  targetFields,
})

describe('an Excel workbook', () => {
  it('D22: keeps a text of digits as it is, and tells numbers as the decimals that Excel shows', async () => {
    const bytes = await workbook([
      HEADER,
      [{ value: '00123' }, { value: 12.5 }, { value: 3 }],
      [{ value: 123 }, { value: 11.99 * 1.2 }, { value: 4 }],
      [{ value: 'A3' }, { value: '9.90' }, { value: 1e15 }],
    ])
    expect(await readAs(xlsxFormat({}), bytes)).toEqual([
      { sku: '00123', price: '12.5', inventory_level: 3 },
      { sku: '123', price: '14.388', inventory_level: 4 },
      'Stock: a number too large',
    ])
  })

  it('D33: gives a day as a day, and a moment without the zone that no workbook has', async () => {
    const day = { type: Date, format: 'yyyy-mm-dd' }
    const bytes = await workbook([
      HEADER,
      [
        { value: 'A1' },
        { value: new Date('2026-01-31T00:00:00Z'), ...day },
        { value: new Date('2026-01-31T00:00:00Z'), ...day },
      ],
      [{ value: 'A2' }, { value: new Date('2026-01-31T14:30:05Z'), ...day }, null],
    ])
    expect(await readAs(xlsxFormat({}), bytes, { mapping: texts })).toEqual([
      { sku: 'A1', name: '2026-01-31', released: '2026-01-31T00:00:00Z' },
      { sku: 'A2', name: '2026-01-31T14:30:05' },
    ])
    const of1904 = await changed(bytes, (xml, path) =>
      path === 'xl/workbook.xml'
        ? xml.replace(/<workbookPr[^>]*>/, '').replace(/(<workbook[^>]*>)/, '$1<workbookPr date1904="1"/>')
        : xml,
    )
    expect(await readAs(xlsxFormat({}), of1904, { mapping: texts })).toMatchObject([{ name: '2030-02-01' }, {}])
  })

  it('D33: rejects a row with the error of a formula, or with a formula that was never calculated', async () => {
    const bytes = await changed(
      await workbook([HEADER, ...[1, 2, 3, 4].map((n) => [{ value: `A${n}` }, { value: n }, { value: n }])]),
      sheetXml((xml) =>
        xml
          .replace(/<c r="B2"[^>]*>.*?<\/c>/, '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
          .replace(/<c r="B3"[^>]*>.*?<\/c>/, '<c r="B3"><f>C3*2</f></c>')
          .replace(/<c r="A4"[^>]*>.*?<\/c>/, '<c r="A4" t="e"><v>#N/A</v></c>')
          .replace(/<c r="B5"[^>]*>.*?<\/c>/, '<c r="B5"><f>C5*2</f><v>8</v></c>'),
      ),
    )
    expect(await readAs(xlsxFormat({}), bytes)).toEqual([
      'Price: not a number',
      'Price: not a number',
      'SKU: an error of a spreadsheet formula',
      { sku: 'A4', price: '8', inventory_level: 4 },
    ])
  })

  it('reads the sheet that is named, and refuses to choose among several', async () => {
    const bytes = await writeXlsxFile([
      { data: [[{ value: 'x' }]], sheet: 'Notes & more' },
      { data: [HEADER, [{ value: 'A1' }, { value: 1 }, { value: 2 }]], sheet: 'Preise' },
    ]).toBuffer()
    expect(await readAs(xlsxFormat({ sheet: 'Preise' }), bytes)).toEqual([
      { sku: 'A1', price: '1', inventory_level: 2 },
    ])
    expect(await readAs(xlsxFormat({}), bytes)).toBe(
      'refused: feed.csv has 2 sheets (set "sheet" to one of "Notes & more", "Preise")',
    )
    expect(await readAs(xlsxFormat({ sheet: 'preise' }), bytes)).toContain('did you mean "Preise"?')
  })

  it('D33: refuses merged cells and a title above the names of the columns', async () => {
    const row = [{ value: 'A1' }, { value: 1 }, { value: 2 }]
    const merged = await workbook([[{ value: 'Prices', columnSpan: 3 }, null, null], HEADER, row])
    expect(await readAs(xlsxFormat({}), merged)).toContain('has merged cells: A1:C1')
    const titled = await workbook([[{ value: 'Prices 2026' }], [], HEADER, row])
    expect(await readAs(xlsxFormat({}), titled)).toContain(
      'holds only "Prices 2026" (the first row must name the columns',
    )
  })

  it('names rows by the numbers that Excel shows, and passes over empty ones', async () => {
    const bytes = await workbook([
      HEADER,
      [],
      [{ value: 'A1' }, { value: 'x' }, { value: 2 }],
      [{ value: 'A2' }, { value: 1 }],
    ])
    expect(await readAs(xlsxFormat({}), bytes)).toEqual(['Price: not a number', { sku: 'A2', price: '1' }])
  })

  it.each<[string, () => Promise<Buffer> | Buffer, string]>([
    ['a CSV file', () => Buffer.from('SKU,Price,Stock\n'), 'is no Excel workbook'],
    ['a zip of something else', () => storedZip(new Map([['a.xml', Buffer.from('<a/>')]])), 'is no Excel workbook'],
    ['a cut workbook', async () => (await workbook([HEADER])).subarray(0, -30), 'is no sound zip'],
    ['an empty sheet', () => workbook([[]]), 'is empty'],
    [
      'entities that multiply',
      async () =>
        changed(
          await workbook([HEADER]),
          sheetXml((xml) => xml.replace(/^/, '<!DOCTYPE x [<!ENTITY a "aa">]>')),
        ),
      'declares XML entities',
    ],
  ])('D33: refuses %s', async (_what, bytes, message) => {
    expect(await readAs(xlsxFormat({}), await bytes())).toContain(message)
  })

  it('S22: refuses a workbook that unpacks to more than it may, before it is unpacked', async () => {
    const packed = deflateRawSync(Buffer.alloc(50 * 1024 * 1024))
    const bomb = bombOf(packed, 50 * 1024 * 1024)
    expect(await readAs(xlsxFormat({}), bomb)).toContain('unpacks to more than 100 times its size')
    expect(await readAs(xlsxFormat({}), bombOf(packed, 300 * 1024 * 1024))).toContain('unpacks to more than 200 MB')
    // Its list tells less than comes out.
    expect(await readAs(xlsxFormat({}), bombOf(packed, 1000))).toContain('is no sound zip: too many bytes')
  })

  it('S22: reads nothing that the list of the zip does not name', async () => {
    const bytes = await workbook([HEADER, [{ value: 'A1' }, { value: 1 }, { value: 2 }]])
    const hidden = storedZip(new Map([['xl/sharedStrings.xml', Buffer.from('<sst><si><t>Evil</t></si></sst>')]]))
    const end = hidden.indexOf('PK\x01\x02', 0, 'latin1')
    expect(await readAs(xlsxFormat({}), withStart(hidden.subarray(0, end), bytes))).toEqual([
      { sku: 'A1', price: '1', inventory_level: 2 },
    ])
  })
})

/** A zip of one deflated part that says it is so large. */
const bombOf = (packed: Buffer, size: number): Buffer => {
  const zip = storedZip(new Map([['xl/workbook.xml', packed]]))
  const central = zip.indexOf('PK\x01\x02', 0, 'latin1')
  for (const [at, method] of [
    [0, 8],
    [central, 10],
  ] as const) {
    zip.writeUInt16LE(8, at + method)
    zip.writeUInt32LE(size, at + method + 14)
  }
  return zip
}

/** Bytes before a zip, with the places of its files moved. */
const withStart = (start: Buffer, zip: Buffer): Buffer => {
  const moved = Buffer.from(zip)
  const end = moved.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  let at = moved.readUInt32LE(end + 16)
  moved.writeUInt32LE(at + start.length, end + 16)
  for (; at < end; at += 46 + moved.readUInt16LE(at + 28) + moved.readUInt16LE(at + 30) + moved.readUInt16LE(at + 32)) {
    moved.writeUInt32LE(moved.readUInt32LE(at + 42) + start.length, at + 42)
  }
  return Buffer.concat([start, moved])
}
