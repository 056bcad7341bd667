import type { KeyRange } from '../mirror/index.ts'

/** A search for the keys that two sides do not share, by counting. */
export interface CountSearch {
  /** The range to count next, of which one page of keys comes along; null when nothing differs any more. */
  next(): KeyRange | null
  /** What the store says of the range that `next` named: its first keys, in order, at most a page of them, and how many it holds. */
  learn(keys: readonly number[], count: number): void
  /** Held keys that the store does not have. */
  readonly missing: readonly number[]
  /** Keys of the store that are not held. */
  readonly unknown: readonly number[]
}

/**
 * Finds the keys that two sides do not share, where their totals differ: a stretch of keys of which both have as many is passed over,
 * another is halved. Every question brings a page of keys as well and begins where the last page ended, so all of them together are
 * never more than the pages of a whole sweep. Keys may be added meanwhile beyond the greatest.
 * @param held keys in order
 * @param total how many keys the store has
 */
export const countSearch = (held: readonly number[], total: number, pageSize: number): CountSearch => {
  const missing: number[] = []
  const unknown: number[] = []
  /** All up to here is settled. */
  let after = Number.NEGATIVE_INFINITY
  /** What is known of the keys beyond. */
  let stretches: readonly Stretch[] = [{ upTo: Number.POSITIVE_INFINITY, count: total }]
  let asked = after

  const heldBetween = (from: number, to: number): readonly number[] =>
    held.slice(placeBeyond(held, from), placeBeyond(held, to))
  const sizeBetween = (from: number, to: number): number => placeBeyond(held, to) - placeBeyond(held, from)

  const settle = (): void => {
    for (const { upTo, count } of stretches) {
      if (count === 0) for (const key of heldBetween(after, upTo)) missing.push(key)
      else if (count !== sizeBetween(after, upTo)) return
      stretches = stretches.slice(1)
      after = upTo
    }
  }

  /** Up to which key to ask, so that a full page comes, or as much is passed over thereby. */
  const bound = (): number => {
    let rows = 0
    let from = after
    for (const { upTo, count } of stretches) {
      const size = sizeBetween(from, upTo)
      const isEven = count === size
      if (isEven && rows + count >= pageSize) return from
      if (!isEven && rows + count > pageSize) {
        // Should all that is lost lie at the beginning, the rest still fills the page.
        const part = Math.max(pageSize - rows + Math.max(0, size - count), size >> 1)
        return part < size ? (held[placeBeyond(held, from) + part - 1] ?? upTo) : upTo
      }
      rows += count
      from = upTo
    }
    return from
  }

  const compare = (keys: readonly number[], upTo: number): void => {
    const present = new Set(keys)
    for (const key of heldBetween(after, upTo)) if (!present.delete(key)) missing.push(key)
    unknown.push(...present)
  }

  return {
    next: () => {
      settle()
      if (!stretches.length) return null
      asked = bound()
      return { after: finite(after), upTo: finite(asked) }
    },
    learn: (keys, count) => {
      const left = count - keys.length
      const upTo = left > 0 ? (keys.at(-1) ?? asked) : asked
      compare(keys, upTo)
      const within = stretches.findIndex((one) => one.upTo >= asked)
      const known = stretches.slice(0, within + 1).reduce((sum, one) => sum + one.count, 0)
      const end = stretches[within]?.upTo ?? asked
      stretches = [
        ...(left > 0 ? [{ upTo: asked, count: left }] : []),
        // Fewer than none are left only when the store changed in between.
        ...(end > asked ? [{ upTo: end, count: Math.max(0, known - count) }] : []),
        ...stretches.slice(within + 1),
      ]
      after = upTo
    },
    missing,
    unknown,
  }
}

/** Keys of the store from where the one before ends. */
interface Stretch {
  readonly upTo: number
  readonly count: number
}

/** How many of the keys are not greater than one. */
const placeBeyond = (keys: readonly number[], key: number): number => {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] as number) <= key) low = middle + 1
    else high = middle
  }
  return low
}

const finite = (key: number): number | null => (Number.isFinite(key) ? key : null)
