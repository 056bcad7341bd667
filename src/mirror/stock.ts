import { isoTime, type Resource, type Value, type Values } from '../model/index.ts'
import type { Db } from './file.ts'
import { quoted, type Table, tableNamed } from './table.ts'

export interface Stock {
  /** Readings since a moment that found a field moved, oldest first. */
  moves(resource: string, key: string, field: string, since: string): readonly Move[]
  /** The newest pull of a listing that had proved itself complete by then, other than the one of `run`. */
  pullBefore(resource: string, at: string, run: string | null): { readonly from: string; readonly to: string } | null
  /** What was taken from stock by rows that were placed since a moment, or a day before it at most. */
  taken(resource: Resource, since: string): readonly TakenRow[]
}

/** A reading that found another value of a field than the reading before. */
export interface Move {
  readonly from: Value
  readonly to: Value
  readonly at: string
  readonly run: string
}

/** Pieces that one row of a resource that takes stock took, at some moment from `placed` to `counted`; UTC ISO-8601. */
export interface TakenRow {
  /** What was taken, by resource. */
  readonly of: Values
  readonly quantity: number
  readonly placed: string
  readonly counted: string
}

/** What is known of when a figure moved: by readings, and by the rows that took stock. */
export const stockOf = (db: Db, tables: ReadonlyMap<string, Table>): Stock => {
  const log = db.prepare(
    `SELECT field, from_value, to_value, at, run FROM sync_change_log WHERE resource = ? AND key = ? ORDER BY seq DESC`,
  )
  const pull = db.prepare(
    `SELECT started AS "from", finished AS "to" FROM sync_pull
     WHERE resource = ? AND complete = 1 AND finished <= ? AND run IS NOT ? ORDER BY pull DESC LIMIT 1`,
  )
  return {
    moves: (resource, key, field, since) => {
      const found: Move[] = []
      for (const row of log.iterate(resource, key) as IterableIterator<LogRow>) {
        if (row.at < since) break
        if (row.field !== field) continue
        const { from_value, to_value, at, run } = row
        found.push({ from: JSON.parse(from_value) as Value, to: JSON.parse(to_value) as Value, at, run })
      }
      return found.reverse()
    },
    pullBefore: (resource, at, run) =>
      (pull.get(resource, at, run) as { from: string; to: string } | undefined) ?? null,
    taken: (resource, since) => takenSince(db, tables, resource, since),
  }
}

interface LogRow {
  readonly field: string
  readonly from_value: string
  readonly to_value: string
  readonly at: string
  readonly run: string
}

/**
 * A row whose parent was idle for a while counts from a moment before that was seen to be over: a checkout that was begun takes
 * stock only when it is finished.
 */
const takenSince = (
  db: Db,
  tables: ReadonlyMap<string, Table>,
  resource: Resource,
  since: string,
): readonly TakenRow[] => {
  const { takes, api } = resource
  if (!takes || !api.within) throw new TypeError(`${resource.name} takes no stock`)
  const lines = tableNamed(tables, resource.name)
  const parent = tableNamed(tables, api.within.parent)
  const key = quoted(parent.resource.key[0] ?? 'id')
  const refs = Object.entries(resource.fields).flatMap(([name, { ref }]) => (ref ? [{ name, ref }] : []))
  const idle = takes.idle.join(', ')
  const rows = db
    .prepare(
      `SELECT ${refs.map(({ name }) => `l.${quoted(name)} AS ${quoted(name)}`).join(', ')},
         l.${quoted(takes.quantity)} AS quantity, p.${quoted(takes.placed)} AS placed,
         (SELECT max(at) FROM sync_change_log WHERE resource = ? AND key = CAST(p.${key} AS TEXT)
            AND field = ? AND from_value IN (${takes.idle.map((one) => `'${one}'`).join(', ')})) AS counted
       FROM ${quoted(parent.name)} p JOIN ${quoted(lines.name)} l ON l.${quoted(api.within.link)} = p.${key}
       WHERE p.${quoted(takes.placed)} >= ? AND p.${quoted(takes.status)} NOT IN (${idle})`,
    )
    .all(parent.name, takes.status, isoTime(Date.parse(since) - DAY_MS)) as (Record<string, Value> & {
    quantity: number
    placed: string
    counted: string | null
  })[]
  return rows.map(({ quantity, placed, counted, ...row }) => ({
    of: Object.fromEntries(refs.map(({ name, ref }) => [ref, row[name] ?? null])),
    quantity,
    placed,
    counted: counted ?? placed,
  }))
}

const DAY_MS = 24 * 3_600_000
