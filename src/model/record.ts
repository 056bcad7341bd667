import { canonical } from './field.ts'
import type { Resource } from './resource.ts'
import type { Body, Value, Values } from './value.ts'

/** Where a body came from inside its enclosing ones, innermost first: what `^` in a field's `at` climbs. */
export type Enclosing = readonly Body[]

/**
 * The canonical row of a resource in an API body, every field of the definition present.
 * @throws {TypeError} naming the field that does not have the promised type.
 */
export const readRow = (resource: Resource, body: Body, enclosing: Enclosing = []): Record<string, Value> => {
  const row: Record<string, Value> = {}
  for (const [name, field] of Object.entries(resource.fields)) {
    try {
      row[name] = canonical(field, lookUp(body, field.at ?? name, enclosing))
    } catch (cause) {
      throw new TypeError(`${resource.name}.${name} is ${cause instanceof Error ? cause.message : cause}`, { cause })
    }
  }
  return row
}

/** What a definition does not model, kept so that nothing the API said is lost. */
export const extraOf = (resource: Resource, body: Body, apart: ReadonlySet<string>): Body =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !apart.has(name) && !isModelled(resource, name)))

/** Follows a path of names; `^` climbs to the enclosing body first. */
export const lookUp = (body: Body, path: string, enclosing: Enclosing = []): unknown => {
  let climbed = 0
  while (path[climbed] === '^') climbed += 1
  let value: unknown = climbed ? enclosing[climbed - 1] : body
  for (const name of path.slice(climbed).split('.')) {
    if (value === null || typeof value !== 'object') return undefined
    value = (value as Body)[name]
  }
  return value
}

/** The values of some fields, in that order: a key. */
export const pick = (row: Values, names: readonly string[]): Record<string, Value> =>
  Object.fromEntries(names.map((name) => [name, row[name] ?? null]))

/** Bodies at a path like `consignments.shipping[].line_items[]`, each with what encloses it. */
export const bodiesAt = (body: Body, path: string): { body: Body; enclosing: Enclosing }[] => {
  let found: { body: Body; enclosing: Enclosing }[] = [{ body, enclosing: [] }]
  for (const step of path.split(/\[\]\.?/).filter(Boolean)) {
    found = found.flatMap(({ body: outer, enclosing }) => {
      const inner = lookUp(outer, step)
      const list = Array.isArray(inner) ? inner : inner === null || inner === undefined ? [] : [inner]
      return list.map((one) => ({ body: one as Body, enclosing: [outer, ...enclosing] }))
    })
  }
  return found
}

const isModelled = (resource: Resource, name: string): boolean => {
  for (const [field, { at }] of Object.entries(resource.fields)) {
    if ((at ?? field).split('.')[0] === name) return true
  }
  return false
}
