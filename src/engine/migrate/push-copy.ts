import { isBlocked } from '../../diff/index.ts'
import {
  type Plan,
  type PushReport,
  pushable,
  type Source,
  type SourceRow,
  type SyncSpec,
  stableJson,
} from '../../model/index.ts'
import { plan } from '../plan.ts'
import { push } from '../push.ts'
import { sha256 } from '../sha.ts'
import { listSource } from './list-source.ts'
import type { Moving } from './moving.ts'

/** The plan of one step of a migration, and what became of it; null where there was nothing to plan, or nothing to push. */
export interface Pushed {
  readonly plan: Plan | null
  readonly report: PushReport | null
}

/** Plans and pushes one sync of a migration, like any other sync: compared with the base, journalled, checked and verified. */
export const pushCopy = async (moving: Moving, spec: SyncSpec, source: Source): Promise<Pushed> => {
  const { context, to, options, run } = moving
  const { allowed = new Map() } = options
  const configHash = sha256(stableJson(spec))
  const asked = { allowed, automatic: false, staleOk: false, only: null, configHash }
  const { plan: made } = await plan(context, to, spec, source, asked, run)
  if (isBlocked(made.guards) || !pushable(made).length) return { plan: made, report: null }
  context.progress({ kind: 'step', text: `${spec.resource}: pushing ${pushable(made).length}` })
  const approved = { approvedBy: options.approvedBy, allowed, only: null, source, configHash }
  return { plan: made, report: await push(context, to, spec, made.plan, approved, run) }
}

/** The same of rows that are at hand; `what` they are, for people. Nothing is planned where there are none. */
export const pushRows = async (
  moving: Moving,
  spec: SyncSpec,
  what: string,
  rows: readonly SourceRow[],
): Promise<Pushed> =>
  rows.length ? pushCopy(moving, spec, listSource(moving.from.name, what, rows)) : { plan: null, report: null }

/** Why a migration does not go on after a step: a guard objects, the store does, or somebody stopped it; undefined where it does. */
export const whyStopped = ({ plan: made, report }: Pushed): string | undefined => {
  const blocked = made?.guards.find(({ verdict }) => verdict === 'blocked')
  if (made && blocked) return `${made.plan}: ${blocked.guard}: ${blocked.detail}`
  if (report?.error) return report.error.message
  return report?.state === 'interrupted' ? 'the migration was stopped' : undefined
}

/** Planned rows that were not carried out. */
export const notDone = ({ report }: Pushed): number => (report ? report.counts.failed + report.counts.skipped : 0)
