import { statSync } from 'node:fs'
import { MirrorError } from '../model/index.ts'
import type { Db } from './file.ts'

/** Stands before every transaction that writes. @throws {MirrorError} when this process may not write any more. */
export type Fence = () => void

/**
 * Refuses a writer that was left behind: the file at the path is another one now, or another process has taken the lock since.
 * The lock of the system keeps both from happening on one machine; a person with `rm` and a network folder do not.
 * @param epoch of this writer; null for one that never took the lease.
 */
export const fenceOf = (db: Db, path: string, epoch: number | null): Fence => {
  const current = db.prepare('SELECT epoch FROM sync_lease').pluck()
  const opened = db.memory ? null : identityOf(path)
  return () => {
    if (opened !== null && identityOf(path) !== opened) throw replaced(path)
    if (epoch !== null && current.get() !== epoch) throw overtaken(path)
  }
}

/** Tells one file from another at the same path, without opening it: closing a file would drop SQLite's own locks on it. */
const identityOf = (path: string): string => {
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? `${found.dev}:${found.ino}` : 'gone'
}

const replaced = (path: string): MirrorError =>
  new MirrorError('the file of the mirror was replaced or removed while it was open', {
    where: path,
    hint: 'nothing more is written; let one process at a time work here, and run the command again',
  })

const overtaken = (path: string): MirrorError =>
  new MirrorError('another process has taken the mirror over', {
    where: path,
    hint: 'nothing more is written; is the mirror in a network folder, or was its .lock file removed?',
  })
