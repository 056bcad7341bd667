import { isBlocked, targetOf } from '../../diff/index.ts'
import {
  type Change,
  EXIT,
  isoTime,
  matchText,
  pick,
  type RowResult,
  type Source,
  stableJson,
  type UndoMoveReport,
} from '../../model/index.ts'
import type { Context, StoreSide } from '../context.ts'
import { push } from '../push.ts'
import { sha256 } from '../sha.ts'
import { BARE, factsOf, storePlan } from '../store-plan.ts'
import { type Copy, rowKey } from './copies.ts'
import { labelOf } from './label.ts'
import type { MadeOf, MadeRow, RowId } from './made-rows.ts'

/** An undo under way. */
export interface Removing {
  readonly context: Context
  readonly side: StoreSide
  /** Says nothing: a plan that removes rows of a migration is made from none. */
  readonly source: Source
  readonly approvedBy: string
  readonly from: string
  readonly run: string
  /** All that the migration made: what goes along with a row is known by its root. */
  readonly made: readonly MadeOf[]
}

/** Why an undo ends before it is done. */
export type Stop = Pick<UndoMoveReport, 'state' | 'exit' | 'error'>

/** Deletes rows through a plan of their own, journalled and looked at again like any other. */
export const removeRows = async (
  { context, side, source, approvedBy, from, run, made: all }: Removing,
  { resource, update: spec }: Copy,
  rows: readonly MadeRow[],
): Promise<{ readonly ended: ReadonlyMap<RowId, RowResult>; readonly stop: Stop | undefined }> => {
  const target = targetOf(context.catalog, resource.name)
  const allowed = new Map()
  const configHash = sha256(stableJson(spec))
  const made = {
    ...BARE,
    spec,
    target,
    changes: rows.map(removal),
    facts: factsOf(side, spec, target),
    notes: [`undoes the migration from ${from}`],
    origin: `migrate ${from} ${side.name} --undo`,
  }
  const plan = storePlan(context, side, made, { allowed, automatic: false, configHash })
  if (isBlocked(plan.guards)) return { ended: new Map(), stop: blocked(plan) }
  context.progress({ kind: 'step', text: `${resource.name}: deleting ${rows.length}` })
  const asked = { approvedBy, allowed, only: null, source, configHash }
  const report = await push(context, side, spec, plan.plan, asked, run)
  const byKey = new Map(report.rows.map((result) => [matchText(result.key), result]))
  const ended = new Map(
    rows.flatMap((row) => {
      const result = byKey.get(matchText(keyOfChange(row)))
      return result ? [[row.id, result] as const] : []
    }),
  )
  const at = isoTime(context.clock.now())
  // What the store deletes along with a row may have a listing of its own, which nobody reads again here.
  for (const one of all) {
    const gone = one.rows.filter(({ root }) => ended.get(root)?.state === 'applied')
    if (gone.length)
      side.mirror.remove(
        one.resource,
        gone.map(({ to }) => to),
        run,
        at,
      )
  }
  const { state, exit, error } = report
  const isStopped = state === 'interrupted' || state === 'blocked' || state === 'failed'
  return { ended, stop: isStopped ? { state, exit, ...(error ? { error } : {}) } : undefined }
}

const keyOfChange = ({ resource, values }: MadeRow): Change['key'] => pick(values, rowKey(resource))

const removal = (row: MadeRow): Omit<Change, 'id'> => ({
  action: 'remove',
  side: 'store',
  resource: row.resource.name,
  key: keyOfChange(row),
  entity: row.to,
  label: labelOf(row.values),
  line: null,
  fields: [],
})

const blocked = ({ plan, guards }: ReturnType<typeof storePlan>): Stop => {
  const first = guards.find(({ verdict }) => verdict === 'blocked')
  const message = `${plan}: ${first?.guard}: ${first?.detail}`
  const hint = `look at it with \`skiff show ${plan}\``
  return { state: 'blocked', exit: EXIT.blocked, error: { code: 'blocked', message, where: null, hint } }
}
