import type { Target, Write } from '../diff/index.ts'
import type { Unsettled } from '../mirror/index.ts'
import { type Body, isoTime, type Resource, type Value, type Values } from '../model/index.ts'
import type { Writing } from './pushing.ts'

/** What became of one written row. */
export interface Written {
  readonly write: Write
  readonly resource: Resource
  /** The row as the store echoed it; null where the route echoes nothing. */
  readonly echo: Body | null
  /** What was set, as the store saved it. */
  readonly saved: Values
  /** When its request ended, ms. */
  readonly at: number
}

/**
 * Takes over what was written: echoes go into the mirror, and every written value stands for itself until a reading late enough
 * can confirm it.
 */
export const keepWritten = (writing: Writing, written: readonly Written[]): void => {
  const { context, side, run } = writing
  const unsettled = written.flatMap((one) => unsettledOf(writing, one))
  const [first] = written
  const rows = written.flatMap(({ echo }) => (echo ? [{ body: echo }] : []))
  if (first && rows.length) {
    side.mirror.saveRows({ resource: first.resource, children: [], rows, at: isoTime(context.clock.now()), run })
  }
  if (unsettled.length) side.mirror.saveUnsettled(unsettled)
}

const unsettledOf = (
  { context, side, target }: Writing,
  { write, resource, saved, at }: Written,
): readonly Unsettled[] => {
  const until = isoTime(at + (side.settleMs ?? resource.settleMs) + A_SECOND)
  return Object.entries(saved).flatMap(([field, value]) => {
    const place = placeOf(target, resource, write.id, field)
    const held = place && context.catalog.resources.get(place.resource)
    if (!place || !held) return []
    const before = side.mirror.row(held, keyOf(held, place.key))?.[place.field] ?? null
    return [{ ...place, value, before, appliedAt: isoTime(at), until }]
  })
}

/** Times are kept in whole seconds, rounded down. */
const A_SECOND = 1000

interface Place {
  readonly resource: string
  readonly key: string
  readonly field: string
}

/** Where the comparison reads what a write set: the row itself, or the row that shows the stock. */
const placeOf = (target: Target, resource: Resource, id: Values, field: string): Place | undefined => {
  if (resource.key.every((name) => name in id) && isRead(target, resource)) {
    return { resource: resource.name, key: resource.key.map((name) => String(id[name] as Value)).join('\t'), field }
  }
  if (target.kind === 'plain') return undefined
  for (const facts of Object.values(target.derived.fields)) {
    if (facts.of !== 'stock' || facts.writes.resource !== resource.name) continue
    const child = id[facts.writes.childKey] ?? null
    return child === null
      ? { resource: target.parent.name, key: String(id[facts.writes.parentKey]), field: facts.field }
      : { resource: target.child.name, key: String(child), field: facts.field }
  }
  return undefined
}

const isRead = (target: Target, { name }: Resource): boolean =>
  target.kind === 'plain' ? target.name === name : target.parent.name === name || target.child.name === name

/** A key text as the key it was made from. */
export const keyOf = (resource: Resource, text: string): Values => {
  const parts = text.split('\t')
  return Object.fromEntries(
    resource.key.map((name, index) => [
      name,
      resource.fields[name]?.kind === 'integer' ? Number(parts[index]) : (parts[index] ?? null),
    ]),
  )
}
