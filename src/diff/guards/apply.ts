import type { Change, Facts, Field, GuardName, GuardSettings, Held, Verdict } from '../../model/index.ts'
import { FEED_GUARDS } from './feeds.ts'
import { type Finding, goesToStore, percent } from './figures.ts'
import { PLAN_GUARDS } from './plans.ts'
import { ROW_GUARDS } from './rows.ts'
import { type Allowed, type Threshold, thresholdOf } from './thresholds.ts'

export interface GuardInput {
  readonly changes: readonly Change[]
  /** Facts of the target's fields. */
  readonly fields: Readonly<Record<string, Field>>
  readonly settings: GuardSettings
  readonly allowed: Allowed
  /** Nobody looks at the plan before it is pushed: built-in limits are halved. */
  readonly automatic: boolean
  readonly facts: Facts
  /** What was written to the rows in the last day, by key (`matchText`), oldest first. */
  readonly recent: Recent
}

export type Recent = ReadonlyMap<string, readonly RecentChange[]>

/** A value that we wrote in the place of another. */
export interface RecentChange {
  readonly field: string
  readonly from: Change['fields'][number]['from']
  readonly to: Change['fields'][number]['to']
}

export interface GuardResult {
  readonly changes: readonly Change[]
  readonly held: readonly Held[]
  readonly verdicts: readonly Verdict[]
}

/**
 * Row guards first: they keep single rows back. Plan guards then look at what is left and block the plan as a whole; so do the
 * row guards where together they had to keep back more than 5 % of the rows, because then the feed is wrong and not the row. Rows
 * whose stock moved meanwhile do not count for that: they tell of a busy shop.
 * Guards that need a source have nothing to say of a plan that is made from none.
 */
export const applyGuards = (input: GuardInput): GuardResult => {
  const threshold = (guard: GuardName) => thresholdOf(guard, input.settings, input.allowed, input.automatic)
  const held: Held[] = []
  let changes = input.changes
  const verdicts: Verdict[] = []

  for (const [guard, test] of ROW_GUARDS) {
    const limit = threshold(guard)
    if (limit.kind !== 'limit') continue
    const next: Change[] = []
    for (const change of changes) {
      const reason = goesToStore(change) ? test(change, input, limit) : undefined
      if (reason) held.push({ ...change, guard, reason })
      else next.push(change)
    }
    changes = next
  }
  for (const [guard] of ROW_GUARDS) verdicts.push(rowVerdict(guard, threshold(guard), held, input))
  const weigh = (guard: GuardName, test: (limit: Limit) => Finding): void => {
    const limit = threshold(guard)
    if (limit.kind !== 'limit') {
      verdicts.push(unweighed(guard, limit))
      return
    }
    const { ok, warn, detail } = test(limit)
    if (ok) verdicts.push({ guard, verdict: warn ? 'warn' : 'ok', detail })
    else verdicts.push({ guard, verdict: 'blocked', detail, allow: `--allow ${guard}` })
  }
  for (const [guard, test] of PLAN_GUARDS) weigh(guard, (limit) => test(changes, input, limit))
  const { source } = input.facts
  const isPart = source?.since !== undefined
  if (source) for (const [guard, test] of FEED_GUARDS) weigh(guard, (limit) => (isPart ? PART : test(source, limit)))
  for (const [guard, detail] of PUSH_GUARDS) weigh(guard, () => ({ ok: true, detail }))
  return { changes, held: held.sort((a, b) => a.id - b.id), verdicts }
}

/** Whether a guard keeps back single rows: what it held is no part of the plan, so only a new plan can bring it in. */
export const isRowGuard = (guard: GuardName): boolean => ROW_GUARDS.some(([name]) => name === guard)

/** Guards that look at the push and not at the plan. */
const PUSH_GUARDS: readonly (readonly [GuardName, string])[] = [
  ['canary', 'in a large push the first rows are read back before the others go'],
  ['breaker', 'a push stops when its rows fail'],
  ['quotaReserve', 'a share of the quota is left to other apps ("quotaShare")'],
]

/** Of a few changed rows nothing can be told about a feed; it was judged when it was last read whole. */
const PART: Finding = { ok: true, detail: 'only rows that changed since the last reading were read' }

type Limit = Extract<Threshold, { kind: 'limit' }>

const MOST_HELD = 0.05

const rowVerdict = (guard: GuardName, limit: Threshold, held: readonly Held[], input: GuardInput): Verdict => {
  if (limit.kind !== 'limit') return unweighed(guard, limit)
  const kept = held.filter((row) => row.guard === guard)
  if (!kept.length) return { guard, verdict: 'ok', detail: 'no row held' }
  const rows = input.facts.matched + input.changes.filter(({ action }) => action === 'create').length
  const wrong = held.filter((row) => row.guard !== 'staleStock').length
  const blocked = guard !== 'staleStock' && wrong > rows * MOST_HELD
  const share = `${kept.length} of ${rows} rows held`
  const all = kept.length < wrong ? `, ${wrong} of ${rows} by all row guards` : ''
  const first = `${Object.values(kept[0]?.key ?? {}).join(' / ')}: ${kept[0]?.reason}`
  return {
    guard,
    verdict: blocked ? 'blocked' : 'held',
    detail: blocked
      ? `${share}${all}, more than ${percent(MOST_HELD, 1)}: the feed looks wrong; first: ${first}`
      : `${share}; first: ${first}`,
    allow: `plan again with --allow ${guard}`,
  }
}

const unweighed = (guard: GuardName, { kind, why }: Exclude<Threshold, { kind: 'limit' }>): Verdict => ({
  guard,
  verdict: why === undefined ? kind : 'ok',
  detail: why ?? (kind === 'off' ? 'switched off in the config' : 'allowed for this run'),
})
