import { type Change, pathFields, type Resource, type Value } from '../model/index.ts'
import type { PageRequest, Purpose } from '../store/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { keyInBody } from './incoming.ts'

/** Which of a resource's lists is meant; nothing where there is only one. */
export type ListOf = Pick<PageRequest, 'of'>

/**
 * The lists that hold the rows of a resource: one, or one for each row of the resource that it is listed `per`, by their keys. They
 * are asked for each time: a list that came today is read today.
 */
export const listsOf = async (
  context: Context,
  side: StoreSide,
  { api: { list } }: Resource,
  purpose: Purpose,
): Promise<readonly ListOf[]> => {
  const parent = list?.per === undefined ? undefined : context.catalog.resources.get(list.per)
  if (!parent) return [{}]
  const keys: number[] = []
  let cursor: string | undefined
  for (let last = false; !last; ) {
    stopIfAsked(context, `the reading of ${parent.name}`)
    const page = await side.store.page(parent, { ...(cursor === undefined ? {} : { cursor }), purpose })
    for (const body of page.bodies) keys.push(keyInBody(parent, body))
    cursor = page.cursor
    last = page.last
  }
  return keys.sort((a, b) => a - b).map((of) => ({ of }))
}

/** How many rows the store says a resource has, over all its lists; null where it does not tell. */
export const totalOf = async (
  context: Context,
  side: StoreSide,
  resource: Resource,
  purpose: Purpose,
): Promise<number | null> => {
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
