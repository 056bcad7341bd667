/** How a push goes so far. */
export interface Going {
  /** Rows that ended as applied or failed. */
  readonly ended: number
  readonly failed: number
  /** Failures since the last row that was applied. */
  readonly inARow: number
  /** Rows that turned out to hold another value than the one that was written. */
  readonly mismatched: number
}

/** Why a push must not go on: what fails now would fail for the rest too. Undefined while it may. */
export const whyBroken = ({ ended, failed, inARow, mismatched }: Going): string | undefined => {
  if (mismatched >= MOST_MISMATCHES) return `${mismatched} rows do not hold what was written to them`
  if (inARow >= MOST_IN_A_ROW) return `${inARow} rows failed one after the other`
  if (ended >= ENOUGH_ROWS && failed > ended * MOST_FAILED) return `${failed} of ${ended} rows failed`
  return undefined
}

const MOST_MISMATCHES = 3
const MOST_IN_A_ROW = 5
const ENOUGH_ROWS = 50
const MOST_FAILED = 0.02
