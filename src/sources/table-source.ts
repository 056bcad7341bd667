import {
  type Familiar,
  keyText,
  matchText,
  type Since,
  type SnapshotSummary,
  type Source,
  type SourceItem,
  SourceRefusedError,
} from '../model/index.ts'
import { below } from './below.ts'
import { cellsAt, locateColumns } from './columns.ts'
import { followers } from './followers.ts'
import type { Table, TableRecord } from './format.ts'
import { type Family, familiesOf, type Group, type MappedRecord, mapFamily } from './group.ts'
import { inheritedItems } from './inherited.ts'
import { type KeyRegister, keyRegister } from './key-register.ts'
import { type Mapping, mapRow } from './mapping.ts'
import { openSpool, type Spool } from './spool.ts'

/** One going over of a table, from its first record to its last. */
export interface TableReading {
  readonly table: Table
  /**
   * To be called after the last record: what tells this snapshot from any other, and when it was last changed, UTC ISO-8601, null
   * when unknown. `origin` where more is known now than before it was opened.
   * @throws {SourceRefusedError} when it changed while it was read, so that no two halves of different states are mixed.
   */
  finish(): Promise<Finished>
  close(): Promise<void>
}

export interface Finished extends Pick<SnapshotSummary, 'sha256' | 'modified' | 'watermark'> {
  readonly origin?: string
}

export interface TableSourceParts {
  readonly name: string
  /** Where it lies, for people; no secrets. */
  readonly origin: string
  readonly mapping: Mapping
  /**
   * @param since Only what changed since then.
   * @param familiar Records that need not come.
   * @throws {SourceRefusedError} when there is nothing readable.
   */
  readonly open: (since?: Since, familiar?: Familiar) => Promise<TableReading>
  readonly write?: NonNullable<Source['write']>
  /** Folder for the rows of a reading until it is complete; the system's temporary one when absent. */
  readonly scratch?: string
  /** Where the rows wait instead. */
  readonly spool?: () => Promise<Spool>
}

/**
 * A source made of records of cells, wherever they come from. Each reading goes over the records once and sets the mapped rows
 * aside in a private file; only when the end has proved sound, and the duplicate keys are known, are rows handed out. So nothing
 * is ever seen of a table that turns out to be cut, what was hashed is what was parsed, and parsing, which is the cost, is done
 * once. Memory holds 12 bytes a row (the
 * hashes of the keys), not the rows.
 */
export const tableSource = (parts: TableSourceParts): Source => {
  let last: SnapshotSummary | undefined
  let modified: string | null = null
  return {
    name: parts.name,
    read: async function* (since, known) {
      const familiar = parts.mapping.group ? undefined : known
      await parts.mapping.prepare()
      familiar?.begin()
      for (let isDone = false; !isDone; ) {
        const reading = await parts.open(since, familiar)
        try {
          const spool = await (parts.spool ?? (() => openSpool(parts.scratch)))()
          try {
            const whole = await readOrDoubt(reading, spool, parts, familiar)
            isDone = whole !== undefined
            if (!whole) continue
            const { keys, ...facts } = whole
            if (facts.rows === 0 && !since) throw noRows(parts.origin, reading.table.headerLine !== null)
            modified = facts.modified
            const duplicates = keys.duplicates()
            let rejected = 0
            for await (const items of spool.read()) {
              const judged = items.map((item) => withoutDuplicate(item, duplicates, parts.mapping))
              rejected += judged.filter((item) => 'rejection' in item).length
              yield judged
            }
            last = { origin: parts.origin, ...facts, rejected }
          } finally {
            await spool.close()
          }
        } finally {
          await reading.close()
        }
      }
    },
    summary: () => {
      if (!last) throw new Error(`source ${parts.name} was not read to its end yet`)
      return last
    },
    modified: () => modified,
    raw: (lines) => rawRecords(lines, parts),
    ...(parts.write ? { write: parts.write } : {}),
  }
}

interface WholeReading extends Finished {
  readonly keys: KeyRegister
  readonly rows: number
}

/**
 * Undefined where rows that were passed over would have had a part: one shares its key with another row, or the records around them
 * are at fault. Then everything is to be read anew, and nothing is passed over.
 */
const readOrDoubt = async (
  reading: TableReading,
  spool: Spool,
  parts: TableSourceParts,
  familiar: Familiar | undefined,
): Promise<WholeReading | undefined> => {
  const read = await readRecords(reading, spool, parts, familiar).catch((error: unknown) => {
    if (!familiar?.passed) throw error
    return undefined
  })
  const facts = read && (await reading.finish())
  const isSound = read && !(familiar?.passed && read.keys.some((a, b) => familiar.hasPassed(a, b)))
  if (facts && isSound) return { ...read, rows: read.rows + (familiar?.passed ?? 0), ...facts }
  familiar?.forget()
  return undefined
}

const readRecords = async (
  { table }: TableReading,
  spool: Spool,
  { mapping, origin }: TableSourceParts,
  familiar: Familiar | undefined,
): Promise<Pick<WholeReading, 'keys' | 'rows'>> => {
  const keys = keyRegister()
  const places = locateColumns(table, mapping, origin)
  let rows = 0
  let waiting: SourceItem[] = []
  for await (const items of itemsOf(table, places, mapping, origin, familiar)) {
    for (const item of items) {
      const key = keyOf(item)
      if (key && mapping.key.length) keys.add(matchText(key), lineOf(item))
    }
    rows += items.length
    waiting = waiting.length ? [...waiting, ...items] : [...items]
    if (waiting.length >= BATCH) await spool.write(waiting.splice(0))
  }
  if (waiting.length) await spool.write(waiting)
  return { keys, rows }
}

/** Items that are set aside at once, at least. */
const BATCH = 500

/** What the records mean, in batches of theirs, without rows that are familiar; neighbours that make one row become one item. */
async function* itemsOf(
  { batches, columns }: Table,
  places: readonly number[],
  mapping: Mapping,
  origin: string,
  familiar: Familiar | undefined,
): AsyncGenerator<readonly SourceItem[]> {
  const { group, inherited } = mapping
  const width = columns.length
  if (!group && !inherited) {
    for await (const records of batches) {
      const items: SourceItem[] = []
      for (const record of records) {
        const item = itemOf(record, width, places, mapping)
        if ('row' in item && familiar?.passRow(item.row, record.print)) continue
        items.push(record.print ? { ...item, record: record.print } : item)
      }
      yield items
    }
    return
  }
  const mapped = async function* () {
    for await (const records of batches) {
      yield records.map(({ line, cells }) => ({
        line,
        cells: cellsAt(cells, places),
        fault: cells.length === width ? null : raggedReason(cells.length, width),
      }))
    }
  }
  if (inherited) yield* inheritedItems(mapping, inherited, mapped())
  if (!group) return
  for await (const family of grouped(group, origin, mapped())) {
    const lines = family.records.map(({ line }) => line).sort((a, b) => a - b)
    yield [{ ...mapFamily(mapping, group, family), ...(lines.length > 1 ? { lines } : {}) }]
  }
}

const grouped = (
  group: Group,
  origin: string,
  batches: AsyncIterable<readonly MappedRecord[]>,
): AsyncGenerator<Family> => {
  const { by } = group
  switch (by.kind) {
    case 'followers':
      return followers(by, origin, batches)
    case 'below':
      return below(by, batches)
    default:
      return familiesOf(group, by, batches)
  }
}

const raggedReason = (cells: number, width: number): string => `a row of ${cells} cells where ${width} are expected`

const itemOf = (record: TableRecord, width: number, places: readonly number[], mapping: Mapping): SourceItem => {
  const { line, cells } = record
  if (cells.length !== width) {
    return { rejection: { row: line, column: '', value: '', reason: raggedReason(cells.length, width) } }
  }
  return mapRow(mapping, line, cellsAt(cells, places))
}

const keyOf = (item: SourceItem) => ('row' in item ? item.row.key : item.rejection.key)
const lineOf = (item: SourceItem): number => ('row' in item ? item.row.line : item.rejection.row)

/** A row whose key is there twice becomes a rejection: which of them is meant, nobody can tell. */
const withoutDuplicate = (
  item: SourceItem,
  duplicates: ReadonlyMap<number, readonly number[]>,
  mapping: Mapping,
): SourceItem => {
  const lines = 'row' in item ? duplicates.get(item.row.line) : undefined
  if (!lines || !('row' in item)) return item
  const { line, key } = item.row
  const column = mapping.key.map((binding) => binding.column).join(', ')
  const more = lines.length > MOST_LINES ? ` and ${lines.length - MOST_LINES} more` : ''
  const reason = `a key that is there ${lines.length} times: lines ${lines.slice(0, MOST_LINES).join(', ')}${more}`
  return { rejection: { row: line, column, value: keyText(key), reason, key } }
}

const MOST_LINES = 10

const noRows = (origin: string, hasHeader: boolean): SourceRefusedError =>
  new SourceRefusedError(`${origin} has ${hasHeader ? 'a header and ' : ''}no rows`, {
    where: origin,
    hint: 'look at the program that writes it; nothing is planned from an empty source',
  })

const rawRecords = async (
  lines: readonly number[],
  { open }: TableSourceParts,
): Promise<ReadonlyMap<number, Readonly<Record<string, string>>>> => {
  const wanted = new Set(lines)
  const found = new Map<number, Readonly<Record<string, string>>>()
  const reading = await open()
  try {
    const { columns, batches } = reading.table
    for await (const records of batches) {
      for (const { line, cells } of records) if (wanted.has(line)) found.set(line, named(columns, cells))
      if (found.size === wanted.size) break
    }
    return found
  } finally {
    await reading.close()
  }
}

/** Columns may have any name, `__proto__` too, so the record has no prototype; one without a name goes by its number. */
const named = (columns: readonly string[], cells: readonly string[]): Readonly<Record<string, string>> => {
  const record: Record<string, string> = Object.create(null)
  for (const [index, cell] of cells.entries()) record[columns[index] || String(index + 1)] = cell
  return record
}
