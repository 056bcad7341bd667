import { belongs } from '../diff/index.ts'
import {
  type Change,
  type FieldChange,
  isoTime,
  matchText,
  pick,
  sameValue,
  type Value,
  type Values,
} from '../model/index.ts'
import { freshnessOf } from './fresh.ts'
import { listsNamed } from './lists-of.ts'
import type { Pushing } from './pushing.ts'
import { readByKeys, readSince } from './read-rows.ts'
import { parentKeys, taskOf } from './scope-of-pull.ts'
import { foundSent } from './sent.ts'
import { showsInDates } from './shows-in-dates.ts'
import { appliedSince, currentValues, rowFinder } from './store-rows.ts'

/** What the store says of a change right before it is sent. */
export type Standing =
  /** With the fields that are still to be written: one that already holds its new value needs no request. */
  | { readonly kind: 'as-planned'; readonly left: readonly FieldChange[] }
  | { readonly kind: 'already' | 'gone' }
  | { readonly kind: 'stale'; readonly reason: string }

/**
 * Reads again what the changes are about to overwrite, at the least cost that catches what can be caught. Right after a pull one
 * request tells which rows changed since, and only those are looked at; where an edit need not show in that (`shows-in-dates.ts`), and
 * with an older mirror, the rows themselves are read.
 */
export const recheck = async (pushing: Pushing, changes: readonly Change[]): Promise<ReadonlyMap<number, Standing>> => {
  const { context, side, target, ledger } = pushing
  const readAt = isoTime(context.clock.now())
  const isPlaced = ({ action, key }: Change): boolean =>
    action !== 'create' || (target.kind === 'plain' && belongs(target.resource, key))
  const unreadable = await readAgain(pushing, changes.filter(isPlaced))
  const made = await madeMeanwhile(
    pushing,
    changes.filter((change) => !isPlaced(change)),
  )
  const find = rowFinder(side.mirror, target)
  // The rows were read just now, so only what was written a moment ago can still be missing from them.
  const applied = appliedSince(side.mirror, context.catalog, readAt)
  return new Map(
    changes.map((change): [number, Standing] => {
      const fields = change.fields.filter(({ field }) => !ledger.isProven(change.id, field))
      if (!isPlaced(change)) return [change.id, made(change) ?? { kind: 'as-planned', left: fields }]
      if (unreadable) return [change.id, { kind: 'stale', reason: unreadable }]
      if (change.action === 'create') {
        return [change.id, isThere(pushing, change) ? MADE_MEANWHILE : { kind: 'as-planned', left: fields }]
      }
      const row = find(change.entity)
      if (!row) return [change.id, { kind: 'gone' }]
      const names = fields.map(({ field }) => field)
      return [change.id, standing(change, fields, currentValues(target, row, names, applied))]
    }),
  )
}

const MADE_MEANWHILE: Standing = { kind: 'stale', reason: 'it is in the store now, the plan was to make it' }

const isThere = ({ side: { mirror }, target }: Pushing, change: Change): boolean => {
  if (target.kind !== 'plain') return false
  const { key } = change
  const known = mirror.lookup(target.resource, Object.keys(key)).find(key)
  return known.length > 0 || foundSent(mirror, target.resource, change) !== undefined
}

const RECENT_MS = 5 * 60_000

/** Brings the mirror's rows of the changes up to date. Returns why they cannot be read, where that is so. */
const readAgain = async (
  { context, side, target, spec, run }: Pushing,
  changes: readonly Change[],
): Promise<string | null> => {
  if (!changes.length) return null
  const reading = { task: taskOf(context.catalog, target), purpose: 'check' as const, run }
  const [oldest] = freshnessOf(side.mirror, target)
    .map(({ asOf, watermark }) => ({ asOf: Date.parse(asOf ?? '') || 0, watermark: Date.parse(watermark ?? '') || 0 }))
    .sort((a, b) => a.asOf - b.asOf)
  const { ids, one } = reading.task.resource.api.list ?? {}
  const isRecent = oldest !== undefined && context.clock.now() - oldest.asOf < RECENT_MS
  const hasDates = showsInDates(side.mirror, target, changes)
  const isAsked = ids !== undefined || one !== undefined
  if ((!isAsked || (spec.recheck === 'auto' && isRecent)) && hasDates && oldest?.watermark) {
    // The store's own stamps are compared with the store's own time.
    await readSince(context, side, reading, oldest.watermark - SLACK_MS)
    return null
  }
  const gone = await readByKeys(context, side, reading, parentKeys(side.mirror, reading.task, target, changes))
  return gone === null ? 'its rows cannot be read again before they are written' : null
}

/**
 * A request that would write over a row that is there is not to make one: what came to the store since the plan is looked for first.
 * @returns how a change that creates stands, where that is not as planned.
 */
const madeMeanwhile = async (
  { context, side, target, run }: Pushing,
  changes: readonly Change[],
): Promise<(change: Change) => Standing | undefined> => {
  const [first] = changes
  if (!first || target.kind !== 'plain' || !target.resource.api.create?.whole) return () => undefined
  const { resource } = target
  const reading = { task: taskOf(context.catalog, target), purpose: 'check' as const, run }
  const since = Date.parse(side.mirror.freshness(resource.name)?.watermark ?? '') || SLACK_MS
  await readSince(context, side, reading, since - SLACK_MS, listsNamed(resource, changes))
  const lookup = side.mirror.lookup(resource, Object.keys(first.key))
  return ({ key, fields }) => {
    const [row] = lookup.find(key)
    if (!row) return undefined
    const isSame = fields.every(({ field, to }) => sameValue(row.values[field] ?? null, to))
    return isSame ? { kind: 'already' } : { kind: 'stale', reason: 'it came to the store meanwhile; plan again' }
  }
}

/** Stamps have whole seconds, and a pull takes some time. */
const SLACK_MS = 60_000

const standing = ({ action, key }: Change, fields: readonly FieldChange[], now: Values): Standing => {
  const held = (field: string): Value => now[field] ?? null
  const named = pick(now, Object.keys(key))
  if (matchText(named) !== matchText(key)) {
    return { kind: 'stale', reason: `it is ${Object.values(named).map(show).join(' / ')} in the store now` }
  }
  const moved = fields.find(({ field, from, to }) => !sameValue(held(field), from) && !sameValue(held(field), to))
  if (moved) {
    return {
      kind: 'stale',
      reason: `${moved.field} is ${show(held(moved.field))} in the store now, the plan expected ${show(moved.from)}`,
    }
  }
  const left = fields.filter(({ field, to }) => !sameValue(held(field), to))
  return left.length || action === 'remove' ? { kind: 'as-planned', left } : { kind: 'already' }
}

const show = (value: Value): string =>
  value === null ? 'not set' : typeof value === 'object' ? JSON.stringify(value) : String(value)
