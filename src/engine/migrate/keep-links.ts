import type { BaseRow } from '../../mirror/index.ts'
import { isoTime, matchText, pick, stableJson, type Value, type Values } from '../../model/index.ts'
import { type Copy, rowKey } from './copies.ts'
import { keyOf } from './match-rows.ts'
import type { Moving } from './moving.ts'
import type { OldRow } from './old-rows.ts'

/** A row of the new store that from now on stands for an old one. */
export interface Standing {
  readonly old: OldRow
  /** Its values there. */
  readonly values: Values
  readonly how: string
  /** What both sides are taken to have agreed on, by field: the new store's value and the old one's. */
  agreed(field: string, there: Value): BaseRow['fields'][string]
}

/**
 * Takes rows into the id map, and what they are agreed to hold into the base, in one transaction: a row never stands for another
 * without a base that tells whose edit a difference is.
 */
export const keepLinks = (moving: Moving, { resource, update, fields }: Copy, standing: readonly Standing[]): void => {
  if (!standing.length) return
  const { context, to, map, run } = moving
  const at = isoTime(context.clock.now())
  to.mirror.atOnce(() => {
    to.mirror.saveBase(
      update.name,
      standing.map(({ values, agreed }) => ({
        key: matchText(pick(values, rowKey(resource))),
        entity: stableJson(pick(values, resource.key)),
        fields: Object.fromEntries(fields.map((field) => [field, agreed(field, values[field] ?? null)])),
      })),
      at,
    )
    map.add(
      resource.name,
      standing.map(({ old, values, how }) => ({
        from: keyOf(resource, old.held),
        to: pick(values, resource.key),
        how,
      })),
      { run, at },
    )
  })
}
