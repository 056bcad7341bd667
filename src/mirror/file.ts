import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { MirrorError } from '../model/index.ts'

export type Db = Database.Database

/**
 * Opens the file for one writer, or makes it (file 0600, new folders 0700), with every setting that safety rests on.
 * @throws {MirrorError} when the file is damaged or belongs to another program.
 */
export const openFile = (path: string): Db => {
  const opened: { db?: Db } = {}
  try {
    makeReady(path)
    const db = new Database(path, { timeout: BUSY_MS })
    opened.db = db
    claim(db, path)
    setUp(db, path)
    return db
  } catch (cause) {
    opened.db?.close()
    if (cause instanceof MirrorError) throw cause
    throw unusable(path, cause)
  }
}

/** "Skif": what tells a mirror from any other SQLite file. */
const APPLICATION_ID = 0x53_6b_69_66

/** Whether a file says of itself that it is a mirror. */
export const isMirror = (db: Db): boolean => db.pragma('application_id', { simple: true }) === APPLICATION_ID

const BUSY_MS = 5000

const makeReady = (path: string): void => {
  if (existsSync(path)) {
    chmodSync(path, 0o600)
    return
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  // SQLite gives its side files the mode of the main one, so that one must be right before SQLite sees it.
  closeSync(openSync(path, 'wx', 0o600))
}

const claim = (db: Db, path: string): void => {
  const owner = db.pragma('application_id', { simple: true })
  if (owner === APPLICATION_ID) return
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get()
  if (owner !== 0 || tables !== 0) {
    throw new MirrorError('the file belongs to another program', {
      where: path,
      hint: 'give the store another mirror path, or move this file away',
    })
  }
  db.pragma(`application_id = ${APPLICATION_ID}`)
}

const setUp = (db: Db, path: string): void => {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('recursive_triggers = ON')
  db.pragma('trusted_schema = OFF')
  db.pragma('wal_autocheckpoint = 8000')
  // A power cut must not take back a journal entry, so what was asked for is also what must be.
  for (const [name, wanted] of [
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
  ] as const) {
    const found = db.pragma(name, { simple: true })
    if (found === wanted) continue
    throw new MirrorError(`SQLite runs with ${name} = ${found} here, not ${wanted}`, {
      where: path,
      hint: 'put the mirror on a local disk; network folders cannot keep it safe',
    })
  }
}

/** Whether SQLite failed because of the file or the disk under it, and not because of what was asked of it. */
export const isOfDisk = (cause: unknown): boolean => OF_DISK.test(codeOf(cause))

const OF_DISK = /^SQLITE_(NOTADB|CORRUPT|FULL|IOERR|READONLY|CANTOPEN|PERM|BUSY)/

/** Whether SQLite could not carry out a statement by the schema that it found. */
export const isOfSchema = (cause: unknown): boolean => codeOf(cause) === 'SQLITE_ERROR'

/** What a failure of the file means, and what to do about it. */
export const unusable = (path: string, cause: unknown): MirrorError => {
  const code = codeOf(cause)
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return damaged(path, cause)
  if (code === 'SQLITE_FULL') {
    return new MirrorError(`the disk is full: ${freeText(path)}`, {
      where: path,
      hint: 'make room and run the same command again; what was recorded stands',
      cause,
    })
  }
  const text = code.startsWith('SQLITE_READONLY')
    ? 'the file cannot be written'
    : 'the file cannot be opened or written'
  return new MirrorError(text, { where: path, hint: 'check that the folder exists, is writable and has room', cause })
}

/** The bytes are not those that were written. */
export class DamagedError extends MirrorError {}

export const damaged = (path: string, cause?: unknown): DamagedError =>
  new DamagedError('the file is damaged or is no SQLite database', {
    where: path,
    hint: 'put a copy back with `skiff restore FILE`, or move the file away and run `skiff pull --full`',
    cause,
  })

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : '')

const freeText = (path: string): string => {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return `${bavail * bsize} bytes are free there`
  } catch {
    // How much is free is a remark; that it is too little is known already.
    return 'nothing more can be written there'
  }
}
