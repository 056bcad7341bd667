import { type Control, tables as sql } from './control.ts'

export interface OpenRows {
  /** Rows that a sync left open, the oldest first. */
  openRows(sync: string): readonly OpenRow[]
  /** A row that is open already keeps its `since`; others are open since `at`. */
  saveOpenRows(sync: string, rows: readonly Omit<OpenRow, 'since'>[], at: string): void
  dropOpenRows(sync: string, keys: readonly string[]): void
}

/** A row of a sync that was not put in step. */
export interface OpenRow {
  /** As `matchText` makes it; `line N` where the source row has no readable key. */
  readonly key: string
  readonly state: 'held' | 'rejected' | 'conflict' | 'failed' | 'skipped'
  readonly reason: string
  /** When it was first left so, UTC ISO-8601. */
  readonly since: string
}

/** Rows that a sync left open, each with the moment since which it is. */
export const openRowsOf = (control: Control): OpenRows => {
  const save = control.db.prepare(
    `INSERT INTO sync_open_row (sync, key, state, reason, since) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (sync, key) DO UPDATE SET state = excluded.state, reason = excluded.reason`,
  )
  const drop = control.db.prepare('DELETE FROM sync_open_row WHERE sync = ? AND key = ?')
  return {
    openRows: (sync) =>
      control
        .all(sql.selectFrom('sync_open_row').selectAll().where('sync', '=', sync).orderBy('since').orderBy('key'))
        .map(({ key, state, reason, since }) => ({ key, state: state as OpenRow['state'], reason, since })),

    saveOpenRows: (sync, rows, at) =>
      control.atOnce(() => {
        for (const { key, state, reason } of rows) save.run(sync, key, state, reason, at)
      }),

    dropOpenRows: (sync, keys) =>
      control.atOnce(() => {
        for (const key of keys) drop.run(sync, key)
      }),
  }
}
