import {
  type Change,
  type Facts,
  type Field,
  type FieldChange,
  type GuardName,
  type GuardSettings,
  type Held,
  percentChange,
  ratio,
  toUnits,
  type Value,
  type Verdict,
} from '../model/index.ts'
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
}

export interface GuardResult {
  readonly changes: readonly Change[]
  readonly held: readonly Held[]
  readonly verdicts: readonly Verdict[]
}

/**
 * Row guards first: they keep single rows back. Plan guards then look at what is left and block the plan as a whole; so do the
 * row guards where together they had to keep back more than 5 % of the rows, because then the feed is wrong and not the row.
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
      const reason = goesToStore(change) ? test(change, input.fields, limit) : undefined
      if (reason) held.push({ ...change, guard, reason })
      else next.push(change)
    }
    changes = next
  }
  for (const [guard] of ROW_GUARDS) verdicts.push(rowVerdict(guard, threshold(guard), held, input))
  for (const [guard, test] of PLAN_GUARDS) {
    const limit = threshold(guard)
    if (limit.kind !== 'limit') verdicts.push(unweighed(guard, limit.kind))
    else {
      const { ok, detail } = test(changes, input, limit)
      verdicts.push({ guard, verdict: ok ? 'ok' : 'blocked', detail, ...(ok ? {} : { allow: `--allow ${guard}` }) })
    }
  }
  return { changes, held: held.sort((a, b) => a.id - b.id), verdicts }
}

type Limit = Extract<Threshold, { kind: 'limit' }>
type RowTest = (change: Change, fields: Readonly<Record<string, Field>>, limit: Limit) => string | undefined
type PlanTest = (changes: readonly Change[], input: GuardInput, limit: Limit) => { ok: boolean; detail: string }

const MOST_HELD = 0.05

const ROW_GUARDS: readonly (readonly [GuardName, RowTest])[] = [
  [
    'zeroPrice',
    (change, fields) => {
      for (const { field, to } of withRole(change, fields, 'price')) {
        if (typeof to === 'string' && toUnits(to) <= 0n) return `${field} would become ${to}`
      }
      return undefined
    },
  ],
  [
    'maxPriceChange',
    (change, fields, { percent }) => {
      for (const { field, from, to } of withRole(change, fields, 'price')) {
        if (typeof from !== 'string' || typeof to !== 'string') continue
        const moved = percentChange(from, to)
        if (percent !== null && Math.abs(moved) > percent) {
          return `${field} would go from ${from} to ${to} (${signed(moved)} %, limit ${percent} %)`
        }
      }
      return undefined
    },
  ],
]

const PLAN_GUARDS: readonly (readonly [GuardName, PlanTest])[] = [
  [
    'priceScale',
    (changes, { fields, automatic }) => {
      const ratios = changes
        .filter(goesToStore)
        .flatMap((change) => withRole(change, fields, 'price'))
        .map(({ from, to }) => (typeof from === 'string' && typeof to === 'string' ? ratio(from, to) : undefined))
        .filter((one) => one !== undefined)
        .sort((a, b) => a - b)
      if (ratios.length < ENOUGH_FOR_A_MEDIAN)
        return { ok: true, detail: `${ratios.length} changed prices are too few for a median` }
      const median = ratios[Math.floor(ratios.length / 2)] ?? 1
      const [low, high] = automatic ? [0.9, 1.125] : [0.8, 1.25]
      return {
        ok: median >= low && median <= high,
        detail: `median new / old price ${median.toFixed(3)} over ${ratios.length} prices (${low} to ${high})`,
      }
    },
  ],
  [
    'maxChanges',
    (changes, { fields, facts }, limit) => {
      const counted = changes.filter(
        (change) => change.action === 'update' && goesToStore(change) && !isStockOnly(change, fields),
      ).length
      return share(counted, facts.owned, limit, 'keys change')
    },
  ],
  [
    'stockToZero',
    (changes, { fields, facts }, limit) => {
      const emptied = changes.filter(
        (change) =>
          goesToStore(change) && withRole(change, fields, 'stock').some(({ from, to }) => to === 0 && Number(from) > 0),
      ).length
      return share(emptied, facts.inStock, limit, 'keys in stock go to zero')
    },
  ],
  [
    'maxDeletes',
    (changes, { facts }, limit) =>
      share(changes.filter(({ action }) => action === 'remove').length, facts.owned, limit, 'rows are deleted'),
  ],
  [
    'maxHides',
    (changes, { fields, facts }, limit) => {
      const hidden = changes.filter(
        (change) =>
          goesToStore(change) &&
          withRole(change, fields, 'visible').some(({ from, to }) => from === true && to === false),
      ).length
      return share(hidden, facts.owned, limit, 'rows are hidden')
    },
  ],
  [
    'maxCreates',
    (changes, { facts }, limit) => {
      const created = changes.filter(({ action }) => action === 'create').length
      if (!facts.storeRows) return { ok: true, detail: `${created} rows are created in an empty store` }
      return share(created, facts.storeRows, limit, 'rows are created')
    },
  ],
  [
    'maxSourceDrop',
    (_changes, { facts }, { percent }) => {
      const most = percent ?? 100
      if (facts.sourceRows === 0) return { ok: false, detail: 'the source is empty' }
      const fell = facts.lastRows ? (100 * (facts.lastRows - facts.sourceRows)) / facts.lastRows : 0
      if (fell > most)
        return {
          ok: false,
          detail: `rows fell from ${facts.lastRows} to ${facts.sourceRows} (${round(fell)} %, limit ${most} %)`,
        }
      const unreadable = facts.sourceLines ? (100 * facts.unreadableLines) / facts.sourceLines : 0
      const isMany = facts.unreadableLines > FEW_LINES || facts.unreadableLines === facts.sourceLines
      if (unreadable > most && isMany)
        return {
          ok: false,
          detail: `${facts.unreadableLines} of ${facts.sourceLines} rows of the source cannot be read (${round(unreadable)} %, limit ${most} %)`,
        }
      const lost = facts.baseKeys ? (100 * (facts.baseKeys - facts.baseKept)) / facts.baseKeys : 0
      if (lost > most)
        return {
          ok: false,
          detail: `${facts.baseKeys - facts.baseKept} of ${facts.baseKeys} known keys are gone (${round(lost)} %, limit ${most} %)`,
        }
      const unknown = facts.creates ? 0 : (100 * (facts.sourceRows - facts.knownRows)) / facts.sourceRows
      if (unknown > most)
        return {
          ok: false,
          detail: `the store knows ${facts.knownRows} of ${facts.sourceRows} keys only (limit ${100 - most} %)`,
        }
      return {
        ok: true,
        detail: `${facts.sourceRows} rows${facts.lastRows === null ? ', first snapshot' : `, ${facts.lastRows} last time`}`,
      }
    },
  ],
  [
    'storeIdentity',
    (_changes, { facts }) => ({ ok: facts.identity === null, detail: facts.identity ?? 'same store as the mirror’s' }),
  ],
]

const ENOUGH_FOR_A_MEDIAN = 10

/** Bad rows that say nothing of a feed as a whole, unless it has no others. */
const FEW_LINES = 3

/** Whether a guard keeps back single rows: what it held is no part of the plan, so only a new plan can bring it in. */
export const isRowGuard = (guard: GuardName): boolean => ROW_GUARDS.some(([name]) => name === guard)

const rowVerdict = (guard: GuardName, limit: Threshold, held: readonly Held[], input: GuardInput): Verdict => {
  if (limit.kind !== 'limit') return unweighed(guard, limit.kind)
  const kept = held.filter((row) => row.guard === guard)
  if (!kept.length) return { guard, verdict: 'ok', detail: 'no row held' }
  const rows = input.facts.matched + input.changes.filter(({ action }) => action === 'create').length
  const blocked = held.length > rows * MOST_HELD
  const share = `${kept.length} of ${rows} rows held`
  const all = kept.length < held.length ? `, ${held.length} of ${rows} by all row guards` : ''
  return {
    guard,
    verdict: blocked ? 'blocked' : 'held',
    detail: blocked
      ? `${share}${all}, more than ${MOST_HELD * 100} %: the feed looks wrong`
      : `${share}; first: ${kept[0]?.reason}`,
    allow: `plan again with --allow ${guard}`,
  }
}

const unweighed = (guard: GuardName, verdict: 'off' | 'allowed'): Verdict => ({
  guard,
  verdict,
  detail: verdict === 'off' ? 'switched off in the config' : 'allowed for this run',
})

const share = (
  count: number,
  of: number,
  { percent, count: most }: Limit,
  what: string,
): { ok: boolean; detail: string } => {
  const part = of ? (100 * count) / of : 0
  const limit = Math.max(percent === null ? 0 : (of * percent) / 100, most ?? 0)
  const written = [percent === null ? '' : `${percent} %`, most === null ? '' : `${most}`].filter(Boolean).join(' or ')
  return { ok: count <= limit, detail: `${count} of ${of} ${what} (${round(part)} %, limit ${written})` }
}

const goesToStore = ({ side, action }: Change): boolean => side === 'store' && action !== 'conflict'

const withRole = (
  change: Change,
  fields: Readonly<Record<string, Field>>,
  role: Field['role'],
): readonly FieldChange[] => change.fields.filter(({ field }) => fields[field]?.role === role)

const isStockOnly = (change: Change, fields: Readonly<Record<string, Field>>): boolean =>
  change.fields.every(({ field }: { field: string; to: Value }) => fields[field]?.role === 'stock')

const round = (value: number): string => String(Math.round(value * 10) / 10)

const signed = (value: number): string => (value > 0 ? `+${value}` : String(value))
