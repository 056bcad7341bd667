import {
  type Body,
  type Catalog,
  type Change,
  canonical,
  lookUp,
  pathFields,
  type Resource,
  type Value,
} from '../model/index.ts'
import type { Page, PageRequest, Purpose } from '../store/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { keyInBody } from './incoming.ts'

/** Which of a resource's lists is meant; nothing where there is only one. */
export type ListOf = Pick<PageRequest, 'of'>

/**
 * The lists that hold the rows of a resource: one, or one for each row of the resource that it is listed `per`, by their keys. They
 * are asked for each time: a list that came today is read today.
 * @param since Leaves out lists of parents that did not change since, where it is the parents that are dated.
 * @param known Lists whose rows are all known as long as their parents bear these dates; they are left out with them.
 */
export const listsOf = async (
  context: Context,
  side: StoreSide,
  resource: Resource,
  purpose: Purpose,
  since: string | null = null,
  known: ReadonlyMap<number, string> = NONE,
): Promise<readonly ListOf[]> => {
  const { list } = resource.api
  const parent = list?.per === undefined ? undefined : context.catalog.resources.get(list.per)
  if (!parent) return [{}]
  const changed = since !== null && datedBy(context.catalog, resource) === parent ? { since } : {}
  const keys: number[] = []
  let place: Pick<PageRequest, 'after' | 'cursor'> = {}
  for (let last = false; !last; ) {
    stopIfAsked(context, `the reading of ${parent.name}`)
    const page = await side.store.page(parent, { ...place, ...changed, purpose })
    for (const body of page.bodies) {
      const key = keyInBody(parent, body)
      const date = known.get(key)
      const isKnown = date !== undefined && date === fieldOfBody(parent, body, parent.api.list?.since?.field)
      if (!isKnown && isHolding(parent, body, list?.having)) keys.push(key)
    }
    place = placeAfter(parent, page)
    last = page.last
  }
  return keys.sort((a, b) => a - b).map((of) => ({ of }))
}

const NONE: ReadonlyMap<number, string> = new Map()

/** Whose dates tell which lists of a resource changed: its parent's, where its own rows cannot be asked for by date. */
export const datedBy = ({ resources }: Pick<Catalog, 'resources'>, { api }: Resource): Resource | undefined => {
  const parent = resources.get(api.list?.per ?? '')
  return api.list?.since === undefined && parent?.api.list?.since !== undefined ? parent : undefined
}

const isHolding = (parent: Resource, body: Body, having: string | undefined): boolean => {
  const value = fieldOfBody(parent, body, having)
  if (value === undefined) return true
  return value !== null && value !== 0 && value !== '0' && value !== ''
}

/** Undefined where the parent has no such field. */
const fieldOfBody = ({ fields }: Resource, body: Body, name = ''): Value | undefined => {
  const field = fields[name]
  return field && canonical(field, lookUp(body, field.at ?? name))
}

const placeAfter = (parent: Resource, { bodies, cursor }: Page): Pick<PageRequest, 'after' | 'cursor'> => {
  const end = bodies.at(-1)
  if (parent.api.list?.paging === 'keyset') return end ? { after: keyInBody(parent, end) } : {}
  return cursor === undefined ? {} : { cursor }
}

/** How many rows the store says a resource has, over all its lists; null where it does not tell. */
export const totalOf = async (
  context: Context,
  side: StoreSide,
  resource: Resource,
  purpose: Purpose,
): Promise<number | null> => {
  if (resource.api.list?.total === undefined) return null
  let sum = 0
  for (const one of await listsOf(context, side, resource, purpose)) {
    const total = await side.store.total(resource, { ...one, purpose })
    if (total === null) return null
    sum += total
  }
  return sum
}

/** The field of a row that tells which of the lists it is in; undefined where there is only one. */
export const listField = ({ api: { list } }: Resource): string | undefined =>
  list?.per === undefined ? undefined : pathFields(list.path)[0]

/** The lists that some changes name by their keys; undefined where there is only one. */
export const listsNamed = (
  resource: Resource,
  changes: readonly Pick<Change, 'key'>[],
): ReadonlySet<Value> | undefined => {
  const name = listField(resource)
  return name === undefined ? undefined : new Set(changes.map(({ key }) => key[name] ?? null))
}
