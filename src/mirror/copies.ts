import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { isoTime } from '../model/index.ts'
import { faultIn } from './sound.ts'

/** Where the copies of one store's mirror lie, and the store's name, which theirs begin with. */
export interface Copies {
  readonly folder: string
  readonly store: string
}

export interface KnownCopy {
  readonly path: string
  /** UTC ISO-8601. */
  readonly at: string
  readonly bytes: number
}

/** The name of a copy that is made now. */
export const copyPath = ({ folder, store }: Copies, now: number): string =>
  join(folder, `${store}-${isoTime(now).replaceAll(/[-:]/g, '')}.db`)

/** Newest first; files of other names are left out. */
export const listCopies = ({ folder, store }: Copies): readonly KnownCopy[] => {
  if (!existsSync(folder)) return []
  const found = readdirSync(folder).flatMap((name): KnownCopy[] => {
    const [, of, ...parts] = NAME.exec(name) ?? []
    if (of !== store) return []
    const [year, month, day, hour, minute, second] = parts
    const path = join(folder, name)
    return [{ path, at: `${year}-${month}-${day}T${hour}:${minute}:${second}Z`, bytes: statSync(path).size }]
  })
  return found.sort((a, b) => (a.at < b.at ? 1 : -1))
}

const NAME = /^(.+)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.db$/

/** The newest copy that is sound, looked at anew; null when there is none. */
export const newestGoodCopy = (copies: Copies): string | null =>
  listCopies(copies).find(({ path }) => isSound(path))?.path ?? null

const isSound = (path: string): boolean => {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true })
    try {
      return faultIn(db) === null
    } finally {
      db.close()
    }
  } catch {
    // One that cannot even be opened is not the one to name.
    return false
  }
}

/** Removes the copies that nobody needs to keep, and what killed copying left behind. Returns what it removed. */
export const pruneCopies = (copies: Copies, now: number): readonly string[] => {
  const all = listCopies(copies)
  const kept = keptTimes(
    all.map(({ at }) => at),
    now,
  )
  const old = all.filter(({ at }) => !kept.has(at)).map(({ path }) => path)
  for (const path of [...old, ...leftovers(copies, now)]) rmSync(path, { force: true })
  return old
}

const leftovers = ({ folder, store }: Copies, now: number): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(`${store}-`) && /\.part(-journal|-wal|-shm)?$/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => now - statSync(path).mtimeMs > DAY_MS)

/** All of the last day, then the newest of each of seven days and of each of four weeks: days and weeks that have one. */
export const keptTimes = (times: readonly string[], now: number): ReadonlySet<string> => {
  const newest = [...times].sort().reverse()
  const lately = newest.filter((at) => now - Date.parse(at) < DAY_MS)
  return new Set([
    ...lately,
    ...newestOfEach(newest, (at) => at.slice(0, 10)).slice(0, DAYS),
    ...newestOfEach(newest, weekOf).slice(0, WEEKS),
  ])
}

const DAY_MS = 24 * 3_600_000
const DAYS = 7
const WEEKS = 4

const newestOfEach = (newest: readonly string[], spanOf: (at: string) => string): readonly string[] => {
  const spans = new Map<string, string>()
  for (const at of newest) if (!spans.has(spanOf(at))) spans.set(spanOf(at), at)
  return [...spans.values()]
}

/** The number of the week, weeks beginning on Monday: 1970 began on a Thursday. */
const weekOf = (at: string): string => String(Math.floor((Date.parse(at) / DAY_MS + 3) / 7))
