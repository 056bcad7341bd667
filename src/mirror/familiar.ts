import type { Value } from '../model/index.ts'
import type { Control } from './control.ts'

export interface Familiars {
  /** Null where nothing was kept under the same `bound`, or too much has moved since. */
  familiar(sync: string, bound: string): FamiliarRecord | null
  /** Sets rows aside outside memory, in pieces of about a megabyte, in the place of those that were set aside before. */
  setFamiliarAside(rows: Iterable<Uint32Array>): void
  /** Keeps what was set aside. From now on what moves is taken down. */
  saveFamiliar(sync: string, kept: { readonly bound: string; readonly sample: Value }): void
  dropFamiliar(sync: string): void
}

/** What is kept of the rows of a sync that need no comparing; what both are is for those that make them to say. */
export interface FamiliarRecord {
  readonly sample: Value
  readonly rows: Uint32Array
  /** What moved since they were kept. */
  readonly moved: readonly MovedRow[]
}

/** A row of the store by its resource, or of the base by its sync, that was written or removed. */
export interface MovedRow {
  readonly side: 'store' | 'base'
  readonly name: string
  /** Of a row of the store as `keyText` makes it, of the base as `matchText` does. */
  readonly key: string
}

/** The rows of each sync that need no comparing, and what has moved since they were kept. */
export const familiarsOf = ({ db, atOnce }: Control): Familiars => {
  const head = db.prepare('SELECT moved, sample FROM sync_familiar WHERE sync = ? AND bound = ?')
  const size = db.prepare('SELECT coalesce(sum(length(rows)), 0) FROM sync_familiar_part WHERE sync = ?').pluck()
  const part = db.prepare('SELECT rows FROM sync_familiar_part WHERE sync = ? AND part = ?').pluck()
  const since = db.prepare('SELECT count(*) FROM sync_moved WHERE seq > ?').pluck()
  const moved = db.prepare("SELECT side, name, key FROM sync_moved WHERE seq > ? AND (side = 'store' OR name = ?)")
  const newest = db.prepare("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'sync_moved'), 0)").pluck()
  const put = db.prepare('INSERT INTO sync_familiar (sync, bound, moved, sample) VALUES (?, ?, ?, ?)')
  db.exec('CREATE TEMP TABLE IF NOT EXISTS aside_familiar (part INTEGER PRIMARY KEY, rows BLOB)')
  const clear = db.prepare('DELETE FROM temp.aside_familiar')
  const setAside = db.prepare('INSERT INTO temp.aside_familiar (part, rows) VALUES (?, ?)')
  const moveParts = db.prepare(
    'INSERT INTO sync_familiar_part (sync, part, rows) SELECT ?, part, rows FROM temp.aside_familiar',
  )
  const drop = db.prepare('DELETE FROM sync_familiar WHERE sync = ?')

  const rowsOf = (sync: string): Uint32Array => {
    const rows = new Uint8Array(size.get(sync) as number)
    for (let number = 0, at = 0; at < rows.length; number += 1) {
      const bytes = part.get(sync, number) as Uint8Array
      rows.set(bytes, at)
      at += bytes.length
    }
    return new Uint32Array(rows.buffer)
  }

  return {
    familiar: (sync, bound) => {
      const found = head.get(sync, bound) as { moved: number; sample: string } | undefined
      if (!found || (since.get(found.moved) as number) > MOST_MOVED) return null
      return {
        sample: JSON.parse(found.sample) as FamiliarRecord['sample'],
        rows: rowsOf(sync),
        moved: moved.all(found.moved, sync) as MovedRow[],
      }
    },

    setFamiliarAside: (rows) =>
      atOnce(() => {
        clear.run()
        let part = 0
        for (const { buffer, byteOffset, byteLength } of rows) {
          setAside.run(part, new Uint8Array(buffer, byteOffset, byteLength))
          part += 1
        }
      }),

    saveFamiliar: (sync, { bound, sample }) =>
      atOnce(() => {
        drop.run(sync)
        put.run(sync, bound, newest.get(), JSON.stringify(sample))
        moveParts.run(sync)
        clear.run()
        forgetMoved(db)
      }),

    dropFamiliar: (sync) =>
      atOnce(() => {
        drop.run(sync)
      }),
  }
}

/** Where more has moved, comparing every row is the simpler way. */
const MOST_MOVED = 250_000

/** Gives up what too much has moved for, and forgets what moved before the oldest of the rest. */
export const forgetMoved = (db: Control['db']): void => {
  db.prepare(
    'DELETE FROM sync_familiar WHERE (SELECT count(*) FROM sync_moved WHERE seq > sync_familiar.moved) > ?',
  ).run(MOST_MOVED)
  db.prepare(
    'DELETE FROM sync_moved WHERE seq <= coalesce((SELECT min(moved) FROM sync_familiar), (SELECT max(seq) FROM sync_moved))',
  ).run()
}
