import { neededBy } from '../../diff/index.ts'
import { isoTime, type PullReport, type Resource, type UnreadRow } from '../../model/index.ts'
import type { Context, StoreSide } from '../context.ts'
import { linkStore } from '../identity.ts'
import { pull } from '../pull.ts'
import { pullTasks } from '../scope-of-pull.ts'
import { refusePartial } from './refuse-partial.ts'

/** The old store as it is being read, listing by listing, while what came already is copied. */
export interface OldReading {
  /**
   * Waits for the rows of a resource, and for those that they bring along or refer to.
   * @throws what the reading of them threw, and a MirrorError when it could not prove itself complete.
   */
  until(resource: Resource): Promise<void>
  /** Waits for everything, and tells the rows that could not be read. @throws as `until`. */
  whole(): Promise<readonly UnreadRow[]>
  /** Ends what is under way; the next reading goes on from there. */
  stop(): Promise<void>
}

/**
 * Begins to bring the old store's mirror up to date, within that store's own quota.
 * @throws {BlockedError} when another store answers than the mirror's.
 */
export const readOld = async (context: Context, side: StoreSide, run: string): Promise<OldReading> => {
  await linkStore(context, side, isoTime(context.clock.now()))
  const stopped = new AbortController()
  const reading = { ...context, signal: AbortSignal.any([context.signal, stopped.signal]) }
  const pulls = new Map<string, Promise<PullReport>>()
  for (const only of listingsOf(context, side)) {
    const pulled = pull(reading, side, { only, isKnown: true }, run)
    // Whoever waits for it is told; until then nobody is to be alarmed.
    pulled.catch(() => undefined)
    for (const { resource, children } of pullTasks(context.catalog, only))
      for (const { name } of [resource, ...children]) pulls.set(name, pulled)
  }
  const wait = async (names: Iterable<string>): Promise<readonly UnreadRow[]> => {
    const wanted = new Set([...names].flatMap((name) => pulls.get(name) ?? []))
    const reports = await Promise.all(wanted)
    for (const report of reports) refusePartial(report)
    return reports.flatMap(({ unread }) => unread)
  }
  return {
    until: async (resource) => {
      await wait([resource.name, ...neededBy(resource, context.catalog.resources)])
    },
    whole: () => wait(pulls.keys()),
    stop: async () => {
      stopped.abort()
      await Promise.allSettled(pulls.values())
    },
  }
}

/** The configured resources by the listing that brings them. */
const listingsOf = ({ catalog }: Context, { resources }: StoreSide): Iterable<readonly string[]> => {
  const byRoot = new Map<string, string[]>()
  for (const name of resources) {
    const root = pullTasks(catalog, [name])[0]?.resource.name ?? name
    byRoot.set(root, [...(byRoot.get(root) ?? []), name])
  }
  return byRoot.values()
}
