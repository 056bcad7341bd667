import { type Allowed, buildPlan, fieldsOf, isBlocked, type Target } from '../diff/index.ts'
import {
  type Change,
  EXIT,
  type Facts,
  type Field,
  isoTime,
  type Plan,
  type PlanReport,
  type Rejection,
  type SyncSpec,
  stableJson,
} from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { freshnessOf } from './fresh.ts'
import { lineageText } from './identity.ts'
import { recentChanges } from './recent-changes.ts'
import { sha256 } from './sha.ts'
import { writeContext } from './store-rows.ts'

/** What a plan is made of, whatever it is made for. */
export interface Made {
  readonly spec: SyncSpec
  readonly target: Target
  readonly changes: readonly Omit<Change, 'id'>[]
  readonly rejected: readonly Rejection[]
  readonly unchanged: number
  readonly firstContact: number
  readonly facts: Facts
  readonly notes: readonly string[]
  /** Hash of the source that it was made from; empty where it was made from none. */
  readonly snapshot: string
  readonly origin?: string
  readonly waits?: string | undefined
}

/** A plan that no source was read for. */
export const BARE = { rejected: [], unchanged: 0, firstContact: 0, notes: [], snapshot: '' } as const

/** What the guards can know where no source was read. */
export const factsOf = (side: StoreSide, spec: SyncSpec, target: Target): Facts => {
  const rows = side.mirror
    .lookup(target.kind === 'plain' ? target.resource : target.derived, Object.keys(spec.key))
    .count()
  const matched = side.mirror.base(spec.name).count()
  return { owned: rows, storeRows: rows, matched, inStock: rows, identity: null, source: null }
}

export interface MakeOptions {
  readonly allowed: Allowed
  /** Nobody will look at the plan before it is pushed. */
  readonly automatic: boolean
  /** Hash of the config's sections that the plan is bound to. */
  readonly configHash: string
}

/** Builds a plan, with guards, cost and hash, and stores it. */
export const storePlan = (context: Context, side: StoreSide, made: Made, options: MakeOptions): Plan => {
  const { spec, target, changes, snapshot, origin, waits, notes, ...counts } = made
  const now = context.clock.now()
  const draft = buildPlan({
    ...counts,
    sync: spec.name,
    store: side.name,
    target,
    catalog: context.catalog,
    rules: spec.fields,
    changes,
    recent: recentChanges(context, side, spec.resource, changes),
    settings: spec.guards,
    allowed: options.allowed,
    automatic: options.automatic,
    ...(origin === undefined ? {} : { origin }),
    ...(waits === undefined ? {} : { waits }),
    writeContext: writeContext(side, target),
    requestsPerSecond: requestsPerSecond(side),
    notes: [...(waits === undefined ? [] : [waits]), ...notes, ...unfinished(side)],
    binding: {
      config: options.configHash,
      lineage: lineageText(side.mirror.lineage() ?? { hash: side.hash, domain: '', currency: '' }),
      snapshot,
      pull: freshnessOf(side.mirror, target)[0]?.pull ?? 0,
      tool: context.tool,
    },
    created: isoTime(now),
    expires: isoTime(now + lifetime(changes, fieldsOf(target))),
  })
  const plan: Plan = { plan: side.mirror.nextPlanId(), ...draft, hash: hashOf(draft) }
  side.mirror.savePlan(plan, isBlocked(plan.guards) ? 'blocked' : 'open')
  return plan
}

export const verdictOf = ({ guards, rejected }: Plan): Pick<PlanReport, 'state' | 'exit'> => {
  if (isBlocked(guards)) return { state: 'blocked', exit: EXIT.blocked }
  return { state: rejected.length ? 'complete-with-rejects' : 'complete', exit: EXIT.done }
}

/** Over everything that a person approves. */
export const hashOf = (draft: Omit<Plan, 'plan' | 'hash'>): string => sha256(stableJson(draft))

/** Rows of a push that did not end may be planned again; what became of them is found out before anything is sent. */
const unfinished = (side: StoreSide): readonly string[] => {
  const plans = [...new Set(side.mirror.openChanges().map(({ plan: id }) => id))]
  return plans.map((id) => `a push of ${id} did not end; the next push or sync finds out what became of its rows`)
}

/** What may be used of the store's quota as far as that is known; else of that of the smallest plan. */
export const requestsPerSecond = ({ store }: Pick<StoreSide, 'store'>): number => {
  const { quota, windowMs } = store.quota()
  const [most, within] = quota && windowMs ? [quota, windowMs] : SMALLEST_PLAN
  return (Math.max(1, Math.floor(most * store.quotaShare)) * 1000) / within
}

/** Requests in ms, the smallest quota of a store (docs/bigcommerce.md, Quotas). */
const SMALLEST_PLAN = [150, 30_000] as const

/** Stock figures are old after an hour, anything else after a day. */
const lifetime = (changes: readonly Omit<Change, 'id'>[], fields: Readonly<Record<string, Field>>): number =>
  changes.some((change) => change.fields.some(({ field }) => fields[field]?.role === 'stock'))
    ? 3_600_000
    : 24 * 3_600_000
