import { describe, expect, it } from 'vitest'
import { fileSource } from '../../../../src/sources/file-source.ts'
import { type AutoCsvOptions, autoCsvFormat } from '../../../../src/sources/formats/auto-csv-format.ts'
import { compileMapping } from '../../../../src/sources/mapping.ts'
import { feed, memory, rule, targetFields } from '../reading.ts'
import { readAs, writableMemory } from './support.ts'

const AUTO: AutoCsvOptions = { delimiter: 'auto', encoding: 'auto' }

const found = async (bytes: Uint8Array, options: AutoCsvOptions = AUTO): Promise<string> => {
  const source = fileSource({ name: 'erp', location: memory(bytes, 5), format: autoCsvFormat(options), mapping: feed })
  let rows = 0
  for await (const batch of source.read()) rows += batch.length
  return `${rows} rows of ${source.summary().origin}`
}

const refused = (bytes: Uint8Array | string) => readAs(autoCsvFormat(AUTO), bytes)

const TEXT = 'SKU;Name;Price;Stock\nA1;Café;1,50;3\nA2;"a, b; c";2,50;4\n'

describe('a dialect that is found out', () => {
  it.each<[string, Uint8Array]>([
    ['semicolon, utf-8', Buffer.from(TEXT)],
    ['semicolon, windows-1252', Buffer.from(TEXT, 'latin1')],
    ['semicolon, utf-16le', Buffer.from(TEXT, 'utf16le')],
    ['semicolon, utf-16be', Buffer.from(TEXT, 'utf16le').swap16()],
    ['semicolon, utf-16le', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['semicolon, utf-8', Buffer.from(`\ufeff${TEXT}`)],
    ['tab, utf-8', Buffer.from(TEXT.replaceAll(';', '\t'))],
    ['pipe, utf-8', Buffer.from(TEXT.replaceAll(';', '|'))],
    ['comma, utf-8', Buffer.from(TEXT.replaceAll(',', '.').replaceAll(';', ','))],
  ])('is told: %s', async (dialect, bytes) => {
    expect(await found(bytes)).toBe(`2 rows of feed.csv (${dialect})`)
  })

  it('finds out only what is asked for', async () => {
    expect(await found(Buffer.from(TEXT), { delimiter: ';', encoding: 'auto' })).toContain('(semicolon, utf-8)')
    expect(await found(Buffer.from(TEXT, 'latin1'), { delimiter: 'auto', encoding: 'windows-1252' })).toContain(
      'semicolon',
    )
  })

  it('leaves ragged rows to be rejected as such', async () => {
    const rows = Array.from({ length: 30 }, (_, index) => `A${index};1;2\n`).join('')
    expect(await readAs(autoCsvFormat(AUTO), `SKU;Price;Stock\n${rows}B;1\n`)).toContain(
      ': a row of 2 cells where 3 are expected',
    )
  })

  it('D5: is refused with the candidates when the lines fit several delimiters, or none', async () => {
    expect(await refused('SKU,x;Price\nA1,1;2\nA2,1;2\n')).toBe(
      'refused: the delimiter of feed.csv cannot be told: its lines fall into equally many cells at each of them (set "delimiter" to what its program writes: ",", ";")',
    )
    expect(await refused('SKU\nA1\n')).toContain(
      'at none of them (set "delimiter" to what its program writes: ",", ";", "\\t", "|")',
    )
  })

  it('D2: is refused with the candidates when the bytes speak for several encodings, or none', async () => {
    const mixed = Buffer.concat([Buffer.from('SKU;Name\nA1;Café\n'), Buffer.from('A2;Café\n', 'latin1')])
    expect(await refused(mixed)).toContain(
      'some in the other (set "encoding" to what its program writes: "utf-8", "windows-1252")',
    )
    expect(await refused(Buffer.from([0x53, 0x3b, 0x81, 0x0a]))).toContain('bytes that Windows-1252 does not have')
    expect(await refused(Buffer.from('SKU;Price\nA\0;1\n'))).toContain('zero bytes here and there')
  })

  it('is refused where the rest of the file does not keep to it', async () => {
    const long = `SKU;Price;Stock\n${'A1;1;2\n'.repeat(200_000)}`
    const bytes = Buffer.concat([Buffer.from(long), Buffer.from('Ä;1;2\n', 'latin1')])
    const location = memory(bytes)
    expect(await readAs(autoCsvFormat(AUTO), '', { location })).toContain('is not UTF-8 text at byte')
  }, 20_000)

  it('is empty when the file is', async () => {
    expect(await refused('')).toContain('feed.csv is empty')
  })

  it('is kept when values are written back', async () => {
    const location = writableMemory('SKU;Name\nA1;"x;y"\n')
    const mapping = compileMapping({ key: { sku: 'SKU' }, fields: { name: rule('Name') }, targetFields })
    const source = fileSource({ name: 'erp', location, format: autoCsvFormat(AUTO), mapping, writable: true })
    await source.write?.([{ key: { sku: 'A1' }, fields: [{ field: 'name', from: 'x;y', to: 'z;é' }] }], null)
    expect(location.text()).toBe('SKU;Name\nA1;"z;é"\n')
  })
})
