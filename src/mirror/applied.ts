import type { Value } from '../model/index.ts'
import type { Control } from './control.ts'

export interface Applied {
  /** Remembers what was written, and forgets what was written before `since`. */
  saveApplied(rows: readonly AppliedRow[], since: string): void
  hasApplied(since: string): boolean
  /** What was written to one row since a moment, oldest first. */
  appliedTo(resource: string, key: string, since: string): readonly AppliedRow[]
}

/** A value that we wrote to a row in the place of another. */
export interface AppliedRow {
  readonly resource: string
  /** As `matchText` makes it. */
  readonly key: string
  readonly field: string
  readonly from: Value
  readonly to: Value
  readonly at: string
}

/** What was written to which row lately. */
export const appliedOf = ({ db, atOnce }: Control): Applied => {
  const add = db.prepare(
    'INSERT INTO sync_applied (resource, key, field, from_value, to_value, at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const forget = db.prepare('DELETE FROM sync_applied WHERE at < ?')
  const any = db.prepare('SELECT 1 FROM sync_applied WHERE at >= ? LIMIT 1').pluck()
  const byKey = db.prepare('SELECT * FROM sync_applied WHERE resource = ? AND key = ? AND at >= ? ORDER BY id')
  return {
    saveApplied: (rows, since) =>
      atOnce(() => {
        forget.run(since)
        for (const { resource, key, field, from, to, at } of rows)
          add.run(resource, key, field, JSON.stringify(from), JSON.stringify(to), at)
      }),
    hasApplied: (since) => any.get(since) !== undefined,
    appliedTo: (resource, key, since) => (byKey.all(resource, key, since) as Stored[]).map(rowOf),
  }
}

interface Stored extends Pick<AppliedRow, 'resource' | 'key' | 'field' | 'at'> {
  readonly from_value: string
  readonly to_value: string
}

const rowOf = ({ resource, key, field, at, from_value, to_value }: Stored): AppliedRow => ({
  resource,
  key,
  field,
  from: JSON.parse(from_value) as Value,
  to: JSON.parse(to_value) as Value,
  at,
})
