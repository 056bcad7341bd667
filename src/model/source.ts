import { stableJson, type Value, type Values } from './value.ts'

/** One row of a source after mapping: a key, and an opinion about some fields (`null` clears, absent says nothing). */
export interface SourceRow {
  /** Line of the file, or ordinal of the record, from 1. */
  readonly line: number
  readonly key: Values
  readonly values: Values
  /** When its stock figure was true, UTC ISO-8601; absent where no column tells. */
  readonly asOf?: string
  /** Rows that belong into it, by their resource: what a create of it brings along. */
  readonly nested?: Nested
  /** Where each of those comes from that choose among options, in their order. */
  readonly nestedFrom?: readonly NestedFrom[]
  /** What a create takes where neither the row nor the sync says otherwise; no opinion about a row that is there. */
  readonly initial?: Values
  /** What the source says is to become of the row as a whole; absent compares it as ever. */
  readonly command?: Command
  /** Rows of child resources that it speaks of, by their resource. */
  readonly parts?: Readonly<Record<string, readonly Part[]>>
  /** The key of the row that it is a part of, as people write it. */
  readonly of?: Values
  /** Key of the row of another store that a row made of it stands for. */
  readonly standsFor?: string
  /** What the store's row turns out to be made from; to be remembered. */
  readonly recognised?: Recognised
  /** The column that it was made of, where that differs from row to row. */
  readonly column?: string
}

export interface Recognised {
  readonly parent: Value
  /** The row's own key, as `keyText` makes it. */
  readonly key: string
  readonly address: string
  readonly file: string
  /** Its file alone told; else it was known, and what lies behind its address is seen for the first time. */
  readonly isByFile: boolean
}

/** `create`: never changed. `update`: never made. `delete`: taken out of the store. `skip`: left alone. */
export type Command = (typeof COMMANDS)[number]
export const COMMANDS = ['create', 'update', 'delete', 'skip'] as const

/** What a row of a source says of one row of a child resource. */
export interface Part {
  /** What tells it from others of its parent. */
  readonly key: Values
  /** Null where it is to go. */
  readonly values: Values | null
  /** The column that says so. */
  readonly column: string
  /** Why it cannot be sent, and the cell's own text. */
  readonly fault?: { readonly value: string; readonly reason: string }
}

/** Inner rows by their resource. */
export type Nested = Readonly<Record<string, readonly Values[]>>

/** The line of an inner row, and whether its name was made up because the source has none. */
export interface NestedFrom {
  readonly line: number
  readonly isMade: boolean
  readonly standsFor?: string
}

/** A row that takes no part, and why. */
export interface Rejection {
  readonly row: number
  readonly column: string
  readonly value: string
  readonly reason: string
  readonly key?: Values
}

/** `lines` of all records that it is made of, where there are several; `record` is the fingerprint of the bytes of its only one. */
export type SourceItem = ({ readonly row: SourceRow } | { readonly rejection: Rejection }) & {
  readonly lines?: readonly number[]
  readonly record?: RecordPrint
}

/** Both halves of a `Fingerprint`. */
export type RecordPrint = readonly [number, number]

/**
 * Rows that are known to need no comparing as long as they say what they said before. A source asks about what it reads as it comes,
 * and hands out nothing of what is passed over.
 */
export interface Familiar {
  /** A reading begins, and has met nothing yet. */
  begin(): void
  /** Nothing is passed over until the next one is read. */
  forget(): void
  /** Whether the record of a line is passed over for its bytes alone, told by their fingerprint. */
  passRecord(a: number, b: number, line: number): boolean
  /** Whether a row is, for what it says. */
  passRow(row: SourceRow, record: RecordPrint | undefined): boolean
  /** Whether a row whose key has the fingerprint was passed over. */
  hasPassed(a: number, b: number): boolean
  /** How many were. */
  readonly passed: number
}

/** What is known of a snapshot once it was read to its end. */
export interface SnapshotSummary {
  /** Records read, the rejected ones included. */
  readonly rows: number
  readonly rejected: number
  /** Hash of the bytes that were read, or of the cells of a database. */
  readonly sha256: string
  /** When the source says it was last changed, UTC ISO-8601. */
  readonly modified: string | null
  /** Where it lies, for people: a path or a table. */
  readonly origin: string
  /** The greatest watermark of all its rows, as the source writes it; null where none has one, absent without such a column. */
  readonly watermark?: string | null
}

/** Up to where a source was read before. */
export interface Since {
  /** The greatest watermark of that reading. */
  readonly watermark: string
  /** When it began, UTC ISO-8601: a watermark later than that says nothing of what came since. */
  readonly at: string
}

/** The outside side of a sync, bound to its mapping. Each reading is a whole snapshot or a refusal, never half of one. */
export interface Source {
  readonly name: string
  /**
   * Rows in the order of the source, in constant memory.
   * @param since Only rows changed since then, those that do not say when, and those that share a key with one of them; for a source
   * with `watermark` only.
   * @param familiar What of a whole reading is to be passed over; a source may hand out more, never less.
   * @throws {SourceRefusedError} when the source is unreadable, empty, cut, or without the mapped columns.
   */
  read(since?: Since, familiar?: Familiar): AsyncIterable<readonly SourceItem[]>
  /** Of a source whose rows say when they were changed. */
  readonly watermark?: {
    /** Another text when place, query or column are others than before: what was read of those says nothing then. */
    readonly of: string
    /** How old the last whole reading may be, ms. */
    readonly wholeMs: number
  }
  /** When the source was last changed, UTC ISO-8601; known as soon as rows come, null where the source cannot tell. */
  modified(): string | null
  /** Of the last complete reading. */
  summary(): SnapshotSummary
  /** Records as they stand in the source, for `explain`, by their lines: column name to cell text. */
  raw(lines: readonly number[]): Promise<ReadonlyMap<number, Readonly<Record<string, string>>>>
  /**
   * Puts values into rows; everything else stays what it was, in a file byte for byte. A file takes all rows that can be written at
   * once or none; a database takes them in batches, so a refusal may come after some, which are `already` the next time. Absent where
   * the source is only read.
   * @param expected Hash of the snapshot that the edits were made for; null takes the source as it is now. A database does not ask
   * for it, because each row is written by the value that was there.
   * @returns one result for each edit, in their order.
   * @throws {SourceRefusedError} when a file is no longer that snapshot, or the source cannot be written.
   */
  readonly write?: (edits: readonly RowEdit[], expected: string | null) => Promise<readonly EditResult[]>
  /**
   * Keeps beside each row what became of it; a row that is not there is passed over. Absent where the source has no place for that.
   * @returns how many rows keep it now.
   * @throws {SourceRefusedError} when the source cannot be written.
   */
  readonly note?: (outcomes: readonly RowOutcome[]) => Promise<number>
}

/** What became of a row, in words. */
export interface RowOutcome {
  readonly key: Values
  readonly text: string
}

/** New values for one row of a source. */
export interface RowEdit {
  readonly key: Values
  /** A row that is not there is added, where the source can; one that is there is left alone. */
  readonly adds?: true
  readonly fields: readonly { readonly field: string; readonly from: Value; readonly to: Value }[]
}

/** `already` when the row held the values before; otherwise why it was left alone. */
export type EditResult = { readonly kind: 'written' | 'already' } | { readonly kind: 'left'; readonly reason: string }

/** A key as one text, for look-ups and for people: values in field order, joined by a tab. */
export const keyText = (key: Values): string => Object.values(key).map(part).join('\t')

/** The same ignoring case: what uniqueness and matching use. */
export const matchText = (key: Values): string => keyText(key).normalize('NFC').toLowerCase()

const part = (value: Value): string => {
  if (value === null) return ''
  return Array.isArray(value) && value.some((one) => typeof one === 'object') ? stableJson(value) : String(value)
}
