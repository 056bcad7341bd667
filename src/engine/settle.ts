import type { Target } from '../diff/index.ts'
import type { Unsettled } from '../mirror/index.ts'
import { type Body, isoTime, lookUp, type Resource, type Value, type Values } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import type { Written } from './send.ts'

/**
 * Takes over what was written: whole echoes go into the mirror, and every written value stands for itself until a reading late
 * enough can confirm it.
 */
export const keepWritten = (
  context: Context,
  side: StoreSide,
  target: Target,
  written: readonly Written[],
  run: string,
): void => {
  const at = isoTime(context.clock.now())
  const echoes = new Map<Resource, Body[]>()
  for (const { resource, echo } of written) {
    if (echo && isWhole(resource, echo)) echoes.set(resource, [...(echoes.get(resource) ?? []), echo])
  }
  for (const [resource, bodies] of echoes) {
    side.mirror.saveRows({ resource, children: [], rows: bodies.map((body) => ({ body })), at, run })
  }
  const unsettled = written.flatMap((one) => unsettledOf(side, target, one))
  if (unsettled.length) side.mirror.saveUnsettled(unsettled)
}

/** An echo replaces the mirror's row only when it holds every field that the mirror keeps. */
const isWhole = (resource: Resource, echo: Body): boolean =>
  Object.entries(resource.fields).every(([name, { at }]) => lookUp(echo, at ?? name) !== undefined)

const unsettledOf = (
  side: StoreSide,
  target: Target,
  { write, resource, saved, at }: Written,
): readonly Unsettled[] => {
  const settleMs = side.settleMs ?? resource.settleMs
  return Object.entries(saved).flatMap(([field, value]) => {
    const place = placeOf(target, resource, write.id, field)
    if (!place) return []
    return [{ ...place, value, appliedAt: isoTime(at), until: isoTime(at + settleMs + A_SECOND) }]
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
