import { isoTime, type LeftBehind } from '../../model/index.ts'
import { adopt } from './adopt.ts'
import { noteBehind } from './behind.ts'
import type { Copy } from './copies.ts'
import { keptRows } from './keep-rows.ts'
import { leftOut } from './left-out.ts'
import { makeRows, noteMade, wishesOf } from './make-rows.ts'
import { aboutOf, matchRows } from './match-rows.ts'
import type { Moving } from './moving.ts'
import { keptFirst, ownFirst } from './own-first.ts'
import { notDone, type Pushed, pushRows, whyStopped } from './push-copy.ts'
import { readAgain } from './read-again.ts'
import { unkeptOf, unmadeOf } from './unmade.ts'

/** What became of one resource's rows. */
export interface Copied {
  readonly resource: string
  /** Rows of the old store. */
  readonly rows: number
  readonly created: number
  /** Rows that were there before and stand for an old one now. */
  readonly adopted: number
  readonly updated: number
  readonly conflicts: number
  /** Planned rows that were not carried out. */
  readonly failed: number
  readonly left: readonly LeftBehind[]
  /** The plan or push that could not go on. */
  readonly stop: Pushed | null
}

/**
 * Copies one resource: recognises what is there, makes what is not, and then brings both to the same values, field by field with a base.
 * Rows that wait for others of their kind (a category below one that is made just now) are made in rounds.
 */
export const copyResource = async (moving: Moving, copy: Copy): Promise<Copied> => {
  const { resource } = copy
  const rows = moving.from.mirror.lookup(resource, resource.key).count()
  const made = await makeAll(moving, copy)
  if (made.stop) return { ...made, resource: resource.name, rows, updated: 0, conflicts: 0 }
  const kept = keptRows(moving, copy)
  const edits = keptFirst(moving, copy, ownFirst(moving, copy))
  moving.to.mirror.saveBase(copy.update.name, edits, isoTime(moving.context.clock.now()))
  const pushed = await pushRows(moving, copy.update, `${resource.name} of ${moving.from.name}`, kept.rows)
  const left = [...made.left, ...kept.lacking, ...unkeptOf(resource, kept, pushed)]
  noteBehind(moving, resource, left)
  return {
    ...made,
    resource: resource.name,
    rows,
    updated: pushed.report?.counts.applied ?? 0,
    conflicts: pushed.plan?.summary.conflict ?? 0,
    failed: made.failed + notDone(pushed),
    left,
    stop: whyStopped(pushed) ? pushed : null,
  }
}

type Made = Pick<Copied, 'created' | 'adopted' | 'failed' | 'left' | 'stop'>

const makeAll = async (moving: Moving, copy: Copy, before: Made = NONE): Promise<Made> => {
  const { found, fresh, doubtful } = matchRows(moving, copy)
  const unmade = new Set(await noteMade(moving, copy, [...fresh, ...found.map(({ old }) => old)]))
  const { adopted, left } = adopt(
    moving,
    copy,
    found.filter(({ old }) => unmade.has(old)),
  )
  const lacking = fresh.filter((old) => unmade.has(old))
  const wishes = wishesOf(moving, copy, lacking)
  const pushed = await makeRows(moving, copy, wishes)
  const created = pushed.report?.counts.applied ?? 0
  if (created) {
    await readAgain(
      moving,
      copy.resource,
      wishes.flatMap((wish) => ('row' in wish ? [wish.row] : [])),
    )
    await noteMade(moving, copy, lacking)
  }
  const made: Made = {
    created: before.created + created,
    adopted: before.adopted + adopted,
    failed: before.failed + notDone(pushed),
    left: [
      ...doubtful.map(({ old, reason }) => ({ ...aboutOf(copy.resource, old), reason })),
      ...left,
      ...leftOut(moving, copy, lacking, wishes),
      ...unmadeOf(moving, copy, wishes, pushed),
    ],
    stop: whyStopped(pushed) ? pushed : null,
  }
  return created && wishes.some((wish) => 'waits' in wish) && !made.stop ? makeAll(moving, copy, made) : made
}

const NONE: Made = { created: 0, adopted: 0, failed: 0, left: [], stop: null }
