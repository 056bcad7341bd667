import type { Mirror } from '../mirror/index.ts'
import {
  type Body,
  type Catalog,
  type Change,
  type Nested,
  type Resource,
  type Value,
  type Values,
  wire,
} from '../model/index.ts'

/** Inner rows as a create's body holds them. */
export const innerBodies = (catalog: Catalog, nested: Nested): Body =>
  Object.fromEntries(
    Object.entries(nested).map(([name, rows]) => {
      const child = childOf(catalog, name)
      return [placeOf(child), rows.map((row) => bodyOf(child, row))]
    }),
  )

/** The inner row of a create that the store does not hold under a parent, by what tells it from all others; undefined when it has all. */
export const missingInner = (
  catalog: Catalog,
  mirror: Mirror,
  parent: Resource,
  { nested = {} }: Pick<Change, 'nested'>,
  entity: Values,
): string | undefined => {
  for (const [name, rows] of Object.entries(nested)) {
    const made = parent.api.create?.nest?.find(({ resource }) => resource === name)?.made ?? ''
    const child = childOf(catalog, name)
    const there = mirror.rowsWhere(child, child.api.within?.link ?? '', entity[parent.key[0] ?? 'id'] ?? null)
    const known = new Set(there.map((row) => nameOf(row[made])))
    const missing = rows.find((row) => !known.has(nameOf(row[made])))
    if (missing) return `${name} ${made} ${JSON.stringify(missing[made] ?? null)}`
    if (there.length > rows.length) return `${there.length} ${name}, and not ${rows.length}`
  }
  return undefined
}

const childOf = (catalog: Catalog, name: string): Resource => {
  const child = catalog.resources.get(name)
  if (!child) throw new TypeError(`there is no resource ${name}`)
  return child
}

/** `variants[]` lies at `variants`. */
const placeOf = ({ name, api }: Resource): string => api.within?.at.replace(/\[\]$/, '') ?? name

const bodyOf = ({ fields }: Resource, row: Values): Body =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const field = fields[name]
      return [name, field ? wire(field, value) : value]
    }),
  )

const nameOf = (value: Value | undefined): string => String(value ?? '').toLowerCase()
