import { matchText, type SyncSpec, type Value } from '../../model/index.ts'
import { targetFields } from './fields.ts'
import type { Reading } from './reading.ts'

/**
 * Two syncs that write the same field of the same store would undo each other for ever, so the second is refused, unless no row can
 * be of both. A field that a sync leaves to the store is written by none.
 */
export const refuseSharedFields = (reading: Reading, syncs: readonly SyncSpec[]): void => {
  const owners = new Map<string, SyncSpec[]>()
  for (const sync of syncs) {
    const fields = targetFields(reading.catalog, sync.resource)
    const scope = scopeOf(reading, sync)
    for (const [name, rule] of Object.entries(sync.fields)) {
      if (rule.owner === 'store') continue
      const places = fields.get(name)?.touches.map((place) => `${sync.store}\t${place}`) ?? []
      const others = places.flatMap((place) => owners.get(place) ?? [])
      const other = others.find((one) => !isApart(scope, scopeOf(reading, one)))
      if (other !== undefined) {
        reading.add(
          ['syncs', sync.name, 'fields', name],
          `syncs "${other.name}" and "${sync.name}" both write this field of store "${sync.store}"; one of them must leave it out.`,
          'key',
        )
      }
      for (const place of places) owners.set(place, [...(owners.get(place) ?? []), sync])
    }
  }
}

/** Values that every row of a sync has, by the field of the key; a name is compared with names, an id with ids. */
type Scope = ReadonlyMap<string, ReadonlySet<string>>

/** A row's key never changes, so what a sync says of it holds for ever; other conditions may come to hold for a row. */
const scopeOf = ({ catalog }: Reading, { resource, keyRules = {}, filter, create }: SyncSpec): Scope => {
  const scope = new Map<string, ReadonlySet<string>>()
  for (const name of catalog.resources.get(resource)?.key ?? []) {
    const { value, names } = keyRules[name] ?? {}
    const only = filter.equals[name]
    if (value !== undefined) scope.set(`${names ? 'name of ' : ''}${name}`, new Set([textOf(value)]))
    // Rows that are not there yet pass every filter.
    else if (only && !create) scope.set(name, new Set(only.map(textOf)))
  }
  return scope
}

const textOf = (value: Value): string => matchText({ value }).trim()

const isApart = (one: Scope, other: Scope): boolean =>
  [...one].some(([name, values]) => {
    const theirs = other.get(name)
    return theirs !== undefined && ![...values].some((value) => theirs.has(value))
  })
