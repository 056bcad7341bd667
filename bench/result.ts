/** One line of the table: a ratio of two figures of the same run, and what it should be. */
export interface Result {
  readonly measurement: string
  readonly what: string
  readonly ratio: number
  /** Null where nothing is promised. */
  readonly goal: Goal | null
  readonly met: boolean | null
  /** The figures behind the ratio; they hold for this machine and this hour only. */
  readonly figures: Readonly<Record<string, number>>
}

export interface Goal {
  readonly is: 'at least' | 'at most'
  readonly value: number
}

export const atLeast = (value: number): Goal => ({ is: 'at least', value })
export const atMost = (value: number): Goal => ({ is: 'at most', value })

export const result = (
  measurement: string,
  what: string,
  ratio: number,
  goal: Goal | null,
  figures: Readonly<Record<string, number>>,
): Result => ({ measurement, what, ratio, goal, met: goal && holds(ratio, goal), figures })

/** The table shows two places, so a goal is judged by two. */
const holds = (ratio: number, { is, value }: Goal): boolean => {
  const shown = Math.round(ratio * 100) / 100
  return is === 'at least' ? shown >= value : shown <= value
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
