import { createHash } from 'node:crypto'
import { type ChangeState, stableJson, type Values } from '../model/index.ts'
import type { Db } from './file.ts'
import type { JournalEntry } from './journal.ts'

/** An entry as the table holds it. */
export interface StoredEntry {
  readonly seq: number
  readonly plan: string
  readonly change: number
  readonly run: string
  readonly at: string
  readonly from_state: string
  readonly to_state: string
  readonly evidence: string
  readonly prev_sha: string
  readonly sha: string
  /** Null in entries of before there were epochs, absent in tables of that time. */
  readonly epoch?: number | null
}

export const entryOf = ({ plan, change, run, at, from_state, to_state, evidence }: StoredEntry): JournalEntry => ({
  plan,
  change,
  run,
  at,
  from: from_state as ChangeState,
  to: to_state as ChangeState,
  evidence: JSON.parse(evidence) as Values,
})

/** The hash of an entry over its content and the hash of the one before it. */
export const chained = (
  previous: string,
  { plan, change, run, at, from, to, evidence }: JournalEntry,
  epoch: number | null,
): string =>
  createHash('sha256')
    .update(stableJson([previous, plan, change, run, at, from, to, evidence, ...(epoch === null ? [] : [epoch])]))
    .digest('hex')

/** Where the chain begins: behind the last entry that was dropped because of its age. */
export const anchorOf = (db: Db): Anchor => {
  const has = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sync_journal_anchor'").get()
  const anchor = has
    ? (db.prepare('SELECT seq, sha, at FROM sync_journal_anchor').get() as Anchor | undefined)
    : undefined
  return anchor ?? NONE
}

export interface Anchor {
  readonly seq: number
  readonly sha: string
  /** Null when nothing was dropped yet. */
  readonly at: string | null
}

const NONE: Anchor = { seq: 0, sha: '', at: null }

/** The number of the first entry that was altered, or is missing before it; null when the journal is whole. */
export const firstBroken = (db: Db): number | null => {
  let { sha: previous, seq: dropped } = anchorOf(db)
  for (const row of db.prepare('SELECT * FROM sync_journal ORDER BY seq').iterate() as Iterable<StoredEntry>) {
    const isNext = row.seq > dropped && row.prev_sha === previous
    if (!isNext || row.sha !== chained(previous, entryOf(row), row.epoch ?? null)) return row.seq
    previous = row.sha
    dropped = row.seq
  }
  return null
}
