import type { Resource } from '../model/index.ts'
import type { Caller } from './caller.ts'
import { listingOf, oneRequest, pageRequest, totalRequest } from './listing.ts'
import { readOne, readPage, readTotal } from './page.ts'
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

  return {
    page: async (resource, request) => {
      // No key asked for is no row; the same request without the filter would bring every row.
      if (!request.ids) return page(resource, request)
      const paths = request.ids.map((key) => oneRequest(resource, key, request))
      if (paths.includes(null)) return page(resource, request)
      const ones = await Promise.all(paths.flatMap((path) => (path ? one(resource, request, path) : [])))
      const bodies = ones.flatMap((found) => found.bodies)
      return { ...EMPTY, bodies, total: bodies.length, serverTime: ones[0]?.serverTime ?? null }
    },
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
