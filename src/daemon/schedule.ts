import { createTask, parse } from 'node-cron'
import { DAY_MS, type WallClock, wallClock } from './wall-clock.ts'

/** The instants at which a job is due, ms since 1970. */
export interface Schedule {
  /** The first instant after a moment; null when there is none within the next years. */
  next(after: number): number | null
  /** The last instant after `from` and not after `until`; null when there is none. */
  latest(from: number, until: number): number | null
}

/**
 * node-cron reads the expression; the instants are reckoned here, because its own timer leaves runs out when the clocks are
 * changed: the repeated hour of autumn, and what lies in the missing hour of spring. Here nothing is left out and nothing comes
 * twice: a time that the clocks leave out is due as much later, and one that they show twice is due at its first showing, or
 * at both when the job is due in every hour of the day.
 */
export const scheduleOf = (cron: string, timezone: string): Schedule => {
  const { hour: hours, minute: minutes } = parse(cron)
  const clock = wallClock(timezone)
  const isDue = dayMatcher(cron)
  const times = hours.flatMap((hour) => minutes.map((minute) => (hour * 60 + minute) * 60_000))
  const known = new Map<number, readonly number[]>()
  const instantsOf = (day: number): readonly number[] => {
    if (!isDue(day)) return []
    const found = known.get(day) ?? instantsOfDay(clock, day, times, hours.length === 24)
    // A day on which the clocks change is dear to reckon, and asked for again all day long.
    if (known.size > FEW_DAYS) known.clear()
    known.set(day, found)
    return found
  }
  return {
    next: (after) => {
      // Instants of the day before may lie after midnight where the clocks are turned forward at midnight.
      const first = clock.day(after) - DAY_MS
      for (let day = first; day <= first + HORIZON_DAYS * DAY_MS; day += DAY_MS) {
        const found = instantsOf(day).find((instant) => instant > after)
        if (found !== undefined) return found
      }
      return null
    },
    latest: (from, until) => {
      for (let day = clock.day(until); day >= clock.day(from) - DAY_MS; day -= DAY_MS) {
        const found = instantsOf(day).findLast((instant) => instant <= until)
        if (found !== undefined) return found > from ? found : null
      }
      return null
    },
  }
}

const FEW_DAYS = 4

/** 29 February comes every eighth year at worst. */
const HORIZON_DAYS = 8 * 366 + 1

/** Whether a date, given as its midnight in UTC, is one of the expression's days, months and weekdays. */
const dayMatcher = (cron: string): ((day: number) => boolean) => {
  const days = cron.trim().split(/\s+/).slice(2).join(' ')
  const task = createTask(`0 0 ${days}`, () => undefined, { timezone: 'UTC' })
  return (day) => task.match(new Date(day))
}

const instantsOfDay = (
  clock: WallClock,
  day: number,
  times: readonly number[],
  everyHour: boolean,
): readonly number[] => {
  const instants = times.flatMap((time) => {
    const shown = clock.instants(day, time)
    return everyHour ? shown : shown.slice(0, 1)
  })
  return [...new Set(instants)].sort((a, b) => a - b)
}
