import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
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

const unusable = (path: string, cause: unknown): MirrorError => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const damaged = code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')
  return new MirrorError(damaged ? 'the file is damaged or is no SQLite database' : 'the file cannot be opened', {
    where: path,
    hint: damaged
      ? 'restore a copy with `skiff restore`, or move the file away and run `skiff pull --full`'
      : 'check that the folder exists, is writable and has room',
    cause,
  })
}
