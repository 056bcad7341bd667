import type { Random } from '../../src/model/index.ts'

/** Chance in the forms that a world needs it. */
export interface Dice {
  readonly random: Random
  chance(probability: number): boolean
  /** Whole numbers, both ends included. */
  between(low: number, high: number): number
  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T
}

export const diceOf = (random: Random): Dice => ({
  random,
  chance: (probability) => random() < probability,
  between: (low, high) => low + Math.floor(random() * (high - low + 1)),
  pick: <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T,
})
