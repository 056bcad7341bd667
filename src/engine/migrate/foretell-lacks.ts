import { movedValues } from '../../diff/index.ts'
import {
  type Catalog,
  canonical,
  type Field,
  keyText,
  linkTo,
  type Nest,
  pick,
  type Resource,
  sameValue,
  says,
  type Value,
  type Values,
} from '../../model/index.ts'
import { isInside } from './adopt.ts'
import type { Copy } from './copies.ts'
import { type Moving, standsFor } from './moving.ts'
import { nestedRow } from './nested-rows.ts'
import { type OldRow, whyUnfit } from './old-rows.ts'
import type { Changed } from './request-counts.ts'

/** Whether a row comes with one that is made: in that one's request, or because the store makes it along. */
export const comesInside = (moving: Moving, copy: Copy, old: OldRow): boolean => {
  const { resource } = copy
  if (whyUnfit(resource, old.says) !== undefined) return false
  const nests = nestsOf(moving.context.catalog, resource)
  if (nests.some(({ parent }) => isMade(moving, resource, parent, old))) return true
  const isChosen = nests.length === 0 && isChosenFrom(moving.context.catalog, resource)
  return (isChosen || !resource.api.create) && isInside(moving, copy, { old })
}

/**
 * What a row that is made will not say yet, and is made to say then: what its request cannot carry, and references to rows that come
 * later. What it says of itself is what the request carries, and what the store fills in.
 */
export const lacksOf = (moving: Moving, copy: Copy, old: OldRow, carried: Values): Changed | null => {
  const { resource, fields, create } = copy
  if (!fields.length) return null
  const names = [...new Set([...fields, ...(create?.fields ?? [])])]
  const { values } = movedValues(resource.fields, names, old.says, standsFor(moving))
  const lacking = fields.filter((name) => {
    const wish = values[name]
    const held = name in carried ? carried[name] : filled(resource.fields[name])
    return wish !== undefined && held !== undefined && !sameValue(wish, held) && !(isBlank(wish) && isBlank(held))
  })
  return lacking.length ? { row: values, fields: lacking } : null
}

/** What the store fills in; undefined where nobody says. */
const filled = (field: Field | undefined): Value | undefined =>
  field?.fill === undefined ? undefined : canonical(field, field.fill)

/** What a row says that comes inside another one: what that one's request carries of it, or what the store makes it say. */
export const carriedInside = (moving: Moving, { resource }: Copy, old: OldRow): Values => {
  for (const { nest, parent } of nestsOf(moving.context.catalog, resource)) {
    if (!isMade(moving, resource, parent, old)) continue
    const around = () => moving.from.mirror.row(parent, { [parent.key[0] ?? 'id']: linked(resource, parent, old) })
    if (nest.unless && says(around(), nest.unless)) return pick(old.says, nest.itself ?? [])
    const [carried] = nestedRow(moving, resource, nest, old.held)
    return carried ?? pick(old.says, nest.made === undefined ? [] : [nest.made])
  }
  return {}
}

interface Nesting {
  readonly parent: Resource
  readonly nest: Nest
}

const nestsOf = ({ resources }: Catalog, { name }: Resource): readonly Nesting[] =>
  [...resources.values()].flatMap((parent) =>
    (parent.api.create?.nest ?? []).flatMap((nest) => (nest.resource === name ? [{ parent, nest }] : [])),
  )

const isChosenFrom = ({ resources }: Catalog, { name }: Resource): boolean =>
  [...resources.values()].some(({ api }) => api.create?.nest?.some(({ values }) => values?.resource === name))

const isMade = ({ map }: Moving, resource: Resource, parent: Resource, old: OldRow): boolean =>
  map.isCreated(parent.name, keyText({ key: linked(resource, parent, old) }))

const linked = (resource: Resource, parent: Resource, { held }: OldRow): Value =>
  held[linkTo(resource, parent.name)] ?? null

/** Nothing, or an object or a list of nothing but that. */
const isBlank = (value: Value): boolean =>
  value === null || typeof value !== 'object'
    ? value === null || value === '' || value === false
    : Object.values(value).every(isBlank)
