import {
  AuthError,
  EXIT,
  InterruptedError,
  isoTime,
  type PullReport,
  type ResourcePull,
  UsageError,
} from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { linkStore } from './identity.ts'
import { totalOf } from './lists-of.ts'
import { nextFull } from './next-full.ts'
import { pullTask } from './pull-resource.ts'
import { rememberPace } from './remember-pace.ts'
import { requestsSince } from './run.ts'
import { pullTasks } from './scope-of-pull.ts'
import { knownRows } from './unread-rows.ts'

export interface PullOptions {
  /** Only these of the store's resources. */
  readonly only?: readonly string[]
  /** Read everything again instead of what changed. */
  readonly full?: boolean
  /** Compare the mirror's row counts with the store's afterwards, also where the pull was incremental. */
  readonly verify?: boolean
  /** Who answers was asked a moment ago, under the same lock. */
  readonly isKnown?: boolean
}

/**
 * Brings a store's mirror up to date. Listings are read side by side; the pacer keeps them within the quota.
 * @throws {BlockedError} when another store answers than the mirror's.
 */
export const pull = async (
  context: Context,
  side: StoreSide,
  options: PullOptions,
  run: string,
): Promise<PullReport> => {
  const before = side.store.requests()
  if (!options.isKnown) await linkStore(context, side, isoTime(context.clock.now()))
  const tasks = pullTasks(context.catalog, chosen(side, options.only))
  const settled = await Promise.allSettled(
    tasks.map((task) => pullTask(context, side, task, { full: options.full ?? false, run })),
  )
  const failure = firstFailure(settled)
  if (failure) throw failure
  const results = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const pulled = results.flatMap((one) => one.resources)
  const resources = options.verify ? await verifyCounts(context, side, pulled) : pulled
  rememberPace(context, side)
  const unread = results.flatMap((one) => one.unread)
  for (const { resource, key, reason } of unread) {
    context.progress({ kind: 'warning', text: `${resource} ${key} was left out: ${reason}` })
  }
  const complete = resources.every((one) => one.complete)
  return {
    run,
    store: side.name,
    full: results.every(({ full }) => full),
    resources,
    unread,
    nextFull: tasks.flatMap((task) => nextFull(context, side, task)),
    requests: requestsSince(side, before),
    ...(!complete
      ? { state: 'partial' as const, exit: EXIT.failed }
      : unread.length
        ? { state: 'complete-with-rejects' as const, exit: EXIT.rows }
        : { state: 'complete' as const, exit: EXIT.done }),
  }
}

/** A count that differs now means rows came or went unseen, or while the pull was under way. */
const verifyCounts = async (
  context: Context,
  side: StoreSide,
  pulled: readonly ResourcePull[],
): Promise<readonly ResourcePull[]> =>
  Promise.all(
    pulled.map(async (one) => {
      const resource = context.catalog.resources.get(one.resource)
      if (!resource?.api.list || resource.api.list.rows || resource.api.within) return one
      const expected = await totalOf(context, side, resource, 'check')
      if (expected === null) return one
      return {
        ...one,
        expected,
        complete: one.complete && expected === knownRows(side, resource),
      }
    }),
  )

const chosen = (side: StoreSide, only: readonly string[] | undefined): readonly string[] => {
  const unknown = only?.filter((name) => !side.resources.includes(name)) ?? []
  if (unknown.length) {
    throw new UsageError(`store ${side.name} is not configured to hold ${unknown.join(', ')}`, {
      hint: `its resources are ${side.resources.join(', ')}; add others in the config`,
    })
  }
  return only ?? side.resources
}

const firstFailure = (settled: readonly PromiseSettledResult<unknown>[]): unknown => {
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  return (
    failures.find((error) => error instanceof AuthError) ??
    failures.find((error) => !(error instanceof InterruptedError)) ??
    failures[0]
  )
}
