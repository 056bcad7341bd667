import type { Recent } from '../diff/index.ts'
import { type Change, isoTime, matchText } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'

/** What was written in the last day to the rows that are about to change: what goes to and fro, or changes too often, is held. */
export const recentChanges = (
  context: Context,
  { mirror }: Pick<StoreSide, 'mirror'>,
  resource: string,
  changes: readonly Pick<Change, 'key'>[],
): Recent => {
  const since = isoTime(context.clock.now() - DAY_MS)
  if (!mirror.hasApplied(since)) return new Map()
  return new Map(
    changes.map(({ key }) => {
      const text = matchText(key)
      return [text, mirror.appliedTo(resource, text, since)] as const
    }),
  )
}

const DAY_MS = 24 * 3_600_000
