import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { LockedError } from '../model/index.ts'

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
 */
export const lockStore = (mirrorPath: string, holder: Holder): Lock => {
  const path = `${mirrorPath}.lock`
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const db = new Database(path, { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    db.close()
    const by = readHolder(mirrorPath)
    throw new LockedError(
      by
        ? `the store is held by ${by.work} (process ${by.pid} on ${by.host}, since ${by.since})`
        : 'another process holds the store',
      {
        where: path,
        hint: 'wait for it to end, or stop that process; the lock goes with it',
        cause,
      },
    )
  }
  // Whoever may open it may hold it. Not opened for this: closing it again would let the lock go.
  chmodSync(path, 0o600)
  writeFileSync(noteOf(mirrorPath), JSON.stringify(holder), { mode: 0o600 })
  return {
    release: () => {
      rmSync(noteOf(mirrorPath), { force: true })
      db.close()
    },
  }
}

/** Who holds a store now; null when it is free. */
export const lockHolder = (mirrorPath: string): Holder | null => {
  try {
    lockProbe(`${mirrorPath}.lock`)
    return null
  } catch {
    return readHolder(mirrorPath)
  }
}

const lockProbe = (path: string): void => {
  const db = new Database(path, { timeout: 0, fileMustExist: true })
  try {
    db.exec('BEGIN EXCLUSIVE; COMMIT')
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
