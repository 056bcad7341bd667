import type { Mirror } from '../mirror/index.ts'
import {
  asked,
  type Body,
  type Catalog,
  type Change,
  linkTo,
  type Nest,
  type Nested,
  type Resource,
  type Value,
  type Values,
} from '../model/index.ts'

/** Inner rows as a create's body holds them. */
export const innerBodies = (catalog: Catalog, parent: Resource, nested: Nested): Body =>
  Object.fromEntries(
    Object.entries(nested).map(([name, rows]) => {
      const child = childOf(catalog, name)
      return [nestOf(parent, name)?.at ?? placeOf(child), rows.map((row) => bodyOf(child, row))]
    }),
  )

/**
 * The inner row of a create that the store does not hold under a parent, by what tells it from all others, or how many there are where
 * nothing does; undefined when it has all.
 */
export const missingInner = (
  catalog: Catalog,
  mirror: Mirror,
  parent: Resource,
  { nested = {} }: Pick<Change, 'nested'>,
  entity: Values,
): string | undefined => {
  for (const [name, rows] of Object.entries(nested)) {
    const made = nestOf(parent, name)?.made
    const child = childOf(catalog, name)
    const there = mirror.rowsWhere(child, linkTo(child, parent.name), entity[parent.key[0] ?? 'id'] ?? null)
    // What the API never tells proves nothing, and neither does what tells no two of them apart: then their number does.
    if (made === undefined || child.fields[made]?.untold) {
      if (there.length !== rows.length) return `${there.length} ${name}, and not ${rows.length}`
      continue
    }
    const known = new Set(there.map((row) => nameOf(row[made])))
    const missing = rows.find((row) => !known.has(nameOf(row[made])))
    if (missing) return `${name} ${made} ${JSON.stringify(missing[made] ?? null)}`
    if (there.length > rows.length) return `${there.length} ${name}, and not ${rows.length}`
  }
  return undefined
}

const nestOf = ({ api }: Resource, name: string): Nest | undefined =>
  api.create?.nest?.find(({ resource }) => resource === name)

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
      return [name, field ? asked(field, value) : value]
    }),
  )

const nameOf = (value: Value | undefined): string => String(value ?? '').toLowerCase()
