import {
  type Allowed,
  buildPlan,
  compareKey,
  fieldsOf,
  isBlocked,
  type KeyResult,
  SharedStock,
  type Target,
  targetOf,
} from '../diff/index.ts'
import type { BaseRow } from '../mirror/index.ts'
import {
  type Change,
  EXIT,
  type Facts,
  type Field,
  isoTime,
  matchText,
  type Plan,
  type PlanReport,
  type Rejection,
  type Source,
  type SourceRow,
  type SyncSpec,
  stableJson,
  type Value,
  type Values,
} from '../model/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { passesFilter } from './filter.ts'
import { ageText, requireFresh } from './fresh.ts'
import { lineageText } from './identity.ts'
import { removals } from './removals.ts'
import { requestsSince } from './run.ts'
import { sha256 } from './sha.ts'
import { appliedSince, currentValues, writeContext } from './store-rows.ts'

export interface PlanOptions {
  readonly allowed: Allowed
  /** Nobody will look at the plan before it is pushed. */
  readonly automatic: boolean
  readonly staleOk: boolean
  /** Only these keys, as people write them. */
  readonly only: readonly string[] | null
  /** Hash of the config's sections that the plan is bound to. */
  readonly configHash: string
}

/**
 * Compares a source with the mirror, key by key, and stores the plan. Reads no store: what it says is true as of the last pull,
 * and a push checks again.
 */
export const plan = async (
  context: Context,
  side: StoreSide,
  spec: SyncSpec,
  source: Source,
  options: PlanOptions,
  run: string,
): Promise<PlanReport> => {
  const before = side.store.requests()
  const target = targetOf(context.catalog, spec.resource)
  const asOf = requireFresh(context, side, target, options.staleOk)
  const found = await compareAll(context, side, spec, source, target, asOf, options)
  const now = context.clock.now()
  const created = isoTime(now)
  const draft = buildPlan({
    sync: spec.name,
    store: side.name,
    target,
    catalog: context.catalog,
    rules: spec.fields,
    changes: found.changes,
    rejected: found.rejected,
    unchanged: found.unchanged,
    firstContact: found.firstContact,
    facts: found.facts,
    settings: spec.guards,
    allowed: options.allowed,
    automatic: options.automatic,
    writeContext: writeContext(side, target),
    requestsPerSecond: requestsPerSecond(side),
    notes: [`mirror as of ${ageText(context, asOf)}`, ...found.notes],
    binding: {
      config: options.configHash,
      lineage: lineageText(side.mirror.lineage() ?? { hash: side.hash, domain: '', currency: '' }),
      snapshot: source.summary().sha256,
      pull: side.mirror.freshness(found.resource)?.pull ?? 0,
      tool: context.tool,
    },
    created,
    expires: isoTime(now + lifetime(found.changes, fieldsOf(target))),
  })
  const stored: Plan = { plan: side.mirror.nextPlanId(), ...draft, hash: hashOf(draft) }
  const blocked = isBlocked(stored.guards)
  side.mirror.savePlan(stored, blocked ? 'blocked' : 'open')
  if (options.only === null) acceptSnapshot(side, spec, source, found, !blocked, created)
  return { run, plan: stored, requests: requestsSince(side, before), ...verdictOf(stored, blocked) }
}

/** Over everything that a person approves. */
export const hashOf = (draft: Omit<Plan, 'plan' | 'hash'>): string => sha256(stableJson(draft))

interface Found {
  readonly resource: string
  readonly changes: readonly Omit<Change, 'id'>[]
  readonly rejected: readonly Rejection[]
  readonly unchanged: number
  readonly firstContact: number
  readonly facts: Facts
  readonly notes: readonly string[]
  readonly agreed: readonly BaseRow[]
}

const compareAll = async (
  context: Context,
  side: StoreSide,
  spec: SyncSpec,
  source: Source,
  target: Target,
  asOf: string,
  options: PlanOptions,
): Promise<Found> => {
  const fields = fieldsOf(target)
  const names = Object.keys(spec.fields)
  const lookup = side.mirror.lookup(target.kind === 'plain' ? target.resource : target.derived, Object.keys(spec.key))
  const base = side.mirror.base(spec.name)
  const applied = appliedSince(side.mirror, asOf)
  const stockField = names.find((name) => fields[name]?.role === 'stock')
  const only = options.only && new Set(options.only.map((one) => one.normalize('NFC').toLowerCase()))
  const last = side.mirror.acceptedSnapshot(spec.name)

  const changes: Omit<Change, 'id'>[] = []
  const rejected: Rejection[] = []
  const agreed: BaseRow[] = []
  const met = new Set<string>()
  const unknown: SourceRow[] = []
  const shared = new SharedStock(target, spec.fields)
  let [matched, unchanged, firstContact, inStock, baseKept, filtered] = [0, 0, 0, 0, 0, 0]

  for await (const items of source.read()) {
    stopIfAsked(context, `the plan of ${spec.name}`)
    for (const item of items) {
      if ('rejection' in item) {
        rejected.push(item.rejection)
        if (item.rejection.key) met.add(matchText(item.rejection.key))
        continue
      }
      const { row } = item
      const key = matchText(row.key)
      met.add(key)
      if (only && !only.has(key)) continue
      const rows = lookup.find(row.key)
      const [first] = rows
      if (!first) {
        unknown.push(row)
        continue
      }
      if (rows.length > 1) {
        rejected.push(doubled(spec, row, rows.length))
        continue
      }
      if (!passesFilter(spec.filter, first.values)) {
        filtered += 1
        continue
      }
      matched += 1
      const known = base.get(key)
      if (known) baseKept += 1
      const store = currentValues(target, first, names, applied)
      shared.see(row, store, first.entity)
      if (stockField && Number(store[stockField] ?? 0) > 0) inStock += 1
      const result = compareKey(
        target,
        spec.fields,
        { source: row, store, entity: first.entity, base: known?.fields, newer: newerSide(source, store) },
        labelOf(first.values),
      )
      collect(result, key, first.entity)
    }
    context.progress({
      kind: 'advance',
      what: `compare ${spec.name}`,
      done: matched + unknown.length,
      total: last?.rows ?? null,
      eta: null,
    })
  }

  function collect(result: KeyResult, key: string, entity: Values): void {
    rejected.push(...result.rejections)
    changes.push(...result.changes)
    if (!result.changes.length && !result.rejections.length) unchanged += 1
    if (result.firstContact && result.changes.length) firstContact += 1
    if (Object.keys(result.agreed).length) agreed.push({ key, entity: stableJson(entity), fields: result.agreed })
  }

  const summary = source.summary()
  const settled = shared.settle(changes)
  rejected.push(...settled.rejected)
  const created = creations(spec, target, unknown, fields)
  const gone = only ? [] : removals(side, spec, target, met)
  const owned = isFiltered(spec) ? matched : lookup.count()
  const facts: Facts = {
    owned,
    matched,
    inStock,
    sourceRows: only ? matched : summary.rows - rejected.length - filtered,
    baseKept: only ? base.count() : baseKept + countKnown(base, rejected),
    baseKeys: base.count(),
    lastRows: only ? null : (last?.rows ?? null),
    creates: spec.create,
    identity: null,
  }
  return {
    resource: target.kind === 'plain' ? target.name : target.parent.name,
    changes: [...settled.changes, ...created.changes, ...gone],
    rejected: [...rejected, ...created.rejected],
    unchanged,
    firstContact,
    facts,
    notes: [...unknownNotes(spec, unknown), ...(filtered ? [`${filtered} rows are outside the filter`] : [])],
    agreed,
  }
}

const doubled = (spec: SyncSpec, row: SourceRow, count: number): Rejection => ({
  row: row.line,
  column: Object.values(spec.key).join(', '),
  value: Object.values(row.key).join(', '),
  reason: `the store has ${count} rows with this key`,
  key: row.key,
})

const unknownNotes = (spec: SyncSpec, unknown: readonly SourceRow[]): readonly string[] => {
  if (spec.create || !unknown.length) return []
  const names = unknown.slice(0, 3).map(({ key }) => Object.values(key).join(' / '))
  return [
    `${unknown.length} keys of the source are not in the store and "create" is off: ${names.join(', ')}${unknown.length > 3 ? ', …' : ''}`,
  ]
}

const creations = (
  spec: SyncSpec,
  target: Target,
  unknown: readonly SourceRow[],
  fields: Readonly<Record<string, Field>>,
): { changes: readonly Omit<Change, 'id'>[]; rejected: readonly Rejection[] } => {
  if (!spec.create) return { changes: [], rejected: [] }
  const changes: Omit<Change, 'id'>[] = []
  const rejected: Rejection[] = []
  for (const row of unknown) {
    const values: Values = { ...writableOnly(row.key, fields), ...row.values }
    const missing = Object.keys(fields).filter((name) => fields[name]?.required && (values[name] ?? null) === null)
    if (missing.length) {
      rejected.push({
        row: row.line,
        column: missing.join(', '),
        value: '',
        reason: 'needed to create it',
        key: row.key,
      })
      continue
    }
    changes.push({
      action: 'create',
      side: 'store',
      resource: target.name,
      key: row.key,
      entity: {},
      label: labelOf(values),
      line: row.line,
      fields: Object.entries(values)
        .filter(([, to]) => to !== null)
        .map(([field, to]) => ({ field, from: null, to, base: null, owner: spec.fields[field]?.owner ?? 'source' })),
    })
  }
  return { changes, rejected }
}

const writableOnly = (values: Values, fields: Readonly<Record<string, Field>>): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !fields[name]?.readOnly))

const acceptSnapshot = (
  side: StoreSide,
  spec: SyncSpec,
  source: Source,
  found: Found,
  accepted: boolean,
  at: string,
): void => {
  if (accepted) side.mirror.saveBase(spec.name, found.agreed, at)
  side.mirror.saveSnapshot({
    ...source.summary(),
    rows: found.facts.sourceRows,
    sync: spec.name,
    at,
    accepted,
    matched: found.facts.matched,
  })
}

const verdictOf = (stored: Plan, blocked: boolean): Pick<PlanReport, 'state' | 'exit'> => {
  if (blocked) return { state: 'blocked', exit: EXIT.blocked }
  if (stored.rejected.length) return { state: 'complete-with-rejects', exit: EXIT.done }
  return { state: 'complete', exit: EXIT.done }
}

const requestsPerSecond = (side: StoreSide): number => {
  const { quota, windowMs } = side.store.quota()
  return quota && windowMs ? (quota * 1000) / windowMs : SLOWEST_PLAN
}

/** 150 requests in 30 s, the smallest quota of a store. */
const SLOWEST_PLAN = 5

/** Stock figures are old after an hour, anything else after a day. */
const lifetime = (changes: readonly Omit<Change, 'id'>[], fields: Readonly<Record<string, Field>>): number =>
  changes.some((change) => change.fields.some(({ field }) => fields[field]?.role === 'stock'))
    ? 3_600_000
    : 24 * 3_600_000

const newerSide = (source: Source, store: Values): 'source' | 'store' | undefined => {
  const [ours, theirs] = [source.modified(), store['date_modified']]
  if (typeof theirs !== 'string' || ours === null || ours === theirs) return undefined
  return ours > theirs ? 'source' : 'store'
}

const labelOf = (values: Values): string | null => {
  const name: Value | undefined = values['name']
  return typeof name === 'string' ? name : null
}

const isFiltered = ({ filter }: SyncSpec): boolean => filter.sku !== undefined || Object.keys(filter.equals).length > 0

/** Keys that the source still names, if only in rows that were rejected. */
const countKnown = (base: { get(key: string): BaseRow | undefined }, rejected: readonly Rejection[]): number =>
  new Set(rejected.flatMap(({ key }) => (key && base.get(matchText(key)) ? [matchText(key)] : []))).size
