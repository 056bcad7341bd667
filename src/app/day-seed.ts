import type { Clock } from '../model/index.ts'

/** The number of the day: samples with consecutive seeds meet everything in turn. */
export const daySeed = (clock: Clock): number => Math.floor(clock.now() / A_DAY_MS)

const A_DAY_MS = 24 * 3_600_000
