/** One line of the table: a ratio of two figures of the same run, and what it should be. */
export interface Result {
  readonly measurement: string
  readonly what: string
  /** The median of all rounds. */
  readonly ratio: number
  /** Smallest and largest of the rounds; null for what is counted and not timed. */
  readonly spread: readonly [number, number] | null
  /** The most memory that the measured process held, bytes, where that is of interest. */
  readonly peak: number | null
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

/** @param ratio one figure, or that of each round */
export const result = (
  measurement: string,
  what: string,
  ratio: number | readonly number[],
  goal: Goal | null,
  figures: Readonly<Record<string, number>>,
  peak: number | null = null,
): Result => {
  const rounds = typeof ratio === 'number' ? [ratio] : ratio
  const middle = median(rounds)
  const spread = rounds.length > 1 ? ([Math.min(...rounds), Math.max(...rounds)] as const) : null
  return { measurement, what, ratio: middle, spread, peak, goal, met: goal && holds(middle, goal), figures }
}

/** The table shows two places, so a goal is judged by two. */
export const holds = (ratio: number, { is, value }: Goal): boolean => {
  const shown = Math.round(ratio * 100) / 100
  return is === 'at least' ? shown >= value : shown <= value
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** How costs grow with sizes: the slope of the line through their logarithms. */
export const exponent = (sizes: readonly number[], costs: readonly number[]): number => {
  const points = sizes.map((size, at) => [Math.log(size), Math.log(costs[at] ?? 1)] as const)
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  return points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
}
