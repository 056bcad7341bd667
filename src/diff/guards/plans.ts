import { type Change, type GuardName, type Plan, ratio } from '../../model/index.ts'
import type { GuardInput } from './apply.ts'
import { type Finding, goesToStore, isStockOnly, percent, share, suchAs, withRole } from './figures.ts'
import type { Threshold } from './thresholds.ts'

type PlanTest = (changes: readonly Change[], input: GuardInput, limit: Extract<Threshold, { kind: 'limit' }>) => Finding

/** Guards that block a plan as a whole for what it would do. */
export const PLAN_GUARDS: readonly (readonly [GuardName, PlanTest])[] = [
  [
    'priceScale',
    (changes, { fields, automatic }) => {
      const ratios = changes
        .filter(goesToStore)
        .flatMap((change) => withRole(change, fields, 'price').map((field) => ({ change, ...field })))
        .flatMap(({ change, from, to }) => {
          const moved = typeof from === 'string' && typeof to === 'string' ? ratio(from, to) : undefined
          return moved === undefined ? [] : [{ key: change.key, moved }]
        })
        .sort((a, b) => a.moved - b.moved)
      if (ratios.length < ENOUGH_FOR_A_MEDIAN)
        return { ok: true, detail: `${ratios.length} changed prices are too few for a median` }
      const middle = Math.floor(ratios.length / 2)
      const median = ratios[middle]?.moved ?? 1
      const [low, high] = automatic ? [0.9, 1.125] : [0.8, 1.25]
      const ok = median >= low && median <= high
      const detail = `median new / old price ${median.toFixed(3)} over ${ratios.length} prices (${low} to ${high})`
      return { ok, detail: ok ? detail : `${detail}${suchAs(ratios.slice(middle))}` }
    },
  ],
  [
    'maxChanges',
    (changes, { fields, facts }, limit) => share(weighty(changes, fields), facts.owned, limit, 'keys change'),
  ],
  [
    'allChanged',
    (changes, { fields, facts }) => {
      const { length } = weighty(changes, fields)
      const ok = facts.matched <= FEW_ROWS || length < facts.matched
      return {
        ok,
        detail: ok ? `${length} of ${facts.matched} rows differ` : `every one of ${facts.matched} rows differs`,
      }
    },
  ],
  [
    'stockToZero',
    (changes, { fields, facts }, limit) => {
      const emptied = changes.filter(
        (change) =>
          goesToStore(change) && withRole(change, fields, 'stock').some(({ from, to }) => to === 0 && Number(from) > 0),
      )
      return share(emptied, facts.inStock, limit, 'keys in stock go to zero')
    },
  ],
  [
    'maxDeletes',
    (changes, { facts }, limit) =>
      share(
        changes.filter(({ action }) => action === 'remove'),
        facts.owned,
        limit,
        'rows are deleted',
      ),
  ],
  [
    'maxHides',
    (changes, { fields, facts }, limit) => {
      const hidden = changes.filter(
        (change) =>
          goesToStore(change) &&
          withRole(change, fields, 'visible').some(({ from, to }) => from === true && to === false),
      )
      return share(hidden, facts.owned, limit, 'rows are hidden')
    },
  ],
  [
    'maxCreates',
    (changes, { facts }, limit) => {
      const created = changes.filter(({ action, adds }) => action === 'create' || adds)
      if (!facts.storeRows) return { ok: true, detail: `${created.length} rows are created in an empty store` }
      return share(created, facts.storeRows, limit, 'rows are created')
    },
  ],
  [
    'maxConflicts',
    (changes, { facts }, { percent: most, count }) => {
      const conflicts = changes.filter(({ action }) => action === 'conflict')
      const limit = Math.max(most === null ? 0 : (facts.matched * most) / 100, count ?? 0, FEW_CONFLICTS)
      const ok = conflicts.length <= limit
      const detail = `${conflicts.length} of ${facts.matched} rows are in conflict (${percent(conflicts.length, facts.matched)})`
      return { ok, detail: ok ? detail : `${detail}: the base is probably wrong${suchAs(conflicts)}` }
    },
  ],
  [
    'storeIdentity',
    (_changes, { facts }) => ({ ok: facts.identity === null, detail: facts.identity ?? 'same store as the mirror’s' }),
  ],
]

/** A plan that changes most of what it compares is approved by more than a yes. */
export const isSweeping = (
  { changes, summary, facts }: Pick<Plan, 'changes' | 'summary' | 'facts'>,
  fields: GuardInput['fields'],
): boolean => {
  const read = summary.update + summary.writeBack + summary.conflict + summary.held + summary.unchanged
  const compared = facts.source?.since === undefined ? read : facts.matched
  return compared > FEW_ROWS && weighty(changes, fields).length > compared * MOST_WITH_A_YES
}

const MOST_WITH_A_YES = 0.6
const ENOUGH_FOR_A_MEDIAN = 10
const FEW_ROWS = 20
/** Conflicts that say nothing of a base as a whole. */
const FEW_CONFLICTS = 3

const weighty = (changes: readonly Change[], fields: GuardInput['fields']): readonly Change[] =>
  changes.filter((change) => change.action === 'update' && goesToStore(change) && !isStockOnly(change, fields))
