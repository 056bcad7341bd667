import type { Body, Resource } from '../model/index.ts'
import type { Caller } from './caller.ts'
import { listingOf, oneRequest, pageRequest, totalRequest } from './listing.ts'
import { inNewerShape, type OlderLists } from './older.ts'
import { readOne, readPage, readRows, readTotal } from './page.ts'
import type { Page, PageRequest, Store } from './types.ts'
import type { Verdict } from './verdict.ts'

/** The reading half of a store. */
export const createReads = ({ call }: Caller): Pick<Store, 'page' | 'total' | 'get'> => {
  const page = async (resource: Resource, request: PageRequest): Promise<Page> => {
    const { path, limit } = pageRequest(resource, request)
    const read = readPage.bind(null, resource, request, limit)
    return unwrap(await call({ ...GET, ...facts(resource, request), path, read }))
  }

  const one = async (resource: Resource, request: PageRequest, path: string): Promise<Page> => {
    const verdict = await call({ ...GET, ...facts(resource, request), path, read: readOne.bind(null, resource) })
    return verdict.kind === 'no' && verdict.status === 404 ? EMPTY : unwrap(verdict)
  }

  const listed = async (resource: Resource, request: PageRequest): Promise<Page> => {
    // No key asked for is no row; the same request without the filter would bring every row.
    if (!request.ids) return page(resource, request)
    const paths = request.ids.map((key) => oneRequest(resource, key, request))
    if (paths.includes(null)) return page(resource, request)
    const ones = await Promise.all(paths.flatMap((path) => (path ? one(resource, request, path) : [])))
    const bodies = ones.flatMap((found) => found.bodies)
    return { ...EMPTY, bodies, total: bodies.length, serverTime: ones[0]?.serverTime ?? null }
  }

  const older = (resource: Resource, request: PageRequest): OlderLists => ({
    rows: async (path) => {
      const rows: Body[] = []
      for (let number = 1, isLast = false; !isLast; number += 1) {
        const asked = { ...GET, ...facts(resource, request), path: `${path}?limit=${PART_ROWS}&page=${number}` }
        const some = unwrap(await call({ ...asked, read: (content) => readRows(path, content) }))
        rows.push(...some)
        isLast = some.length < PART_ROWS
      }
      return rows
    },
    isThere: async (path) => (await one(resource, request, path)).bodies.length > 0,
  })

  return {
    page: async (resource, request) =>
      inNewerShape(older(resource, request), resource, request, await listed(resource, request)),
    total: async (resource, { purpose, ...request } = {}) => {
      const path = totalRequest(resource, request)
      if (path === null) return listingOf(resource).paging === 'single' ? 1 : null
      return unwrap(await call({ ...GET, ...facts(resource, { purpose }), path, read: readTotal.bind(null, resource) }))
    },
    get: async (path, purpose = 'read') =>
      unwrap(await call({ ...GET, path, purpose, scope: null, read: ({ json }) => json ?? null })),
  }
}

const GET = { verb: 'GET', group: null, sent: [] } as const

/** Most rows of a list that belongs to one row (docs/bigcommerce.md, The older catalog). */
const PART_ROWS = 250

const EMPTY: Page = { bodies: [], total: 0, last: true, serverTime: null }

const facts = (
  { scope }: Resource,
  { purpose = 'read' }: { readonly purpose?: PageRequest['purpose'] | undefined },
) => ({
  scope: `${scope}_read_only`,
  purpose,
})

const unwrap = <T>(verdict: Verdict<T>): T => {
  if (verdict.kind === 'yes') return verdict.value
  throw verdict.error
}
