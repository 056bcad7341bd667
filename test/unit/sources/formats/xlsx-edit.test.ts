import { describe, expect, it } from 'vitest'
import writeXlsxFile, { type SheetData } from 'write-excel-file/node'
import type { RowEdit } from '../../../../src/model/index.ts'
import { fileSource } from '../../../../src/sources/file-source.ts'
import { deflatedZip } from '../../../../src/sources/formats/stored-zip.ts'
import { xlsxFormat } from '../../../../src/sources/formats/xlsx-format.ts'
import type { Location } from '../../../../src/sources/location.ts'
import { openZip } from '../../../../src/sources/locations/zip.ts'
import { compileMapping } from '../../../../src/sources/mapping.ts'
import { feed, memory, rule, targetFields } from '../reading.ts'
import { readAs } from './support.ts'

const partsOf = async (bytes: Buffer): Promise<Map<string, Buffer>> => {
  const zip = await openZip(bytes, { most: 1e9, ratio: 1e9, free: 1e9 }, 'test')
  const files = new Map<string, Buffer>()
  for (const { name, bytes: read } of zip.entries) {
    const chunks: Uint8Array[] = []
    for await (const chunk of read()) chunks.push(chunk)
    files.set(name, Buffer.concat(chunks))
  }
  zip.close()
  return files
}

const HEADER = [{ value: 'SKU' }, { value: 'Note' }, { value: 'Price' }, { value: 'Stock' }]
const SHEET = 'xl/worksheets/sheet1.xml'

/** A workbook with styled cells, and its parts changed. */
const workbook = async (
  change: (xml: string) => string = String,
  more: Record<string, string> = {},
): Promise<Buffer> => {
  const data: SheetData = [
    HEADER,
    [{ value: 'A1', fontWeight: 'bold' }, { value: 'a & b' }, { value: 12.5, format: '0.00' }, { value: 3 }],
    [{ value: '00123' }, null, { value: 7 }, null],
  ]
  const parts = await partsOf(await writeXlsxFile(data, {}).toBuffer())
  parts.set(SHEET, Buffer.from(change(parts.get(SHEET)?.toString('utf8') ?? '')))
  parts.set('xl/media/image1.png', Buffer.from([0x89, 0x50, 0, 255]))
  for (const [path, text] of Object.entries(more)) parts.set(path, Buffer.from(text))
  return deflatedZip(parts)
}

const written = async (
  bytes: Buffer,
  edits: readonly RowEdit[],
  mapping = feed,
): Promise<{ readonly results: unknown; readonly after: Buffer }> => {
  let after = bytes
  const location: Location = {
    origin: 'prices.xlsx',
    open: () => memory(after).open(),
    replace: async (_before, next) => {
      after = Buffer.from(next)
    },
  }
  const source = fileSource({ name: 'feed', location, format: xlsxFormat({}), mapping, writable: true })
  const results = await source.write?.(edits, null).catch((error: Error) => error.message)
  return { results, after }
}

const price = (sku: string, from: string | null, to: string | null): RowEdit => ({
  key: { sku },
  fields: [{ field: 'price', from, to }],
})

const cell = (xml: string | undefined, place: string) =>
  new RegExp(`<c r="${place}"[^>]*?(?:/>|>.*?</c>)`).exec(xml ?? '')?.[0]

describe('an Excel workbook that is written back', () => {
  it('holds the new values as numbers, in cells of the same style, and reads as was meant', async () => {
    const before = await workbook()
    const both = [...price('00123', '7', '7.25').fields, { field: 'inventory_level', from: null, to: 9 }]
    const { results, after } = await written(before, [
      price('A1', '12.5', '13'),
      { key: { sku: '00123' }, fields: both },
    ])
    expect(results).toEqual([{ kind: 'written' }, { kind: 'written' }])
    expect(await readAs(xlsxFormat({}), after)).toEqual([
      { sku: 'A1', price: '13', inventory_level: 3 },
      { sku: '00123', price: '7.25', inventory_level: 9 },
    ])
    const [old, now] = [await partsOf(before), await partsOf(after)].map((parts) => parts.get(SHEET)?.toString('utf8'))
    expect(cell(now, 'C2')).toBe(cell(old, 'C2')?.replace('12.5', '13'))
    expect(cell(now, 'C2')).toMatch(/ s="\d+"/)
    expect(cell(now, 'D3')).toBe('<c r="D3"><v>9</v></c>')
    for (const place of ['A1', 'A2', 'B2', 'D2', 'A3']) expect(cell(now, place)).toBe(cell(old, place))
  })

  it('keeps every other part of the workbook byte for byte', async () => {
    const before = await workbook(String, {
      'xl/vbaProject.bin': '\u0000\u0001macro',
      'xl/charts/chart1.xml': '<c:chart/>',
    })
    const { after } = await written(before, [price('A1', '12.5', '14')])
    const [old, now] = [await partsOf(before), await partsOf(after)]
    expect([...now.keys()]).toEqual([...old.keys()])
    for (const [path, bytes] of old) if (path !== SHEET) expect(now.get(path)?.equals(bytes), path).toBe(true)
  })

  it('clears a cell and keeps its style', async () => {
    const { results, after } = await written(await workbook(), [price('A1', '12.5', null)])
    expect(results).toEqual([{ kind: 'written' }])
    expect(cell((await partsOf(after)).get(SHEET)?.toString('utf8'), 'C2')).toMatch(/^<c r="C2" s="\d+"\/>$/)
  })

  it('writes text as text, whatever it looks like', async () => {
    const noted = compileMapping({ key: { sku: 'SKU' }, fields: { name: rule('Note') }, targetFields })
    for (const to of ['<b>&"\'', '_x0041_ is no A', '00123', '=1+1', 'ä€😀', 'two\nlines']) {
      const edit: RowEdit = { key: { sku: 'A1' }, fields: [{ field: 'name', from: 'a & b', to }] }
      const { results, after } = await written(await workbook(), [edit], noted)
      expect(results, to).toEqual([{ kind: 'written' }])
      expect(await readAs(xlsxFormat({}), after, { mapping: noted }), to).toContainEqual({ sku: 'A1', name: to })
    }
  })

  it('does not make a text of a date of Excel', async () => {
    const dated = compileMapping({ key: { sku: 'SKU' }, fields: { name: rule('Price') }, targetFields })
    const edit: RowEdit = { key: { sku: 'A1' }, fields: [{ field: 'name', from: '12.5', to: '2026-03-01' }] }
    expect((await written(await workbook(), [edit], dated)).results).toContain('a date of Excel is in a cell')
  })

  it('lets Excel calculate anew what formulas elsewhere make of the values', async () => {
    const formula = (xml: string) => xml.replace(/<c r="D2".*?<\/c>/, '<c r="D2"><f>C2*2</f><v>25</v></c>')
    const book = async (bytes: Buffer) => (await partsOf(bytes)).get('xl/workbook.xml')?.toString('utf8')
    const { results, after } = await written(await workbook(formula), [price('A1', '12.5', '14')])
    expect(results).toEqual([{ kind: 'written' }])
    expect(await book(after)).toContain('<calcPr fullCalcOnLoad="1"/>')
    expect(cell((await partsOf(after)).get(SHEET)?.toString('utf8'), 'D2')).toBe('<c r="D2"><f>C2*2</f><v>25</v></c>')
  })

  it.each([
    [
      'a formula',
      (xml: string) => xml.replace(/<c r="C2".*?<\/c>/, '<c r="C2"><f>6+6.5</f><v>12.5</v></c>'),
      {},
      'a formula is in a cell',
    ],
    [
      'a formula over several cells',
      (xml: string) => xml.replace(/<c r="D2".*?<\/c>/, '<c r="D2"><f t="array" ref="D2:D3">1</f><v>3</v></c>'),
      {},
      'formulas over several cells',
    ],
    [
      'a comment in its XML',
      (xml: string) => xml.replace('<sheetData>', '<!-- <row r="2"/> --><sheetData>'),
      {},
      'its XML is written',
    ],
    [
      'rows without their places',
      (xml: string) => xml.replaceAll(/<row r="\d+"/g, '<row'),
      {},
      'rows do not say where they stand',
    ],
    ['a signature', String, { '_xmlsignatures/sig1.xml': '<Signature/>' }, 'the workbook is signed'],
  ] as const)('is left alone where something would be lost: %s', async (_what, change, more, message) => {
    const before = await workbook(change, more)
    const { results, after } = await written(before, [price('A1', '12.5', '14')])
    expect(results).toContain(message)
    expect(after.equals(before)).toBe(true)
  })
})
