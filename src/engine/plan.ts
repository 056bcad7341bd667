import { type Allowed, isBlocked, type Target, targetOf } from '../diff/index.ts'
import { isoTime, type Plan, type PlanReport, type Source, type SyncSpec } from '../model/index.ts'
import { compareSource, type Found } from './compare-source.ts'
import { keepConflicts } from './conflicts.ts'
import type { Context, StoreSide } from './context.ts'
import { remember } from './familiar-book.ts'
import { ageText, requireFresh } from './fresh.ts'
import { openInPlan } from './open-rows.ts'
import { requestsSince } from './run.ts'
import { rememberRecognised } from './sent.ts'
import { keepWatermark, reachNotes, reachOf } from './source-since.ts'
import { storePlan, verdictOf } from './store-plan.ts'

export interface PlanOptions {
  readonly allowed: Allowed
  /** Nobody will look at the plan before it is pushed. */
  readonly automatic: boolean
  readonly staleOk: boolean
  /** Only these keys, as people write them. */
  readonly only: readonly string[] | null
  /** Read all rows of a source that could be read in part. */
  readonly full?: boolean
  /** Hash of the config's sections that the plan is bound to. */
  readonly configHash: string
  /** Moment before its source was read, UTC ISO-8601, where that was before now. */
  readonly readAt?: string
  /** Pass over no row, also of those of which it is known what comparing them finds. */
  readonly compareAll?: boolean
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
  const { only, configHash, compareAll = false } = options
  const readAt = options.readAt ?? isoTime(context.clock.now())
  const target = targetOf(context.catalog, spec.resource)
  const asOf = requireFresh(context, side, target, options.staleOk)
  const reach = reachOf(context, side, spec, source, options)
  const found = await compareSource({ context, side, spec, source, target, asOf, only, reach, configHash, compareAll })
  const made = {
    ...found,
    spec,
    target,
    notes: [`mirror as of ${ageText(context, asOf)}`, ...reachNotes(source, reach), ...found.notes],
    snapshot: source.summary().sha256,
    waits: whyItWaits(side, spec, found),
  }
  const stored = storePlan(context, side, made, options)
  warnOfRejects(context, stored)
  if (only === null) {
    side.mirror.atOnce(() => {
      acceptSnapshot(side, spec, target, source, found, stored, configHash)
      openInPlan(side.mirror, stored)
      keepWatermark(side, source, stored, reach, { readAt, configHash })
    })
  }
  keepConflicts(context, side, target, stored, { isWhole: only === null, sourceAt: source.modified() })
  return { run, plan: stored, requests: requestsSince(side, before), ...verdictOf(stored) }
}

/** A base that was there once tells what each side changed; without it every difference looks like the source's wish. */
const whyItWaits = ({ mirror }: StoreSide, { name }: SyncSpec, { facts }: Found): string | undefined => {
  if (facts.matched && mirror.base(name).count() === 0 && mirror.wasCarriedOut(name)) {
    return 'the base of this sync is lost: what the store changed since cannot be told from what the source changed, so a person looks first'
  }
  const restored = mirror.restoredAt()
  // What waits goes on waiting: what both sides agree on was learnt with the plan that nobody looked at.
  if (restored === null || mirror.wasSettledAfter(name, restored)) return mirror.openWait(name) ?? undefined
  return `a copy was put in the place of the mirror at ${restored}: what was written after the copy was made is recognised where the store still holds it, and a person looks at the rest first`
}

/** Said also where nobody looks at the plan: a feed that goes bad row by row is easily missed. */
const warnOfRejects = ({ progress }: Context, { plan: id, sync, rejected }: Plan): void => {
  const [first] = rejected
  if (!first) return
  const what = `row ${first.row}, ${first.column} ${JSON.stringify(first.value)}: ${first.reason}`
  progress({ kind: 'warning', text: `${sync}: ${rejected.length} rejected (${what}); all: skiff show ${id} --details` })
}

const acceptSnapshot = (
  side: StoreSide,
  spec: SyncSpec,
  target: Target,
  source: Source,
  found: Found,
  { guards, created }: Plan,
  config: string,
): void => {
  const accepted = !isBlocked(guards)
  if (accepted) {
    // What is kept of rows is made of the base as it is to be, so the steps towards it need not be taken down.
    if (found.learnt?.isOther) side.mirror.dropFamiliar(spec.name)
    found.agreed.save(spec.name, created)
    side.mirror.dropBase(spec.name, found.settled)
    side.mirror.saveBase(spec.name, found.parted, created)
    if (found.learnt) remember(side, spec.name, found.learnt)
    if (target.kind === 'plain') rememberRecognised(side.mirror, target.resource, found.recognised, created)
  }
  // What changed since the last reading is nothing that the next whole one could be held against.
  if (found.facts.source?.since !== undefined) return
  side.mirror.saveSnapshot({
    ...source.summary(),
    rows: found.facts.source?.rows ?? 0,
    columns: found.facts.source?.columns ?? null,
    config,
    sync: spec.name,
    at: isoTime(Date.parse(created)),
    accepted,
    matched: found.facts.matched,
  })
}
