/** The clocks of one time zone: what they show at an instant, and at which instants they show something. */
export interface WallClock {
  /** What is to be added to an instant to get what the clocks show, ms. */
  offset(instant: number): number
  /** The day, as midnight of the same date in UTC, that the clocks show at an instant. */
  day(instant: number): number
  /**
   * Instants at which the clocks show a time of a day, ms. Two when they show it twice because they are turned back. A time
   * that they leave out is the instant at which they would have shown it had they not been turned forward: 02:30 is 03:30.
   */
  instants(day: number, timeOfDay: number): readonly number[]
}

/** @param timezone IANA name. */
export const wallClock = (timezone: string): WallClock => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hourCycle: 'h23', ...NUMERIC })
  const offset = (instant: number): number => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
  }
  return {
    offset,
    day: (instant) => Math.floor((instant + offset(instant)) / DAY_MS) * DAY_MS,
    instants: (day, timeOfDay) => {
      const shown = day + timeOfDay
      // No zone is a whole day from UTC, so these lie before and after the day everywhere.
      const before = shown - offset(day - DAY_MS)
      const after = shown - offset(day + 2 * DAY_MS)
      if (before === after) return [before]
      const real = [before, after].filter((instant) => instant + offset(instant) === shown)
      return real.length ? real.sort((a, b) => a - b) : [before]
    },
  }
}

export const DAY_MS = 86_400_000

const NUMERIC = {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const
