import type { Mirror } from '../../mirror/index.ts'
import { type Change, type Derived, keyText, sameValue, type Value, type Values } from '../../model/index.ts'
import { betweenOf, copyOf } from './copies.ts'
import type { Moving } from './moving.ts'

/**
 * Tells what a row was made with in one field, alone or inside its parent, as the plan says that made it; undefined where none says.
 * It is asked by the old row that it was made for, as the derived resource tells it.
 */
export const madeWith = (
  moving: Moving,
  { child, parent, link }: Derived,
  childKey: string,
  field: string,
): ((old: Values) => Value | undefined) => {
  const [alone, around] = [creationsOf(moving, child), creationsOf(moving, parent)]
  const nests = moving.context.catalog.resources.get(parent)?.api.create?.nest
  const name = nests?.find(({ resource }) => resource === child)?.made
  return (old) => {
    const own = alone(keyText({ key: old[childKey] ?? null }))
    if (own) return valueIn(own.fields, field)
    const owner = around(keyText({ key: old[link] ?? null }))
    const rows = owner?.nested?.[child]
    const inner = rows?.find((row) => name !== undefined && sameValue(row[name], old[name]))
    if (inner) return inner[field]
    return owner && !rows ? valueIn(owner.fields, field) : undefined
  }
}

/** Looks up the change that made a row, by the old one that it was made for. The plans are read at the first question, once. */
export const creationsOf = (moving: Moving, name: string): ((from: string) => Change | undefined) => {
  let known: Map<string, Change> | undefined
  return (from) => {
    known ??= readCreations(moving, name)
    return known.get(from)
  }
}

const readCreations = (moving: Moving, name: string): Map<string, Change> => {
  const known = new Map<string, Change>()
  const resource = moving.context.catalog.resources.get(name)
  const create = resource && copyOf(moving.context.catalog, resource, betweenOf(moving)).create
  for (const made of create ? madeChanges(moving.to.mirror, create.spec.name) : [])
    if (!known.has(made.standsFor)) known.set(made.standsFor, made)
  return known
}

/** What a sync made for rows of another store, newest plan first. */
export function* madeChanges(mirror: Mirror, sync: string): Generator<Change & { readonly standsFor: string }> {
  for (const { plan } of mirror.plansOf(sync)) {
    const states = mirror.changeStates(plan.plan)
    for (const { standsFor, ...change } of plan.changes)
      if (standsFor !== undefined && states.get(change.id)?.state === 'applied') yield { ...change, standsFor }
  }
}

const valueIn = (fields: readonly { readonly field: string; readonly to: Value }[], name: string): Value | undefined =>
  fields.find(({ field }) => field === name)?.to
