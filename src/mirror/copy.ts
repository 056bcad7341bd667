import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { MirrorError, SkiffError } from '../model/index.ts'
import { type Db, unusable } from './file.ts'
import { faultIn } from './sound.ts'

/** A verified copy of a mirror. */
export interface Copy {
  readonly path: string
  readonly bytes: number
  /** Of all tables. */
  readonly rows: number
  /** The newest entry of the journal; 0 when it has none. */
  readonly seq: number
}

/**
 * Copies a mirror as it stands at one moment, also while another process writes to it, and proves the copy: it is sound in itself,
 * every table has as many rows as the original at that moment, the journal is whole and ends where it ended. Only then it gets its
 * name.
 * @throws {MirrorError} when no such copy can be made; nothing is left of it then.
 */
export const copyMirror = async (path: string, to: string): Promise<Copy> => {
  const part = `${to}.${process.pid}.part`
  try {
    makePlace(part)
    const counts = await copyAtOneMoment(path, part)
    flush(part)
    renameSync(part, to)
    flushFolder(dirname(to))
    return { path: to, bytes: statSync(to).size, rows: counts.total, seq: counts.seq }
  } catch (cause) {
    if (existsSync(part)) rmSync(part)
    if (cause instanceof SkiffError) throw cause
    throw new MirrorError('the mirror cannot be copied', {
      where: to,
      hint: 'check that the folder can be written and has room for another copy',
      cause,
    })
  }
}

const makePlace = (part: string): void => {
  mkdirSync(dirname(part), { recursive: true, mode: 0o700 })
  closeSync(openSync(part, 'w', 0o600))
}

interface Counts {
  readonly byTable: ReadonlyMap<string, number>
  readonly total: number
  readonly seq: number
}

const copyAtOneMoment = async (path: string, part: string): Promise<Counts> => {
  const original = opened(path)
  try {
    // The reading transaction holds the moment: what others commit meanwhile is not seen by the copy either.
    original.exec('BEGIN')
    const counts = countsOf(original)
    await original.backup(part, { progress: () => PAGES_AT_ONCE })
    prove(part, counts)
    return counts
  } finally {
    original.close()
  }
}

const opened = (path: string): Db => {
  try {
    return new Database(path, { readonly: true, fileMustExist: true })
  } catch (cause) {
    throw unusable(path, cause)
  }
}

/** 16 MB, and then whoever else waits has a turn. */
const PAGES_AT_ONCE = 4096

const countsOf = (db: Db): Counts => {
  const names = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all() as string[]
  const byTable = new Map(
    names.map((name) => [
      name,
      db
        .prepare(`SELECT count(*) FROM "${name.replaceAll('"', '""')}"`)
        .pluck()
        .get() as number,
    ]),
  )
  const newest = byTable.has('sync_journal') ? db.prepare('SELECT max(seq) FROM sync_journal').pluck().get() : null
  return { byTable, total: [...byTable.values()].reduce((sum, rows) => sum + rows, 0), seq: Number(newest ?? 0) }
}

const prove = (part: string, wanted: Counts): void => {
  const copy = new Database(part)
  try {
    // One file that stands for itself: a log beside it would be forgotten when somebody moves it.
    copy.pragma('journal_mode = DELETE')
    const fault = faultIn(copy) ?? difference(countsOf(copy), wanted)
    if (fault === null) return
    throw new MirrorError(`the copy is not good: ${fault}`, {
      where: part,
      hint: 'the mirror itself may be damaged; look for an older copy in the folder of the backups',
    })
  } finally {
    copy.close()
  }
}

const difference = (found: Counts, wanted: Counts): string | null => {
  for (const [table, rows] of wanted.byTable) {
    if (found.byTable.get(table) !== rows) return `${table} has ${found.byTable.get(table) ?? 'no'} rows, not ${rows}`
  }
  return found.seq === wanted.seq ? null : `its journal ends at ${found.seq}, not at ${wanted.seq}`
}

/** What was written to the file outlives a power cut. */
export const flush = (path: string): void => flushed(path, 'r+')

/** The same of the names in a folder. Windows has no such thing, and needs none. */
export const flushFolder = (path: string): void => {
  if (process.platform !== 'win32') flushed(path, 'r')
}

const flushed = (path: string, flags: 'r' | 'r+'): void => {
  const file = openSync(path, flags)
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
