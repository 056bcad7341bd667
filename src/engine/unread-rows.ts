import { isoTime, keyText, type Resource, type UnreadRow, type Values } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { readByKeys } from './read-rows.ts'
import type { PullTask } from './scope-of-pull.ts'

/** How many rows the mirror knows the store to have: those that it holds, and those that it could not read. */
export const knownRows = (side: StoreSide, resource: Resource): number =>
  side.mirror.lookup(resource, resource.key, []).count() + unreadKeys(side, resource).length

/** Keys of rows that the store has and that the mirror holds in no state, because they could not be read. */
export const unreadKeys = ({ mirror }: StoreSide, resource: Resource): readonly Values[] =>
  mirror.unread(resource).flatMap(({ key, isHeld }) => (isHeld ? [] : [key]))

/** Every row of a listing, or inside it, that could not be read when it was met last, as reports tell it. */
export const unreadRows = ({ mirror }: StoreSide, { resource, children }: PullTask): readonly UnreadRow[] =>
  [resource, ...children].flatMap((one) =>
    mirror.unread(one).map(({ key, reason, isHeld }) => ({
      resource: one.name,
      key: keyText(key),
      reason: isHeld ? `${reason}; the mirror keeps an older state of it` : reason,
    })),
  )

/**
 * Asks once more for rows that could not be read, because a bad answer may pass without a new date.
 * @param met keys that the pull at hand has met already, as texts
 * @returns how many rows that the mirror held are gone.
 */
export const readUnreadAgain = async (
  context: Context,
  side: StoreSide,
  task: PullTask,
  met: ReadonlySet<string>,
  run: string,
): Promise<number> => {
  const { resource, children } = task
  const [name = 'id'] = resource.key
  const own = side.mirror.unread(resource).map(({ key }) => key)
  const owners = children.flatMap((child) => side.mirror.unread(child).map(({ parent }) => ({ [name]: parent })))
  const byText = new Map([...own, ...owners].map((key) => [keyText(key), key]))
  const keys = [...byText].flatMap(([text, key]) => (met.has(text) ? [] : [key])).slice(0, MOST_AGAIN)
  const gone = keys.length ? await readByKeys(context, side, { task, purpose: 'read', run }, keys) : null
  return side.mirror.remove(resource, gone ?? [], run, isoTime(context.clock.now()))
}

/** Some listings are asked for one row at a time; the rest waits for the next pull of everything. */
const MOST_AGAIN = 100
