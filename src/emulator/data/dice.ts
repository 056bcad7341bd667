import type { Random } from '../../model/index.ts'

/** A whole number from `low` to `high`, both included. */
export const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1))

export const chance = (random: Random, share: number): boolean => random() < share

/** One element of a list that is not empty. */
export const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T

/** Some neighbouring elements, in their order. */
export const run = <T>(random: Random, list: readonly T[], length: number): readonly T[] => {
  const size = Math.min(length, list.length)
  const from = between(random, 0, list.length - size)
  return list.slice(from, from + size)
}

/** A UUID's form; the digits come from the generator. */
export const uuid = (random: Random): string =>
  'xxxxxxxx-xxxx-4xxx-9xxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(random() * 16).toString(16))
