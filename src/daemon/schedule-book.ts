import { join } from 'node:path'
import { type Lock, lockStore, readState, type Settings, writeState } from '../app/index.ts'
import { isoTime, LockedError } from '../model/index.ts'

export interface ScheduleEntry {
  /** Cron expression and time zone that `last` belongs to. */
  readonly schedule: string
  /** The latest instant that was run or passed over, UTC ISO-8601. */
  readonly last: string
  /** The instant after it; for people, and for `status`. */
  readonly next: string | null
}

export type ScheduleEntries = Readonly<Record<string, ScheduleEntry>>

export interface ScheduleBook {
  readonly entries: ScheduleEntries
  save(entries: ScheduleEntries): void
  release(): void
}

/**
 * What `serve` remembers across restarts, by job. It is a JSON file of its own beside the mirrors: a job may span several
 * stores, so no mirror is its place; there is one writer, held by a lock; and a person can read it.
 * @throws {LockedError} when another `serve` works with this configuration.
 */
export const openScheduleBook = (settings: Settings, host: string, now: number): ScheduleBook => {
  const path = pathOf(settings)
  const lock = lockFor(path, host, now)
  const entries = readEntries(settings)
  let saved = JSON.stringify(entries)
  return {
    entries,
    save: (next) => {
      // Asked for once a minute, and hardly ever is there anything new.
      if (JSON.stringify(next) === saved) return
      writeState(path, next)
      saved = JSON.stringify(next)
    },
    release: () => lock.release(),
  }
}

/** The same for reading, whoever writes. */
export const readEntries = (settings: Settings): ScheduleEntries => readState<ScheduleEntries>(pathOf(settings), {})

const pathOf = ({ dir }: Settings): string => join(dir, '.skiff', 'schedule.json')

const lockFor = (path: string, host: string, now: number): Lock => {
  try {
    return lockStore(path, { pid: process.pid, host, since: isoTime(now), work: 'serve' })
  } catch (cause) {
    if (!(cause instanceof LockedError)) throw cause
    throw new LockedError('another `skiff serve` runs the jobs of this configuration', {
      where: path,
      hint: 'one is enough; stop that one first',
      cause,
    })
  }
}
