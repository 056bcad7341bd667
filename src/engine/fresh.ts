import type { Target } from '../diff/index.ts'
import { resourcesOf } from '../diff/index.ts'
import type { Freshness, Mirror } from '../mirror/index.ts'
import { isoTime, MirrorError } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'

const OLDEST_MS = 24 * 3_600_000

/** Resources of the store that hold a target's rows, with how fresh each is. */
export const freshnessOf = (mirror: Mirror, target: Target): readonly Freshness[] =>
  resourcesOf(target).flatMap((resource) => mirror.freshness(resource.api.within?.parent ?? resource.name) ?? [])

/**
 * A comparison needs a complete and recent mirror.
 * @returns the moment since which the mirror is true, UTC ISO-8601.
 * @throws {MirrorError} that says which pull is missing.
 */
export const requireFresh = (context: Context, side: StoreSide, target: Target, staleOk: boolean): string => {
  const needed = resourcesOf(target)
  const found = freshnessOf(side.mirror, target)
  const missing = found.length < needed.length || found.some(({ asOf }) => asOf === null)
  if (missing) {
    throw new MirrorError(
      `the mirror of store ${side.name} holds no complete pull of ${needed.map(({ name }) => name).join(', ')}`,
      {
        where: side.mirror.path,
        hint: `run \`skiff pull ${side.name}\` first`,
      },
    )
  }
  const incomplete = found.find(({ complete }) => !complete)
  if (incomplete) {
    throw new MirrorError(`the last pull of ${incomplete.resource} did not end`, {
      where: side.mirror.path,
      hint: `run \`skiff pull ${side.name}\`; it goes on where it stopped`,
    })
  }
  const asOf = found.map((one) => one.asOf ?? '').sort()[0] ?? ''
  if (!staleOk && context.clock.now() - Date.parse(asOf) > OLDEST_MS) {
    throw new MirrorError(`the mirror of store ${side.name} is from ${asOf}, more than 24 h ago`, {
      where: side.mirror.path,
      hint: `run \`skiff pull ${side.name}\`, or plan with --stale-ok`,
    })
  }
  return asOf
}

/** For people: how old a moment is. */
export const ageText = (context: Context, at: string): string => {
  const minutes = Math.max(0, Math.round((context.clock.now() - Date.parse(at)) / 60_000))
  const age = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
  return `${at} (${age} ago at ${isoTime(context.clock.now())})`
}
