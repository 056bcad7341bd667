import { isoTime, type Resource } from '../model/index.ts'
import type { Writing } from './pushing.ts'

type Settling = Pick<Writing, 'side' | 'target'>

/** How long a write is left to settle, ms: as the resource's definition says, or longer where the store was seen to take longer. */
export const settleMs = (writing: Settling, resource: Resource): number =>
  Math.max(writing.side.settleMs ?? resource.settleMs, learnedMs(writing))

/** How long after an unanswered request the old value begins to count as evidence, ms. */
export const horizonMs = (writing: Settling): number => Math.max(writing.side.horizonMs, learnedMs(writing))

/** Takes note of a write that showed up `lagMs` after its request ended: from now on, twice that is waited for. */
export const learnLate = (writing: Writing, known: number, lagMs: number): void => {
  const { context, side, target, plan, run } = writing
  const longer = Math.min(Math.ceil(lagMs) * 2, MOST_MS)
  if (longer <= known) return
  side.mirror.saveLateSettle({
    resource: target.name,
    lagMs: Math.ceil(lagMs),
    settleMs: longer,
    run,
    plan: plan.plan,
    at: isoTime(context.clock.now()),
  })
}

/** What takes longer is not the store settling, but somebody who set the same value. */
const MOST_MS = 10 * 60_000

const learnedMs = ({ side, target }: Settling): number =>
  side.mirror
    .lateSettles()
    .reduce((most, { resource, settleMs: ms }) => (resource === target.name ? Math.max(most, ms) : most), 0)
