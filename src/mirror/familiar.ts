import type { Control } from './control.ts'
import type { FamiliarRecord, Mirror, MovedRow } from './types.ts'

type Familiars = Pick<Mirror, 'familiar' | 'setFamiliarAside' | 'saveFamiliar' | 'dropFamiliar'>

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
