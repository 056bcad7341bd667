import { freeze, type ReconcileOptions, reconcile } from '../engine/index.ts'
import type { FreezeReport, ReconcileReport } from '../model/index.ts'
import { daySeed } from './day-seed.ts'
import { withBoth } from './migrate.ts'
import type { MovingOptions } from './move-files.ts'
import type { Workspace } from './workspace.ts'

export interface ReconcileStoresOptions extends Omit<ReconcileOptions, 'seed'>, Pick<MovingOptions, 'files'> {
  /** Absent takes the day, so that other pictures are looked at each day. */
  readonly seed?: number | undefined
}

/** Compares two stores of the configuration through the id map of their migration. Nothing is written to either. */
export const reconcileStores = (
  workspace: Workspace,
  from: string,
  to: string,
  { seed, files, ...options }: ReconcileStoresOptions,
): Promise<ReconcileReport> =>
  withBoth(
    workspace,
    from,
    to,
    files,
    (stores) => {
      const context = workspace.contextOf(to)
      return reconcile(context, stores, { ...options, seed: seed ?? daySeed(context.clock) })
    },
    'migrate --verify',
  )

/** Lists what changed in the old store since the last copy. Nothing is written to either store. */
export const changesSinceCopy = (
  workspace: Workspace,
  from: string,
  to: string,
  { files, ...options }: MovingOptions,
): Promise<FreezeReport> =>
  withBoth(workspace, from, to, files, (stores) => freeze(workspace.contextOf(to), stores, options), 'migrate --freeze')
