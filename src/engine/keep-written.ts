import type { Target, Write } from '../diff/index.ts'
import type { Incoming, Unsettled } from '../mirror/index.ts'
import {
  type Body,
  type Change,
  chosenNest,
  isoTime,
  pick,
  type Resource,
  type Value,
  type Values,
} from '../model/index.ts'
import { youngField } from './parts.ts'
import type { Writing } from './pushing.ts'
import { rememberWritten } from './sent.ts'
import { settleMs } from './settle.ts'

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
 * can confirm it. A part that was deleted is gone at once: not every listing tells of rows that are no longer there.
 */
export const keepWritten = (writing: Writing, written: readonly Written[]): void => {
  const { context, side, run } = writing
  const [first] = written
  // All of one batch are of one resource.
  const wait = first ? settleMs(writing, first.resource) + A_SECOND : 0
  const unsettled = written.flatMap((one) => [...unsettledOf(writing, one, wait), ...youngOf(writing, one, wait)])
  const rows = written.flatMap(({ echo, write, resource }) => (echo ? [placed(resource, write.id, echo)] : []))
  rememberWritten(writing, written)
  if (first && rows.length) {
    side.mirror.saveRows({ resource: first.resource, children: [], rows, at: isoTime(context.clock.now()), run })
  }
  for (const { write, at } of written) {
    if (write.verb !== 'delete' || !first?.resource.part) continue
    side.mirror.remove(first.resource, [pick(write.id, first.resource.key)], run, isoTime(at))
  }
  if (unsettled.length) side.mirror.saveUnsettled(unsettled)
}

/** The echo of a row with what it does not tell: the rows that it belongs to. */
const placed = ({ fields, part }: Resource, id: Values, echo: Body): Incoming => {
  const outer = Object.entries(id).flatMap(([name, value]) => {
    const at = fields[name]?.at ?? ''
    return at.startsWith('^') ? [[at.slice(1), value] as const] : []
  })
  const body = { ...pick(id, part ? [part.link] : []), ...echo }
  return outer.length ? { body, enclosing: [Object.fromEntries(outer)] } : { body }
}

const unsettledOf = (
  { context, side, target }: Writing,
  { write, resource, saved, at }: Written,
  wait: number,
): readonly Unsettled[] => {
  const until = isoTime(at + wait)
  return Object.entries(saved).flatMap(([field, value]) => {
    const place = placeOf(target, resource, write.id, field)
    const held = place && context.catalog.resources.get(place.resource)
    if (!place || !held) return []
    const row = side.mirror.row(held, keyOf(held, place.key))
    // A reading of the row as it was knows nothing of what the API does not tell.
    const before = held.fields[place.field]?.untold ? null : (row?.[place.field] ?? null)
    return [{ ...place, value, before, appliedAt: isoTime(at), until }]
  })
}

/**
 * The parent of rows that came or went: a reading as early as this proves nothing of what belongs to it. What inner rows choose from
 * is made for those that come next, which are not to wait for it.
 */
const youngOf = ({ context }: Writing, { write, resource, echo, at }: Written, wait: number): readonly Unsettled[] => {
  if ([...context.catalog.resources.values()].some((one) => chosenNest(one)?.values.resource === resource.name))
    return []
  const { link, parent: name } = resource.api.within ?? {}
  const parent = write.nested ? resource : context.catalog.resources.get(name ?? '')
  const id = write.nested ? echo?.[youngField(resource)] : write.verb === 'update' ? undefined : write.id[link ?? '']
  if (!parent || id === undefined) return []
  const key = { resource: parent.name, key: String(id), field: youngField(parent) }
  return [{ ...key, value: id as Value, before: id as Value, appliedAt: isoTime(at), until: isoTime(at + wait) }]
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

/**
 * What was written earlier to the fields of changes that the store is found to hold now stands for nothing any more: the value that it
 * replaced may be the very one that is there again.
 */
export const forgetWritten = (
  { side, target }: Pick<Writing, 'side' | 'target'>,
  changes: readonly Pick<Change, 'entity' | 'fields'>[],
): void => side.mirror.dropUnsettled(changes.flatMap((change) => placesOf(target, change)))

/** Where the comparison reads the fields of a change. */
export const placesOf = (target: Target, { entity, fields }: Pick<Change, 'entity' | 'fields'>): readonly Place[] => {
  if (target.kind === 'plain') {
    const key = target.resource.key.map((name) => String(entity[name])).join('\t')
    return fields.map(({ field }) => ({ resource: target.name, key, field }))
  }
  const { derived, parent, child } = target
  const keyUnder = (field: string | undefined): string => {
    const named = Object.entries(derived.fields).find(([, facts]) => facts.of === 'child' && facts.field === field)
    return String(entity[named?.[0] ?? ''])
  }
  return fields.flatMap(({ field: name }) => {
    const field = derived.fields[name]?.field ?? name
    return [
      { resource: parent.name, key: keyUnder(derived.link), field },
      { resource: child.name, key: keyUnder(child.key[0]), field },
    ]
  })
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
