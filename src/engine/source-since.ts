import { isBlocked } from '../diff/index.ts'
import type { WatermarkRecord } from '../mirror/index.ts'
import { isoTime, type Plan, pushable, type Since, type Source, type SyncSpec, stableJson } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { sha256 } from './sha.ts'

/** Why a reading is a whole one, or the last one whose rest it is. */
export type Reach =
  | { readonly kind: 'whole'; readonly why: string | null }
  | { readonly kind: 'since'; readonly since: Since; readonly last: WatermarkRecord }

export interface Asked {
  /** Only these keys. */
  readonly only: readonly string[] | null
  /** Read everything. */
  readonly full?: boolean
  readonly configHash: string
}

/**
 * How much of its source a plan reads. Only what changed since the last reading where the plan of that one ended with nothing left
 * open and neither rules nor place are others; everything else reads the whole, because a row that is not read is not compared.
 */
export const reachOf = (context: Context, side: StoreSide, spec: SyncSpec, source: Source, asked: Asked): Reach => {
  const { watermark } = source
  const whole = (why: string | null): Reach => ({ kind: 'whole', why })
  if (!watermark || asked.only) return whole(null)
  if (asked.full) return whole('as asked')
  const unable = needsAll(spec)
  if (unable) return whole(unable)
  const last = side.mirror.watermark(spec.name)
  if (!last || last.bound !== boundOf(side, source, asked.configHash))
    return whole('nothing was read by these rules before')
  if (!last.ended) return whole(`${last.plan} did not end with everything in step`)
  const open = side.mirror.openRows(spec.name).length + side.mirror.conflicts(spec.name).length
  if (open) return whole(`${open} rows are open`)
  // What is due at the time of a nightly job is due a little before it.
  const due = Date.parse(last.wholeAt) + (watermark.wholeMs * 23) / 24
  if (context.clock.now() >= due) return whole('its time has come')
  return { kind: 'since', since: { watermark: last.watermark, at: last.readAt }, last }
}

/** A row that is gone, its neighbours and what is looked up elsewhere show in no watermark. */
const needsAll = ({ remove, insert, group, namedBy, tables }: SyncSpec): string | undefined => {
  if (remove !== 'never') return 'what is gone shows in a whole reading only ("remove")'
  if (insert) return 'what the source lacks shows in a whole reading only ("insert")'
  if (group || namedBy) return 'rows are put together from several'
  return tables?.length ? 'what is looked up elsewhere changes by itself' : undefined
}

/** What a watermark is true of. After a copy was put in the mirror's place it is true of nothing. */
const boundOf = ({ mirror }: StoreSide, { watermark }: Source, configHash: string): string =>
  sha256(
    stableJson({
      config: configHash,
      place: watermark?.of ?? '',
      lineage: mirror.lineage(),
      restored: mirror.restoredAt(),
    }),
  )

/** Takes down how far a plan has read its source. It counts from when the plan has ended with nothing left open. */
export const keepWatermark = (
  side: StoreSide,
  source: Source,
  plan: Plan,
  reach: Reach,
  { readAt, configHash }: { readonly readAt: string; readonly configHash: string },
): void => {
  if (!source.watermark) return
  const { watermark } = source.summary()
  if (isBlocked(plan.guards) || !watermark) {
    side.mirror.dropWatermark(plan.sync)
    return
  }
  const { matched, inStock } = plan.facts
  side.mirror.saveWatermark({
    ...{ sync: plan.sync, plan: plan.plan, watermark, readAt, matched, inStock },
    ended: !leavesOpen(plan) && !pushable(plan).length,
    bound: boundOf(side, source, configHash),
    wholeAt: reach.kind === 'since' ? reach.last.wholeAt : readAt,
  })
}

/** After a push: the next reading may leave out what this plan has read, unless something of it is open. */
export const endWatermark = ({ mirror }: StoreSide, plan: Plan): void => {
  if (!leavesOpen(plan) && !mirror.openRows(plan.sync).length) mirror.endWatermark(plan.sync, plan.plan)
}

const leavesOpen = ({ held, rejected, summary }: Plan): boolean =>
  held.length > 0 || rejected.length > 0 || summary.conflict > 0

/** What a person is told of it. */
export const reachNotes = (source: Source, reach: Reach): readonly string[] => {
  if (reach.kind === 'whole') return reach.why === null ? [] : [`read whole: ${reach.why}`]
  const { rows } = source.summary()
  const due = isoTime(Date.parse(reach.last.wholeAt) + (source.watermark?.wholeMs ?? 0))
  return [
    `read only what changed since ${reach.since.watermark}, ${rows} rows; what changed in the store alone is met by the whole reading, due until ${due} or with --full`,
  ]
}
