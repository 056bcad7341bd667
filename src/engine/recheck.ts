import type { Target } from '../diff/index.ts'
import { type Change, type FieldChange, sameValue, type Value, type Values } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { freshnessOf } from './fresh.ts'
import { readByKeys, readSince } from './read-rows.ts'
import { parentKeys, taskOf } from './scope-of-pull.ts'
import { appliedSince, currentValues, rowFinder } from './store-rows.ts'

/** What the store says of a change right before it is sent. */
export type Standing =
  /** With the fields that are still to be written: one that already holds its new value needs no request. */
  | { readonly kind: 'as-planned'; readonly left: readonly FieldChange[] }
  | { readonly kind: 'already' | 'gone' }
  | { readonly kind: 'stale'; readonly reason: string }

/**
 * Reads again what the changes are about to overwrite, at the least cost that catches what can be caught. Right after a pull one
 * request tells which parents changed since, and only those are looked at; but a child's edit need not show in its parent's date,
 * so changes of children's fields and older mirrors read the rows themselves.
 */
export const recheck = async (
  context: Context,
  side: StoreSide,
  target: Target,
  changes: readonly Change[],
  mode: 'auto' | 'all',
  run: string,
): Promise<ReadonlyMap<number, Standing>> => {
  const updates = changes.filter(({ action }) => action !== 'create')
  if (updates.length) {
    const asOf =
      freshnessOf(side.mirror, target)
        .map((one) => one.asOf ?? '')
        .sort()[0] ?? ''
    const recent = context.clock.now() - Date.parse(asOf) < RECENT_MS
    const byProbe =
      mode === 'auto' && recent && target.kind === 'plain' && target.resource.api.list?.since !== undefined
    const reading = { task: taskOf(context.catalog, target), purpose: 'check' as const, run }
    if (byProbe) await readSince(context, side, reading, Date.parse(asOf) - CLOCK_SLACK_MS)
    else await readByKeys(context, side, reading, parentKeys(target, updates))
  }
  const find = rowFinder(side.mirror, target)
  // Readings of ours that came too early after a write are still overlaid, as of the oldest reading of the parents.
  const applied = appliedSince(
    side.mirror,
    freshnessOf(side.mirror, target)
      .map((one) => one.asOf ?? '')
      .sort()[0] ?? '',
  )
  return new Map(
    changes.map((change) => {
      if (change.action === 'create') return [change.id, { kind: 'as-planned', left: change.fields }]
      const row = find(change.entity)
      if (!row) return [change.id, { kind: 'gone' }]
      return [
        change.id,
        standing(
          change,
          currentValues(
            target,
            row,
            change.fields.map(({ field }) => field),
            applied,
          ),
        ),
      ]
    }),
  )
}

const RECENT_MS = 5 * 60_000

const standing = ({ action, fields }: Change, now: Values): Standing => {
  const held = (field: string): Value => now[field] ?? null
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

/** Stamps have whole seconds, and clocks differ. */
const CLOCK_SLACK_MS = 60_000

const show = (value: Value): string =>
  value === null ? 'not set' : typeof value === 'object' ? JSON.stringify(value) : String(value)
