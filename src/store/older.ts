import { type Apart, type Body, type Embedded, lookUp, NotFoundError, type Resource } from '../model/index.ts'
import { listingOf } from './listing.ts'
import { chosenOf, newerBody, soleRow } from './newer-body.ts'
import type { Page, PageRequest } from './types.ts'

/** What reads a list of the older API to its end, and whether one row is there. */
export interface OlderLists {
  rows(path: string): Promise<readonly Body[]>
  isThere(path: string): Promise<boolean>
}

/**
 * A page of the older API as the newer one would give it, with the rows that ride inside its rows, for which each row takes requests of its
 * own (docs/bigcommerce.md, The older catalog). A row that goes while its parts are read is left out.
 */
export const inNewerShape = async (
  lists: OlderLists,
  resource: Resource,
  { include = [] }: PageRequest,
  { texts, ...page }: Page,
): Promise<Page> => {
  const { told, one } = listingOf(resource)
  if (!told) return texts ? { ...page, texts } : page
  const words = once((path: string) => lists.rows(path))
  const bodies = await Promise.all(
    page.bodies.map(async (older) => {
      const key = keyOf(resource, older)
      try {
        return await withParts({ ...lists, shared: words }, include, older, key, newerBody(told, older))
      } catch (error) {
        const isGone = error instanceof NotFoundError && one !== undefined && !(await lists.isThere(filled(one, key)))
        if (!isGone) throw error
        return undefined
      }
    }),
  )
  return { ...page, bodies: bodies.filter((body) => body !== undefined) }
}

interface Lists extends OlderLists {
  /** Lists that several rows of a page share, read once for all of them. */
  readonly shared: (path: string) => Promise<readonly Body[]>
}

const withParts = async (
  lists: Lists,
  include: readonly Embedded[],
  older: Body,
  key: number,
  newer: Record<string, unknown>,
): Promise<Body> => {
  const parts = await Promise.all(
    include.map(async ({ apart, at }) => {
      if (!apart) return {}
      const name = at.replace('[]', '')
      const rows = await lists.rows(filled(apart.path, key))
      const { sole } = apart
      if (sole && !rows.length) return { [name]: [soleRow(sole, older, key)], [sole.holder]: -key }
      const chosen = await chosenIn(lists, apart, key, rows)
      const bodies = rows.map((row, place) => ({ ...newerBody(apart.told, row), ...chosen[place] }))
      return { [name]: bodies, ...(sole ? { [sole.holder]: null } : {}) }
    }),
  )
  return Object.assign(newer, ...parts) as Body
}

/** What each of the rows stands for, in words. */
const chosenIn = async (
  lists: Lists,
  { chosen }: Apart,
  key: number,
  rows: readonly Body[],
): Promise<readonly Body[]> => {
  if (!chosen || !rows.length) return []
  const options = await lists.rows(filled(chosen.options.path, key))
  const shared = [...new Set(options.map((option) => Number(option[chosen.options.shared])))]
  const values = await Promise.all(shared.map((id) => lists.shared(filled(chosen.values.path, id))))
  return rows.map((row) => ({ [chosen.field]: chosenOf(chosen, row, options, values.flat()) }))
}

const keyOf = ({ key: [name = 'id'], api }: Resource, older: Body): number => {
  const told = api.list?.told?.[name] ?? name
  return Number(lookUp(older, typeof told === 'string' ? told : told.at))
}

const filled = (path: string, key: number): string => path.replace(/\{\w+\}/, String(key))

const once = <T>(read: (path: string) => Promise<T>): ((path: string) => Promise<T>) => {
  const known = new Map<string, Promise<T>>()
  return (path) => {
    const found = known.get(path) ?? read(path)
    known.set(path, found)
    return found
  }
}
