import { verify, withRun } from '../engine/index.ts'
import { UsageError, type VerifyReport } from '../model/index.ts'
import { daySeed } from './day-seed.ts'
import type { Workspace } from './workspace.ts'

export interface VerifyStoreOptions {
  /** None compares every resource of the store with its mirror alone. */
  readonly syncs: readonly string[]
  /** Such as "5%"; absent is every row. */
  readonly sample?: string | undefined
  /** Absent takes the day, so that a nightly sample meets every row in turn. */
  readonly seed?: number | undefined
}

/** Compares a store's sides, as a recorded run under its lock. Nothing else of the mirror is written. */
export const verifyStore = (
  workspace: Workspace,
  store: string,
  { syncs, sample, seed }: VerifyStoreOptions,
): Promise<VerifyReport> => {
  const context = workspace.contextOf(store)
  const share = sample === undefined ? 1 : shareOf(sample)
  const sources = syncs.map((name) => {
    const spec = workspace.sync(name)
    return { spec, source: workspace.source(spec) }
  })
  return workspace.withStore(store, `verify ${store}`, (side) =>
    withRun(context, side, 'verify', syncs.join(' ') || store, (run) =>
      workspace.withScratch((scratch) =>
        verify(
          context,
          side,
          { syncs: sources, sample: { share, seed: seed ?? daySeed(context.clock) }, scratch },
          run,
        ),
      ),
    ),
  )
}

const shareOf = (text: string): number => {
  const share = Number(/^(\d+(?:\.\d+)?) ?%$/.exec(text.trim())?.[1]) / 100
  if (share > 0 && share <= 1) return share
  throw new UsageError(`${JSON.stringify(text)} is no share of the rows`, {
    where: '--sample',
    hint: 'write it like 5%, above 0% and up to 100%',
  })
}
