import { parseAllow } from '../diff/index.ts'
import { foretell, migrate, type Stores, withRun } from '../engine/index.ts'
import type { MoveFiles } from '../mirror/index.ts'
import {
  ApprovalError,
  type MigrateReport,
  type MigrationPlanReport,
  type Requests,
  type RunReport,
  UsageError,
} from '../model/index.ts'
import { forgetOld } from './forget-old.ts'
import { type MovingOptions, named, refuseLeftOut } from './move-files.ts'
import type { Workspace } from './workspace.ts'

/** What a migration would do. Both mirrors are brought up to date; no store is written to. */
export const foretellMigration = (
  workspace: Workspace,
  from: string,
  to: string,
  { files, ...options }: MovingOptions,
): Promise<MigrationPlanReport> =>
  withBoth(workspace, from, to, files, (stores) => foretell(workspace.contextOf(to), stores, options))

interface CopyOptions extends MovingOptions {
  /** Guards that are let pass or moved, as written after `--allow`. */
  readonly allow?: readonly string[]
}

/**
 * Copies one store of the configuration into another; both are locked, and each mirror records a run of its own.
 * @param typedStore Name of the new store as a person typed it: a live shop asks for it before the first copy.
 * @throws {UsageError} for an unknown guard, or where a file is left out that the last copy went by. {ApprovalError} when a live shop was copied into never before and nobody typed its name.
 */
export const migrateStore = (
  workspace: Workspace,
  from: string,
  to: string,
  { allow = [], files, ...options }: CopyOptions,
  typedStore?: string,
): Promise<MigrateReport> => {
  const allowed = parseAllow(allow)
  return withBoth(workspace, from, to, files, (stores) => {
    if (isFirstCopy(workspace, stores) && typedStore !== to) throw firstCopy(to)
    stores.to.mirror.saveMoveFiles(stores.from.hash, { map: named(files?.map), transform: named(files?.transform) })
    return migrate(workspace.contextOf(to), stores, { ...options, allowed })
  })
}

/**
 * Both stores of a migration, each locked, with a run of its own in each mirror.
 * @throws {UsageError} where a file is left out that the last copy went by.
 */
export const withBoth = async <R extends RunReport & { readonly reads: Requests }>(
  workspace: Workspace,
  from: string,
  to: string,
  files: MoveFiles | undefined,
  work: (stores: Stores) => Promise<R>,
  verb = 'migrate',
): Promise<R> => {
  if (from === to) throw new UsageError('a store is not copied into itself', { hint: 'name two stores of the config' })
  const what = `${verb} ${from} ${to}`
  return workspace.withStore(from, what, (old) =>
    workspace.withStore(to, what, async (side) => {
      const fromContext = workspace.contextOf(from)
      let report: R | undefined
      await withRun(fromContext, old, verb, `${from} ${to}`, async (fromRun) => {
        report = await withRun(workspace.contextOf(to), side, verb, `${from} ${to}`, async (run) => {
          const stores = { from: old, to: side, fromContext, fromRun, run }
          refuseLeftOut(stores, files)
          return work(stores)
        })
        return { ...report, run: fromRun, requests: report.reads }
      })
      forgetOld(workspace, side)
      return report as R
    }),
  )
}

const isFirstCopy = ({ settings }: Workspace, { from, to }: Stores): boolean =>
  (settings.stores[to.name]?.production ?? false) && !to.mirror.hasLinks(from.hash)

const firstCopy = (to: string): ApprovalError =>
  new ApprovalError(`store ${to} is a live shop, and nothing was ever copied into it`, {
    hint: "give the same command without --yes at a terminal, and type the store's name",
  })
