import type { KeyRange } from '../mirror/index.ts'
import type { PageRequest } from '../store/index.ts'

/** How a store is asked for the keys of a range. */
export const boundsOf = ({ after, upTo }: KeyRange): Pick<PageRequest, 'after' | 'upTo'> => ({
  ...(after === null ? {} : { after }),
  ...(upTo === null ? {} : { upTo }),
})

/** What is left of some ranges of whole numbers, in their order, without those of another range. */
export const without = (ranges: readonly KeyRange[], gone: KeyRange): readonly KeyRange[] =>
  ranges.flatMap((range) => {
    const below = { after: range.after, upTo: Math.min(endOf(range), startOf(gone)) }
    const above = { after: Math.max(startOf(range), endOf(gone)), upTo: range.upTo }
    return [below, above]
      .filter((part) => startOf(part) < endOf(part))
      .map(({ after, upTo }) => ({ after: finite(after), upTo: finite(upTo) }))
  })

/** Whether all of a range lies in one of others. */
export const isWithin = (ranges: readonly KeyRange[], inner: KeyRange): boolean =>
  ranges.some((outer) => startOf(outer) <= startOf(inner) && endOf(inner) <= endOf(outer))

const startOf = ({ after }: KeyRange): number => after ?? Number.NEGATIVE_INFINITY

const endOf = ({ upTo }: KeyRange): number => upTo ?? Number.POSITIVE_INFINITY

const finite = (key: number | null): number | null => (key !== null && Number.isFinite(key) ? key : null)
