import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { isoTime, MirrorError, SkiffError } from '../model/index.ts'
import { flush, flushFolder } from './copy.ts'
import { type Db, isMirror, openFile, unusable } from './file.ts'
import { migrationsOf } from './migrate.ts'
import type { Lineage } from './runs.ts'
import { faultIn } from './sound.ts'

/** What a file is, as far as putting it in a mirror's place needs to know. */
export interface Candidate {
  readonly lineage: Lineage
  /** The newest entry of the journal; 0 when it has none. */
  readonly seq: number
  /** Start of the newest run that it knows, UTC ISO-8601; null when it knows none. */
  readonly newestRun: string | null
}

export interface RestoreOptions {
  /** The mirror; its lock is held by the caller. */
  readonly path: string
  readonly from: string
  /** Of the store that the mirror is for. */
  readonly hash: string
  readonly migrations: string
  readonly now: number
}

/**
 * What a copy holds, after it was looked over as a whole.
 * @throws {MirrorError} when it is damaged, no mirror, of another store, or written by a newer Skiff.
 */
export const candidateAt = (
  from: string,
  { hash, migrations }: Pick<RestoreOptions, 'hash' | 'migrations'>,
): Candidate => {
  if (!existsSync(from)) throw notGood(from, 'it does not exist')
  const db = readOnly(from)
  try {
    if (!isMirror(db)) throw notGood(from, 'it is no mirror')
    const fault = faultIn(db)
    if (fault !== null) throw notGood(from, `it is damaged: ${fault}`)
    migrationsOf(db, migrations)
    const lineage = lineageOf(db)
    if (!lineage) throw notGood(from, 'it does not know which store it is of')
    if (lineage.hash !== hash) throw notGood(from, `it is of store ${lineage.hash}, not of ${hash}`)
    const first = (sql: string): unknown => db.prepare(sql).pluck().get()
    const seq = Number(first('SELECT max(seq) FROM sync_journal') ?? 0)
    return { lineage, seq, newestRun: first('SELECT max(started) FROM sync_run') as string | null }
  } catch (cause) {
    throw cause instanceof SkiffError ? cause : unusable(from, cause)
  } finally {
    db.close()
  }
}

export interface Restored {
  readonly copy: Candidate
  /** Where the file that was there is now; null when there was none. */
  readonly kept: string | null
}

/**
 * Puts a copy in the place of a mirror. What was there stays beside it, under a name with the time. At every moment there is one
 * whole file at the mirror's path.
 * @throws {MirrorError} as `candidateAt`, and when the mirror that is there knows another lineage; nothing is changed then.
 */
export const restoreMirror = (options: RestoreOptions): Restored => {
  const { path, from, now } = options
  const next = `${path}.${process.pid}.part`
  try {
    copyFileSync(from, next)
    flush(next)
    // The bytes that will be used are looked at, not those that they were read from.
    const copy = candidateAt(next, options)
    const isThere = existsSync(path)
    if (isThere) settle(path, copy.lineage)
    const aside = freeName(`${path}.before-${isoTime(now).replaceAll(/[-:]/g, '')}`)
    if (isThere) keepAside(path, aside)
    renameSync(next, path)
    flushFolder(dirname(path))
    return { copy, kept: isThere ? aside : null }
  } catch (cause) {
    if (existsSync(next)) rmSync(next)
    if (cause instanceof SkiffError) throw cause
    throw new MirrorError('the copy cannot be put in the place of the mirror', {
      where: path,
      hint: 'check that the folder of the mirror can be written and has room for another copy',
      cause,
    })
  }
}

const readOnly = (path: string): Db => {
  try {
    return new Database(path, { readonly: true, fileMustExist: true })
  } catch (cause) {
    throw unusable(path, cause)
  }
}

const notGood = (path: string, reason: string): MirrorError =>
  new MirrorError(`the copy cannot be used: ${reason}`, {
    where: path,
    hint: 'the mirror is as it was; give another copy of this store',
  })

const lineageOf = (db: Db): Lineage | undefined =>
  db.prepare('SELECT hash, domain, currency FROM sync_store').get() as Lineage | undefined

/** Brings the log of the present file into it, as far as it is sound; one that is not keeps its log beside it. */
const settle = (path: string, { hash, currency }: Lineage): void => {
  let known: Lineage | undefined
  try {
    const db = openFile(path)
    try {
      db.pragma('wal_checkpoint(TRUNCATE)')
      known = lineageOf(db)
    } finally {
      db.close()
    }
  } catch {
    // A damaged file is what a copy is for.
    return
  }
  if (!known || (known.hash === hash && known.currency === currency)) return
  throw notGood(
    path,
    `the mirror that is there is of store ${known.hash} in ${known.currency}, the copy of ${hash} in ${currency}`,
  )
}

/** The name, or one after it where something was put aside in the same second. */
const freeName = (name: string): string => {
  let free = name
  for (let next = 2; existsSync(free); next += 1) free = `${name}-${next}`
  return free
}

const keepAside = (path: string, aside: string): void => {
  try {
    linkSync(path, aside)
  } catch {
    // Not every file system has a second name for a file.
    copyFileSync(path, aside)
  }
  // A log that stayed would be read into the file that comes.
  for (const end of ['-wal', '-shm']) if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${aside}${end}`)
}
