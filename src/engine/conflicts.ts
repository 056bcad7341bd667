import type { Target } from '../diff/index.ts'
import { blockedBy, type Change, isoTime, matchText, type Plan } from '../model/index.ts'
import { ALREADY } from './check-rows.ts'
import type { Context, StoreSide } from './context.ts'
import type { Ledger } from './ledger.ts'
import { modifiedField } from './newer-side.ts'
import { rowFinder } from './store-rows.ts'

/** How a plan came to what it says of conflicts. */
interface Looked {
  /** Made of the whole source: what it found no more is settled. */
  readonly isWhole: boolean
  /** When the source was last changed, UTC ISO-8601. */
  readonly sourceAt: string | null
}

/**
 * Brings the inbox up to date with what a plan found. A plan that a guard blocks says nothing, unless it has too many conflicts;
 * neither does a source row that takes no part.
 */
export const keepConflicts = (
  context: Context,
  { mirror }: StoreSide,
  target: Target,
  plan: Plan,
  { isWhole, sourceAt }: Looked,
): void => {
  if (blockedBy(plan).some(({ guard }) => guard !== 'maxConflicts')) return
  const carried = resolvedBy([...plan.changes, ...plan.held])
  mirror.atOnce(() => {
    for (const id of carried) {
      const decision = mirror.conflict(id)?.decision
      if (decision) mirror.decide(id, { ...decision, plan: plan.plan })
    }
    if (!isWhole) return
    const unsaid = new Set(plan.rejected.map(({ key }) => key && matchText(key)))
    const waiting = mirror.conflicts(plan.sync).filter(({ key }) => unsaid.has(matchText(key)))
    const stay = [...carried, ...waiting.map(({ id }) => id)]
    mirror.saveConflicts(plan.sync, foundIn(mirror, target, plan, sourceAt), stay, isoTime(context.clock.now()))
  })
}

const foundIn = (mirror: StoreSide['mirror'], target: Target, plan: Plan, sourceAt: string | null) => {
  const find = rowFinder(mirror, target)
  const dated = modifiedField(target)
  return plan.changes
    .filter(({ action }) => action === 'conflict')
    .flatMap(({ resource, key, entity, label, line, fields }) => {
      const storeAt = dated ? find(entity)?.values[dated] : null
      return fields.map(({ field, from, to, base }) => ({
        ...{ sync: plan.sync, plan: plan.plan, resource, key, entity, label, line },
        ...{ field, base, store: from, source: to, sourceAt },
        storeAt: typeof storeAt === 'string' ? storeAt : null,
      }))
    })
}

/** Conflicts whose decision a push has carried out as a whole are settled. */
export const settleResolved = (context: Context, { mirror }: StoreSide, plan: Plan, ledger: Ledger): void => {
  const results = new Map(ledger.results(plan.changes).map((row) => [row.id, row]))
  const isDone = ({ id }: Change): boolean => {
    const { state, reason } = results.get(id) ?? {}
    return state === 'applied' || (state === 'skipped' && reason === ALREADY)
  }
  const still = resolvedBy(plan.changes.filter((change) => !isDone(change)))
  const done = [...resolvedBy(plan.changes)].filter((id) => !still.has(id))
  if (done.length) mirror.settle(done, isoTime(context.clock.now()))
}

const resolvedBy = (changes: readonly Pick<Change, 'fields'>[]): ReadonlySet<string> =>
  new Set(changes.flatMap(({ fields }) => fields.flatMap(({ resolves }) => resolves ?? [])))
