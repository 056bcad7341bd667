import { type Allowed, buildPlan, fieldsOf, isBlocked, targetOf } from '../diff/index.ts'
import {
  type Change,
  EXIT,
  type Field,
  isoTime,
  type Plan,
  type PlanReport,
  type Source,
  type SyncSpec,
  stableJson,
} from '../model/index.ts'
import { compareSource, type Found } from './compare-source.ts'
import type { Context, StoreSide } from './context.ts'
import { ageText, freshnessOf, requireFresh } from './fresh.ts'
import { lineageText } from './identity.ts'
import { requestsSince } from './run.ts'
import { sha256 } from './sha.ts'
import { writeContext } from './store-rows.ts'

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
  const found = await compareSource({ context, side, spec, source, target, asOf, only: options.only })
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
    notes: [`mirror as of ${ageText(context, asOf)}`, ...unfinished(side), ...found.notes],
    binding: {
      config: options.configHash,
      lineage: lineageText(side.mirror.lineage() ?? { hash: side.hash, domain: '', currency: '' }),
      snapshot: source.summary().sha256,
      pull: freshnessOf(side.mirror, target)[0]?.pull ?? 0,
      tool: context.tool,
    },
    created,
    expires: isoTime(now + lifetime(found.changes, fieldsOf(target))),
  })
  const stored: Plan = { plan: side.mirror.nextPlanId(), ...draft, hash: hashOf(draft) }
  const blocked = isBlocked(stored.guards)
  warnOfRejects(context, stored)
  side.mirror.savePlan(stored, blocked ? 'blocked' : 'open')
  if (options.only === null) acceptSnapshot(side, spec, source, found, !blocked, created)
  return { run, plan: stored, requests: requestsSince(side, before), ...verdictOf(stored, blocked) }
}

/** Rows of a push that did not end may be planned again; what became of them is found out before anything is sent. */
const unfinished = (side: StoreSide): readonly string[] => {
  const plans = [...new Set(side.mirror.openChanges().map(({ plan: id }) => id))]
  return plans.map((id) => `a push of ${id} did not end; \`skiff push ${id}\` finishes it`)
}

/** Said also where nobody looks at the plan: a feed that goes bad row by row is easily missed. */
const warnOfRejects = ({ progress }: Context, { plan: id, sync, rejected }: Plan): void => {
  const [first] = rejected
  if (!first) return
  const what = `row ${first.row}, ${first.column} ${JSON.stringify(first.value)}: ${first.reason}`
  progress({ kind: 'warning', text: `${sync}: ${rejected.length} rejected (${what}); all: skiff show ${id} --details` })
}

/** Over everything that a person approves. */
export const hashOf = (draft: Omit<Plan, 'plan' | 'hash'>): string => sha256(stableJson(draft))

const acceptSnapshot = (
  side: StoreSide,
  spec: SyncSpec,
  source: Source,
  found: Found,
  accepted: boolean,
  at: string,
): void => {
  if (accepted) {
    side.mirror.saveBase(spec.name, found.agreed, at)
    side.mirror.dropBase(spec.name, found.settled)
  }
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
