import { isBlocked } from '../diff/index.ts'
import type { Mirror, OpenRow } from '../mirror/index.ts'
import { type Change, matchText, type OpenRows, type Plan, pushable, type RowResult } from '../model/index.ts'
import { ALREADY } from './check-rows.ts'

type Open = Omit<OpenRow, 'since'>

/** How many rows of a sync are open, and since when the oldest of them is. */
export const openRowsOf = (mirror: Mirror, sync: string): OpenRows => {
  const rows = mirror.openRows(sync)
  return { rows: rows.length, since: rows[0]?.since ?? null }
}

/**
 * Takes down which rows a plan leaves open. A row that failed before stays open while it is planned again. A blocked plan says
 * nothing about single rows.
 */
export const openInPlan = (mirror: Mirror, plan: Plan): void => {
  if (isBlocked(plan.guards)) return
  const open = openOf(plan)
  const still = new Set([...open.map(({ key }) => key), ...pushable(plan).map(({ key }) => matchText(key))])
  const settled = mirror.openRows(plan.sync).filter(({ key }) => !still.has(key))
  mirror.dropOpenRows(
    plan.sync,
    settled.map(({ key }) => key),
  )
  mirror.saveOpenRows(plan.sync, open, plan.created)
}

/** Takes down which rows a push left open, and which it put in step. */
export const openAfterPush = (mirror: Mirror, sync: string, results: readonly RowResult[], at: string): void => {
  const settled = results.filter(({ state, reason }) => state === 'applied' || reason === ALREADY)
  const open = results.flatMap(({ key, state, reason }): Open[] =>
    (state === 'failed' || state === 'skipped') && reason !== ALREADY
      ? [{ key: matchText(key), state, reason: reason ?? state }]
      : [],
  )
  mirror.dropOpenRows(
    sync,
    settled.map(({ key }) => matchText(key)),
  )
  mirror.saveOpenRows(sync, open, at)
}

const openOf = ({ changes, held, rejected }: Plan): readonly Open[] => [
  ...rejected.map(({ key, row, column, value, reason }): Open => {
    const name = key ? matchText(key) : `line ${row}`
    return { key: name, state: 'rejected', reason: `${column} ${JSON.stringify(value)}: ${reason}` }
  }),
  ...held.map(
    ({ key, guard, reason }): Open => ({ key: matchText(key), state: 'held', reason: `${guard}: ${reason}` }),
  ),
  ...changes.filter(({ action }) => action === 'conflict').map(conflict),
]

const conflict = ({ key, fields }: Change): Open => ({
  key: matchText(key),
  state: 'conflict',
  reason: `both sides changed ${fields.map(({ field }) => field).join(', ')}`,
})
