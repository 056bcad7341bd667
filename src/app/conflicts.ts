import { parseAllow } from '../diff/index.ts'
import { resolve, withRun } from '../engine/index.ts'
import type { ConflictRow, Mirror } from '../mirror/index.ts'
import { planningCommand, type ResolveReport, UsageError } from '../model/index.ts'
import { configHash } from './settings/index.ts'
import { mirrored } from './verbs.ts'
import type { Workspace } from './workspace.ts'

/** A conflict that is not settled, with the store that it is of. */
export interface OpenConflict
  extends Pick<
    ConflictRow,
    'id' | 'sync' | 'key' | 'label' | 'line' | 'field' | 'base' | 'since' | 'plan' | 'decision'
  > {
  readonly store: string
  readonly inStore: SideOfConflict
  readonly inSource: SideOfConflict
  /** What to type next. */
  readonly next: string
}

interface SideOfConflict {
  readonly value: ConflictRow['store']
  /** When that side was last changed, as far as it tells; UTC ISO-8601. */
  readonly changed: string | null
}

/** The conflict inbox: of one sync, or of all; oldest first. It only reads, and needs no store. */
export const listConflicts = async (
  workspace: Workspace,
  sync: string | undefined,
  store: string | undefined,
): Promise<readonly OpenConflict[]> => {
  const now = workspace.context.clock.now()
  const all: OpenConflict[] = []
  for (const name of mirrored(workspace, sync === undefined ? store : workspace.sync(sync).store)) {
    const found = await workspace.withMirror(name, (mirror) =>
      mirror.conflicts(sync ?? null).map((row) => openConflict(name, row, nextStep(mirror, row, now))),
    )
    all.push(...found)
  }
  return all
}

const openConflict = (store: string, row: ConflictRow, next: string): OpenConflict => {
  const { id, sync, key, label, line, field, base, since, plan, decision } = row
  return {
    ...{ id, store, sync, key, label, line, field, base },
    inStore: { value: row.store, changed: row.storeAt },
    inSource: { value: row.source, changed: row.sourceAt },
    ...{ since, plan, decision, next },
  }
}

/** One that is decided waits in a plan; where that can be pushed no more, the next plan carries it. */
const nextStep = (mirror: Mirror, { id, sync, decision }: ConflictRow, now: number): string => {
  if (!decision) return `skiff resolve ${id} --take store`
  const waits = decision.plan === null ? undefined : mirror.plan(decision.plan)
  const isGood = waits && (waits.state === 'open' || waits.state === 'approved') && Date.parse(waits.plan.expires) > now
  if (isGood) return `skiff push ${decision.plan}`
  return planningCommand(sync)
}

export interface ResolveOptions {
  /** `store`, `source`, or the value. */
  readonly take: string
  /** Who decides. */
  readonly by: string
  readonly allow: readonly string[]
  /** Needed where several stores have a conflict of that name. */
  readonly store: string | undefined
}

/**
 * Decides conflicts and makes the plan that carries that out.
 * @throws {UsageError} when they are not all of one sync.
 */
export const resolveConflicts = async (
  workspace: Workspace,
  ids: readonly string[],
  options: ResolveOptions,
): Promise<ResolveReport> => {
  const spec = workspace.sync(await syncOf(workspace, ids, options.store))
  const settings = { ...options, allowed: parseAllow(options.allow), configHash: configHash(workspace.settings, spec) }
  return workspace.withStore(spec.store, `resolve ${ids.join(' ')}`, (side) =>
    withRun(workspace.context, side, 'resolve', spec.name, async (run) =>
      resolve(workspace.context, side, spec, ids, settings, run),
    ),
  )
}

const syncOf = async (workspace: Workspace, ids: readonly string[], store: string | undefined): Promise<string> => {
  const syncs = new Map<string, readonly string[]>()
  for (const id of ids) {
    const found: string[] = []
    for (const name of mirrored(workspace, store)) {
      const conflict = await workspace.withMirror(name, (mirror) => mirror.conflict(id))
      if (conflict) found.push(conflict.sync)
    }
    const [sync, second] = found
    if (sync === undefined)
      throw new UsageError(`there is no conflict ${id}`, { hint: 'list them with `skiff conflicts`' })
    if (second) throw new UsageError(`several stores have a conflict ${id}`, { hint: 'say which with --store' })
    syncs.set(sync, [...(syncs.get(sync) ?? []), id])
  }
  const [only, another] = [...syncs.keys()]
  if (only !== undefined && another === undefined) return only
  const each = [...syncs].map(([sync, own]) => `${own.join(' ')} of ${sync}`)
  throw new UsageError(`these are conflicts of several syncs: ${each.join(', ')}`, {
    hint: 'resolve those of one sync at a time; each gets a plan of its own',
  })
}
