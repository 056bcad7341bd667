import type { Db } from './file.ts'
import type { Holder } from './lock.ts'

/** Makes the holder of the lock the one writer of the file. Returns its epoch; every older one is refused from now on. */
export const takeLease = (db: Db, { host, pid, since }: Holder): number =>
  db
    .prepare(
      `INSERT INTO sync_lease (id, epoch, host, pid, started, clean) VALUES (1, 1, ?, ?, ?, 0)
       ON CONFLICT DO UPDATE SET epoch = epoch + 1, host = excluded.host, pid = excluded.pid,
         started = excluded.started, clean = 0
       RETURNING epoch`,
    )
    .pluck()
    .get(host, pid, since) as number

/** Notes that the holder came to its end. */
export const endLease = (db: Db, epoch: number): void => {
  db.prepare('UPDATE sync_lease SET clean = 1 WHERE epoch = ?').run(epoch)
}

/** Whether the last holder came to its end; a file that never had one is clean. */
export const endedCleanly = (db: Db): boolean => {
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sync_lease'").get()) return true
  return db.prepare('SELECT clean FROM sync_lease').pluck().get() !== 0
}
