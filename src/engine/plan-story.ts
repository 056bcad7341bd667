import type { JournalEntry, Mirror, StoredPlan } from '../mirror/index.ts'
import { blockedBy, type FieldChange, type GuardName, matchText, type Verdict } from '../model/index.ts'

/** What one plan said of a key, and what became of it. */
export interface PlanStory {
  readonly plan: string
  readonly planState: StoredPlan['state']
  readonly created: string
  /** What it was made for, where that is not the source's word: `undo r12`. */
  readonly origin: string | null
  readonly action: string
  readonly fields: readonly Pick<FieldChange, 'field' | 'from' | 'to' | 'resolves'>[]
  /** Where the row stands; `held` and `rejected` are no part of the plan. */
  readonly state: string
  /** The guard that held the row. */
  readonly guard: GuardName | null
  /** Guards that blocked the plan as a whole. */
  readonly blocked: readonly Pick<Verdict, 'guard' | 'detail'>[]
  readonly reason: string | null
  readonly steps: readonly Pick<JournalEntry, 'run' | 'at' | 'from' | 'to' | 'evidence'>[]
}

/** The last plans of a sync in which a key (`matchText`) had a part, newest first. */
export const recentPlans = (mirror: Mirror, sync: string, key: string): readonly PlanStory[] =>
  mirror
    .plans(RECENT_PLANS)
    .filter(({ plan }) => plan.sync === sync)
    .flatMap((stored) => storiesOf(mirror, stored, key))

const RECENT_PLANS = 20

const storiesOf = (mirror: Mirror, { plan, state }: StoredPlan, key: string): readonly PlanStory[] => {
  const isIt = (row: { readonly key?: Parameters<typeof matchText>[0] }): boolean =>
    row.key !== undefined && matchText(row.key) === key
  const about = {
    plan: plan.plan,
    planState: state,
    created: plan.created,
    origin: plan.origin ?? null,
    blocked: blockedBy(plan).map(({ guard, detail }) => ({ guard, detail })),
  }
  const changes = plan.changes.filter(isIt)
  const states = changes.length ? mirror.changeStates(plan.plan) : new Map()
  return [
    ...changes.map((change): PlanStory => {
      const { state: now = 'planned', reason = null } = states.get(change.id) ?? {}
      const steps = mirror.journalOf(plan.plan, change.id).map(({ run, at, from, to, evidence }) => {
        return { run, at, from, to, evidence }
      })
      return { ...about, ...partOf(change), state: now, guard: null, reason, steps }
    }),
    ...plan.held.filter(isIt).map((row): PlanStory => {
      return { ...about, ...partOf(row), state: 'held', guard: row.guard, reason: row.reason, steps: [] }
    }),
    ...plan.rejected.filter(isIt).map(({ column, value, reason }): PlanStory => {
      const why = [column, value && JSON.stringify(value), reason].filter(Boolean).join(' ')
      return { ...about, action: 'rejected', fields: [], state: 'rejected', guard: null, reason: why, steps: [] }
    }),
  ]
}

const partOf = ({ action, fields }: { readonly action: string; readonly fields: readonly FieldChange[] }) => ({
  action,
  fields: fields.map(({ field, from, to, resolves }) => ({ field, from, to, ...(resolves ? { resolves } : {}) })),
})
