import { SourceRefusedError } from '../../model/index.ts'
import type { CellEdits } from '../format.ts'
import { deflatedZip } from './stored-zip.ts'
import { partsOf, sheetOf } from './workbook.ts'

/**
 * A workbook with other values in some cells of a sheet, and every other part of it as it was: styles, formulas, charts, macros. Each
 * cell is replaced where it stands in the sheet's XML and keeps its style; a number stays a number. What formulas make of the new
 * values is calculated when Excel opens the file.
 * @throws {SourceRefusedError} where something would be lost: a formula in a cell that is to be written, a date, a signature.
 */
export const editWorkbook = async (
  bytes: Buffer,
  wanted: string | undefined,
  edits: CellEdits,
  origin: string,
): Promise<Buffer> => {
  const parts = await partsOf(bytes, origin, () => true)
  const { name, path } = sheetOf(parts, wanted, origin)
  const refuse = (what: string, hint: string, at = ''): never => {
    const where = `${origin}, sheet ${name}${at && `, ${at}`}`
    throw new SourceRefusedError(`sheet "${name}" of ${origin} cannot be written back: ${what}`, { where, hint })
  }
  if ([...parts.keys()].some((part) => part.startsWith('_xmlsignatures/')))
    refuse('the workbook is signed, and would not be any more', 'take the signature away, or leave "write" out')
  const xml = textOf(parts.get(path))
  if (xml === undefined || ODD.test(xml))
    return refuse('its XML is written in a manner that only its reader knows', 'open it in Excel and save it again')
  if (SPREAD.test(xml)) refuse('it has formulas over several cells', 'move them to another sheet')
  parts.set(path, Buffer.from(editSheet(xml, edits, refuse), 'utf8'))
  if ([...parts].some(([part, body]) => part.startsWith('xl/worksheets/') && body.includes('<f'))) {
    const book = textOf(parts.get(BOOK))
    if (book === undefined || !CALCULATION.test(book))
      return refuse('nothing says how its formulas are calculated', 'open it in Excel and save it again')
    const anew = book.replace(
      CALCULATION,
      (_tag, facts: string) => `<calcPr${facts.replace(ON_LOAD, '')} fullCalcOnLoad="1"`,
    )
    parts.set(BOOK, Buffer.from(anew, 'utf8'))
  }
  return deflatedZip(parts)
}

type Refuse = (what: string, hint: string, at?: string) => never

const BOOK = 'xl/workbook.xml'
const CALCULATION = /<calcPr\b([^<>/]*)/
const ON_LOAD = /\sfullCalcOnLoad="[^"]*"/

/** Prefixes of names, comments, text that is not escaped. */
const ODD = /<\w+:sheetData\b|<!--|<!\[CDATA\[/
const SPREAD =
  /<f\b[^<>]*\st="(?:array|dataTable)"[^<>]*\sref="[^"]*:|<f\b[^<>]*\sref="[^"]*:[^"]*"[^<>]*\st="(?:array|dataTable)"/

/** Undefined for bytes that are no UTF-8. */
const textOf = (bytes: Buffer | undefined): string | undefined => {
  const text = bytes?.toString('utf8')
  return text !== undefined && Buffer.from(text, 'utf8').equals(bytes ?? Buffer.alloc(0)) ? text : undefined
}

const editSheet = (xml: string, edits: CellEdits, refuse: Refuse): string => {
  const numeric = numericColumns(xml)
  const left = new Set(edits.keys())
  const edited = xml.replace(ROW, (row: string, facts: string, _end: string, inner = '') => {
    const number = Number(attribute(facts, 'r'))
    const cells = edits.get(number)
    if (!cells) return row
    left.delete(number)
    const body = [...cells].reduce(
      (before, [column, text]) => withCell(before, `${letters(column)}${number}`, text, numeric.has(column), refuse),
      inner as string,
    )
    return `<row${facts.replace(/\sspans="[^"]*"/, '')}>${body}</row>`
  })
  if (left.size)
    refuse('its rows do not say where they stand', 'open it in Excel and save it again', `row ${[...left][0]}`)
  return edited
}

const ROW = /<row\b([^<>]*?)(\/>|>([\s\S]*?)<\/row>)/g
const CELL = /<c\b([^<>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g

const withCell = (row: string, place: string, text: string, isNumeric: boolean, refuse: Refuse): string => {
  let after = row.length
  for (const found of row.matchAll(CELL)) {
    const [cell, facts = '', inner = ''] = found
    const ref = attribute(facts, 'r')
    if (ref === undefined) refuse('its cells do not say where they stand', 'open it in Excel and save it again', place)
    if (ref === place) {
      if (/<f\b/.test(inner)) refuse('a formula is in a cell that is to be written', 'map another column', place)
      const at = found.index
      return `${row.slice(0, at)}${cellOf(place, facts, inner, text, isNumeric, refuse)}${row.slice(at + cell.length)}`
    }
    if (columnOf(ref ?? '') > columnOf(place)) {
      after = Math.min(after, found.index)
    }
  }
  return `${row.slice(0, after)}${cellOf(place, '', '', text, isNumeric, refuse)}${row.slice(after)}`
}

const cellOf = (
  place: string,
  facts: string,
  inner: string,
  text: string,
  isNumeric: boolean,
  refuse: Refuse,
): string => {
  const style = attribute(facts, 's')
  const start = `<c r="${place}"${style === undefined ? '' : ` s="${style}"`}`
  const type = attribute(facts, 't') ?? 'n'
  const isFilled = inner.includes('<v')
  if (text === '') return `${start}/>`
  if (type === 'b' && isFilled && /^(true|false)$/i.test(text))
    return `${start} t="b"><v>${text.toLowerCase() === 'true' ? 1 : 0}</v></c>`
  const isNumber = isFilled ? type === 'n' : isNumeric
  if (isNumber && plainNumber(text) !== undefined) return `${start}><v>${plainNumber(text)}</v></c>`
  if (isNumber && DAY.test(text))
    refuse('a date of Excel is in a cell that is to be written', 'write the column as text', place)
  return `${start} t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`
}

/** As Excel holds it; undefined for what it does not hold exactly, and for text of digits such as 00123. */
export const plainNumber = (text: string): string | undefined => {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return undefined
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return String(Number(short)) === short && short.replace(/\D/g, '').length <= 15 ? short : undefined
}

const DAY = /^\d{4}-\d\d-\d\d/

/** Columns whose cells are numbers, but for their first row. */
const numericColumns = (xml: string): ReadonlySet<number> => {
  const counts = new Map<number, number>()
  for (const [, facts = '', inner = ''] of xml.matchAll(CELL)) {
    if (!inner.includes('<v') && !inner.includes('<is')) continue
    const column = columnOf(attribute(facts, 'r') ?? '')
    counts.set(column, (counts.get(column) ?? 0) + ((attribute(facts, 't') ?? 'n') === 'n' ? 1 : -1))
  }
  // The name of the column is a text, which takes one off.
  return new Set([...counts].flatMap(([column, more]) => (more >= 0 ? [column] : [])))
}

const attribute = (facts: string, name: string): string | undefined =>
  new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)')`)
    .exec(facts)
    ?.slice(1)
    .find((one) => one !== undefined)

/** From 0. */
const columnOf = (ref: string): number =>
  [...ref.replace(/\d+$/, '')].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1

const letters = (column: number): string => {
  const rest = Math.floor(column / 26)
  return `${rest ? letters(rest - 1) : ''}${String.fromCharCode(65 + (column % 26))}`
}

/** What stands for a character by its number in Excel, also where somebody wrote just that, is written so that it stays text. */
const escaped = (text: string): string =>
  text
    .replace(/_(?=x[\da-f]{4}_)/gi, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '_x000D_')
