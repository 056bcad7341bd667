import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { type Clock, LockedError } from '../model/index.ts'
import { unusable } from './file.ts'

export interface Holder {
  readonly pid: number
  readonly host: string
  readonly since: string
  /** What it does, such as `push p7`. */
  readonly work: string
}

export interface Lock {
  release(): void
}

/**
 * Takes a store for this process alone. The lock is an exclusive transaction on a file of its own, so the system frees it when
 * the process ends, however it ends; a stopped process keeps it.
 * @throws {LockedError} that says who holds it.
 * @throws {MirrorError} when the lock's file cannot be written.
 */
export const lockStore = (mirrorPath: string, holder: Holder): Lock => {
  const path = `${mirrorPath}.lock`
  const db = lockFile(path)
  try {
    db.exec('BEGIN EXCLUSIVE')
    writeFileSync(noteOf(mirrorPath), JSON.stringify(holder), { mode: 0o600 })
  } catch (cause) {
    db.close()
    if (!isBusy(cause)) throw unusable(path, cause)
    throw heldBy(path, readHolder(mirrorPath), cause)
  }
  // Whoever may open it may hold it. Not opened for this: closing it again would let the lock go.
  chmodSync(path, 0o600)
  return {
    release: () => {
      rmSync(noteOf(mirrorPath), { force: true })
      db.close()
    },
  }
}

/** How long to wait for a store that is held, and how. */
export interface Patience {
  /** 0 does not wait. */
  readonly waitMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Is told who holds the store, once for each holder. */
  readonly tell: (text: string) => void
}

/**
 * The same, once the store is free.
 * @throws {LockedError} when it is still held after that time.
 * @throws {InterruptedError} the signal's reason, when it aborts meanwhile.
 */
export const lockWhenFree = async (mirrorPath: string, holder: Holder, patience: Patience): Promise<Lock> => {
  const { waitMs, clock, signal, tell } = patience
  const start = clock.elapsed()
  for (let told = ''; ; ) {
    try {
      return lockStore(mirrorPath, holder)
    } catch (error) {
      const left = start + waitMs - clock.elapsed()
      if (!(error instanceof LockedError) || left <= 0) throw error
      if (error.message !== told) tell(`${error.message}; waiting for it, ${Math.ceil(left / 60_000)} min at most`)
      told = error.message
      await clock.sleep(Math.min(POLL_MS, left), signal)
    }
  }
}

const POLL_MS = 1000

/** Who holds a store now; null when it is free. */
export const lockHolder = (mirrorPath: string): Holder | null => {
  try {
    lockProbe(`${mirrorPath}.lock`)
    return null
  } catch {
    return readHolder(mirrorPath)
  }
}

const lockFile = (path: string): Database.Database => {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    return new Database(path, { timeout: LOOK_MS })
  } catch (cause) {
    throw unusable(path, cause)
  }
}

/** Who only looks who holds the store shares its lock for a moment; that is waited for, and a holder is not. */
const LOOK_MS = 100

const isBusy = (cause: unknown): boolean =>
  cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')

const heldBy = (where: string, by: Holder | null, cause: unknown): LockedError =>
  new LockedError(
    by
      ? `the store is held by ${by.work} (process ${by.pid} on ${by.host}, since ${by.since})`
      : 'another process holds the store',
    { where, hint: 'wait for it with --wait, or stop that process; the lock goes with it', cause },
  )

/** Shares the lock for the moment of one reading, so that several may look at once. @throws when somebody holds it. */
const lockProbe = (path: string): void => {
  const db = new Database(path, { timeout: 0, readonly: true })
  try {
    db.pragma('schema_version')
  } finally {
    db.close()
  }
}

const noteOf = (mirrorPath: string): string => `${mirrorPath}.lock.json`

/** The note is for people; a killed holder leaves it behind, so it proves nothing by itself. */
const readHolder = (mirrorPath: string): Holder | null => {
  try {
    return JSON.parse(readFileSync(noteOf(mirrorPath), 'utf8')) as Holder
  } catch {
    return null
  }
}
