import { SourceRefusedError } from '../../model/index.ts'
import { type Inflation, MEGABYTE } from '../locations/inflation.ts'
import { openZip } from '../locations/zip.ts'
import { nearest } from '../nearest.ts'
import { storedZip } from './stored-zip.ts'

/** A workbook whose parts were unpacked within limits; `bytes` holds one sheet of it, and nothing that was not looked at. */
export interface Workbook {
  readonly sheet: string
  readonly bytes: Buffer
}

/**
 * One sheet of an Excel workbook, made fit for a reader that takes what it cannot read for a blank: errors of formulas become
 * texts, and so do formulas that were never calculated.
 * @throws {SourceRefusedError} when it is no sound workbook, unpacks to too much, has no such sheet, or a sheet with merged cells.
 */
export const openWorkbook = async (bytes: Buffer, wanted: string | undefined, origin: string): Promise<Workbook> => {
  const parts = await partsOf(bytes, origin, isXml)
  const { name, path } = sheetOf(parts, wanted, origin)
  const xml = parts.get(path)?.toString('utf8') ?? ''
  refuseMerges(xml, name, origin)
  parts.set(path, Buffer.from(withErrors(xml), 'utf8'))
  return { sheet: name, bytes: storedZip(parts) }
}

const isXml = (path: string): boolean => /\.(?:xml|rels)$/.test(path)

const INFLATION: Inflation = { most: 200 * MEGABYTE, ratio: 100, free: 16 * MEGABYTE }

/**
 * Its files by their paths, unpacked within limits.
 * @throws {SourceRefusedError} when it is no workbook, unpacks to too much, or declares XML entities.
 */
export const partsOf = async (
  bytes: Buffer,
  origin: string,
  isWanted: (path: string) => boolean,
): Promise<Map<string, Buffer>> => {
  if (bytes.toString('latin1', 0, 4) !== 'PK\x03\x04') throw noWorkbook(origin)
  const zip = await openZip(bytes, INFLATION, origin)
  try {
    const parts = new Map<string, Buffer>()
    for (const { name, bytes: read } of zip.entries) {
      if (!isWanted(name)) continue
      const chunks: Uint8Array[] = []
      for await (const chunk of read()) chunks.push(chunk)
      const part = Buffer.concat(chunks)
      if (isXml(name) && (part.includes('<!DOCTYPE') || part.includes('<!ENTITY'))) throw declares(name, origin)
      parts.set(name, part)
    }
    return parts
  } finally {
    zip.close()
  }
}

interface Sheet {
  readonly name: string
  /** Of its part. */
  readonly path: string
}

/** The sheet of that name, or the only one there is. @throws {SourceRefusedError} when there is none. */
export const sheetOf = (parts: ReadonlyMap<string, Buffer>, wanted: string | undefined, origin: string): Sheet => {
  const book = parts.get('xl/workbook.xml')?.toString('utf8')
  const links = parts.get('xl/_rels/workbook.xml.rels')?.toString('utf8')
  if (book === undefined || links === undefined) throw noWorkbook(origin)
  const targets = new Map(
    tags(links, 'Relationship').map((tag) => [
      attribute(tag, 'Id'),
      (attribute(tag, 'Target') ?? '').replace(/^\/xl\//, ''),
    ]),
  )
  const sheets = tags(book, 'sheet').map((tag) => ({
    name: attribute(tag, 'name') ?? '',
    path: `xl/${targets.get(attribute(tag, 'r:id') ?? attribute(tag, '\\w+:id')) ?? ''}`,
  }))
  const found = wanted === undefined && sheets.length === 1 ? sheets[0] : sheets.find(({ name }) => name === wanted)
  if (!found)
    throw whichSheet(
      wanted,
      sheets.map(({ name }) => name),
      origin,
    )
  if (!parts.has(found.path)) throw noWorkbook(origin)
  return found
}

const tags = (xml: string, name: string): readonly string[] =>
  xml.match(new RegExp(`<(?:\\w+:)?${name}\\s[^<>]*>`, 'g')) ?? []

const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)')`).exec(tag)
  return found ? plain(found[1] ?? found[2] ?? '') : undefined
}

const plain = (text: string): string =>
  text.replace(/&(?:(amp|lt|gt|quot|apos)|#(x?)([\da-f]+));/gi, (_all, word: string, hex: string, code: string) =>
    word ? (ENTITIES[word.toLowerCase()] ?? '') : String.fromCodePoint(Number.parseInt(code, hex ? 16 : 10)),
  )

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** A cell whose value is an error has the type `e`; one with a formula and no value was never calculated. */
const withErrors = (xml: string): string =>
  xml
    .replace(/(<(?:\w+:)?c\b[^<>]*?\st=)(?:"e"|'e')/g, '$1"str"')
    .replace(UNCALCULATED, (_cell, prefix: string, facts: string) => {
      const place = facts.replace(/\st=(?:"[^"]*"|'[^']*')/, '')
      return `<${prefix}c${place} t="str"><${prefix}v>#CALC!</${prefix}v></${prefix}c>`
    })

const UNCALCULATED = /<((?:\w+:)?)c\b([^<>]*[^<>/])>\s*<\1f\b[^<>]*(?:\/>|>[^<]*<\/\1f>)\s*<\/\1c>/g

const refuseMerges = (xml: string, sheet: string, origin: string): void => {
  const merged = tags(xml, 'mergeCell').map((tag) => attribute(tag, 'ref') ?? '')
  if (!merged.length) return
  throw new SourceRefusedError(
    `sheet "${sheet}" of ${origin} has merged cells: ${merged.slice(0, 5).join(', ')}${merged.length > 5 ? ` and ${merged.length - 5} more` : ''}`,
    {
      where: `${origin}, sheet ${sheet}, ${merged[0]}`,
      hint: 'a source has one row of column names and a cell for each value; unmerge them, and take titles above the names away',
    },
  )
}

const whichSheet = (wanted: string | undefined, names: readonly string[], origin: string): SourceRefusedError => {
  const near = wanted === undefined ? undefined : nearest(wanted, names)
  const shown = names
    .slice(0, 20)
    .map((name) => JSON.stringify(name))
    .join(', ')
  return new SourceRefusedError(
    wanted === undefined ? `${origin} has ${names.length} sheets` : `${origin} has no sheet "${wanted}"`,
    { where: origin, hint: near === undefined ? `set "sheet" to one of ${shown}` : `did you mean "${near}"?` },
  )
}

const noWorkbook = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} is no Excel workbook (.xlsx)`, {
    where: origin,
    hint: 'an older workbook (.xls) or one with a password must be saved as .xlsx without it; for another format set "type"',
  })

const declares = (part: string, origin: string): SourceRefusedError =>
  new SourceRefusedError(`${part} in ${origin} declares XML entities, which no workbook needs`, {
    where: origin,
    hint: 'open it in Excel and save it again when you trust it',
  })
