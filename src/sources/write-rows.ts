import { createHash } from 'node:crypto'
import { type EditResult, matchText, type RowEdit, SourceRefusedError } from '../model/index.ts'
import { cellsAt, locateColumns } from './columns.ts'
import { judgeEdit } from './edit-row.ts'
import type { FileSourceParts } from './file-source.ts'
import type { TableRecord } from './format.ts'
import { mapRow } from './mapping.ts'

/**
 * Writes values back into a file: reads it once more, finds the rows by their keys, and puts the new texts into their cells. A row
 * that is not there once, or whose value is no longer the expected one, is left alone and told. The file as it would be is read
 * again by the same rules before it takes the place of the old one.
 */
export const writeRows = async (
  parts: FileSourceParts,
  edits: readonly RowEdit[],
  expected: string | null,
): Promise<readonly EditResult[]> => {
  const { location, format } = parts
  const before = await bytesOf(parts)
  if (expected !== null && createHash('sha256').update(before).digest('hex') !== expected)
    throw changed(location.origin)
  await parts.mapping.prepare()
  const rows = await rowsOf(parts, before)
  const cells = new Map<number, Map<number, string>>()
  const results = edits.map((edit) => judge(parts, rows, edit, cells))
  if (!cells.size) return results
  if (!format.rewrite || !location.replace) throw readOnly(location.origin)
  const after = await format.rewrite(before, cells, location.origin, rows.columns)
  await proveRewrite(parts, rows, cells, after)
  await location.replace(before, after)
  return results
}

interface Rows {
  readonly columns: readonly string[]
  readonly places: readonly number[]
  readonly all: readonly TableRecord[]
  /** By key; a key that is there twice is of nobody. */
  readonly byKey: ReadonlyMap<string, TableRecord | null>
}

const bytesOf = async ({ location }: FileSourceParts): Promise<Buffer> => {
  const reading = await location.open()
  try {
    const chunks: Uint8Array[] = []
    for await (const chunk of reading.bytes) chunks.push(chunk)
    await reading.finish()
    return Buffer.concat(chunks)
  } finally {
    await reading.close()
  }
}

const rowsOf = async ({ location, format, mapping }: FileSourceParts, bytes: Uint8Array): Promise<Rows> => {
  const table = await format.open(oneChunk(bytes), location.origin, mapping.columns)
  const places = locateColumns(table, mapping, location.origin)
  const all: TableRecord[] = []
  const byKey = new Map<string, TableRecord | null>()
  const group = mapping.group?.by
  const at = group && group.kind !== 'parents' ? (places[group.at] ?? -1) : null
  const isInner = (name: string, above: string | undefined): boolean =>
    group?.kind === 'followers' || (group?.kind === 'below' ? name.trim() !== group.parent : above === name)
  for await (const records of table.batches) {
    for (const record of records) {
      const above = all.at(-1)
      all.push(record)
      // Of a group, the first row holds what is the group's.
      const name = at === null ? '' : record.cells[at]
      if (name && isInner(name, above?.cells[at ?? -1])) continue
      const item = mapRow(mapping, record.line, cellsAt(record.cells, places))
      const key = 'row' in item ? item.row.key : item.rejection.key
      if (!key) continue
      const text = matchText(key)
      byKey.set(text, byKey.has(text) ? null : record)
    }
  }
  return { columns: table.columns, places, all, byKey }
}

const judge = (
  { mapping }: FileSourceParts,
  { places, byKey }: Rows,
  edit: RowEdit,
  cells: Map<number, Map<number, string>>,
): EditResult => {
  const record = byKey.get(matchText(edit.key))
  const judged = judgeEdit(mapping, record && cellsAt(record.cells, places), edit)
  if (!record || judged.kind !== 'edit') return judged.kind === 'edit' ? { kind: 'already' } : judged
  const texts = [...judged.texts].map(([at, { text }]) => [places[at] ?? -1, text] as const)
  // Two conflicts of one row that a person decided are two edits of it.
  const all = [...(cells.get(record.line) ?? []), ...texts]
  cells.set(record.line, new Map(all.sort(([a], [b]) => a - b)))
  return { kind: 'written' }
}

/** Every cell of the new file is the old one's or the one that was asked for. */
const proveRewrite = async (
  parts: FileSourceParts,
  rows: Rows,
  cells: ReadonlyMap<number, ReadonlyMap<number, string>>,
  after: Uint8Array,
): Promise<void> => {
  const { all } = await rowsOf(parts, after)
  const isAsMeant =
    all.length === rows.all.length &&
    rows.all.every((old, index) => {
      const edits = cells.get(old.line)
      const next = all[index]
      return (
        next?.cells.length === old.cells.length &&
        old.cells.every((cell, at) => {
          const wanted = edits?.get(at) ?? cell
          return next.cells[at] === wanted || (edits?.has(at) && next.cells[at] === parts.format.reads?.(wanted))
        })
      )
    })
  if (isAsMeant) return
  throw new SourceRefusedError(`${parts.location.origin} cannot be written back without changing other cells`, {
    where: parts.location.origin,
    hint: 'nothing was written; report the file’s delimiter, quotes and line endings',
  })
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const changed = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} changed since it was read, so nothing was written to it`, {
    where: origin,
    hint: 'run the sync again: it reads the new file',
  })

const readOnly = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} cannot be written`, {
    where: origin,
    hint: 'leave "write" out, or add "writeBack": false to the fields that the store owns',
  })
