import { openJobBook, type Settings } from '../app/index.ts'
import { isoTime } from '../model/index.ts'
import { scheduleOf } from './schedule.ts'
import { readEntries } from './schedule-book.ts'

/** When a job is due next, and whether it should have run already. Times are UTC ISO-8601. */
export interface JobOutlook {
  readonly job: string
  readonly cron: string
  readonly timezone: string
  /** Null when its dates do not come within the next years. */
  readonly next: string | null
  /** The latest instant that passed without a run, although one before it had its run; null when there is none. */
  readonly missed: string | null
}

/** The scheduled jobs of the configuration, whether or not a `serve` goes on. @param now ms since 1970. */
export const outlook = (settings: Settings, now: number): readonly JobOutlook[] => {
  const entries = readEntries(settings)
  return Object.values(settings.jobs).flatMap(({ name, cron, timezone }) => {
    if (cron === undefined) return []
    const schedule = scheduleOf(cron, timezone)
    const entry = entries[name]
    const known = [
      entry?.schedule === `${cron} ${timezone}` ? Date.parse(entry.last) : 0,
      Date.parse(openJobBook(settings, name).runs()[0]?.started ?? '1970-01-01T00:00:00Z'),
    ]
    const last = Math.max(...known)
    const missed = last > 0 ? schedule.latest(last, now - PATIENCE_MS) : null
    return [{ job: name, cron, timezone, next: timeOrNull(schedule.next(now)), missed: timeOrNull(missed) }]
  })
}

/** A run may wait for another one on the same store. */
const PATIENCE_MS = 15 * 60_000

const timeOrNull = (millis: number | null): string | null => (millis === null ? null : isoTime(millis))
