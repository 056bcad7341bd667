import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator/index.ts'
import {
  type Body,
  bodiesAt,
  type Embedded,
  type Field,
  lookUp,
  type Resource,
  type Route,
  routeName,
} from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'

// The definitions tell the client what the store bears; the emulator states the same facts for itself. Where the two differ, one
// of them is wrong.

const emulator = createEmulator({
  catalog,
  clock: { now: () => Date.UTC(2025, 0, 15), elapsed: () => 0, sleep: async () => {} },
  products: 1100,
  orders: 300,
  plan: 'unlimited',
})

interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers of every endpoint are looked into.
  readonly body: any
}

const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
  const response = await emulator.fetch(`${emulator.origin}/stores/${emulator.storeHash}${path}`, {
    method,
    headers: { 'X-Auth-Token': emulator.accessToken, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text && JSON.parse(text) }
}

const elements = ({ body }: Answer): readonly Body[] => {
  const data = body.data ?? body
  return Array.isArray(data) ? data : [data]
}

const query = (parameters: Readonly<Record<string, string>>): string =>
  Object.keys(parameters).length ? `?${new URLSearchParams(parameters)}` : ''

/** The path of a definition with a row of the seeded shop in it. */
const filled = (path: string): string => path.replaceAll(/\{\w+\}/g, '1')

const endpointOf = (method: string, path: string) => {
  const wanted = path.split('/')
  const fits = (pattern: string) => {
    const segments = pattern.split('/')
    return (
      segments.length === wanted.length &&
      segments.every((one, place) => one === wanted[place] || (one.startsWith(':') && /^\{/.test(wanted[place] ?? '')))
    )
  }
  return emulator.endpoints.find((endpoint) => endpoint.method === method && fits(endpoint.path))
}

const resources = [...catalog.resources.values()]

describe.each(resources.filter(({ api }) => api.list))('the list of $name', (resource: Resource) => {
  const listing = resource.api.list as NonNullable<Resource['api']['list']>

  it('is served under the scope that the definition names', () => {
    expect(endpointOf('GET', listing.path)?.scope).toBe(resource.scope)
  })

  it('gives as many rows a page as the definition says, and no more', async () => {
    if (listing.paging === 'single') return
    const answer = await call('GET', filled(listing.path) + query({ ...listing.query, limit: '100000' }))
    const perPage = answer.body.meta?.pagination.per_page ?? elements(answer).length
    expect(perPage).toBe(listing.pageSize)
  })

  it('knows every parameter that the definition uses', async () => {
    const [key = 'id'] = resource.key
    const parameters = [
      { ...listing.query },
      ...(listing.keyset ? [{ [listing.keyset.param]: '100' }] : []),
      ...(listing.since ? [{ [listing.since.param]: '2025-01-01T00:00:00Z' }] : []),
      ...(listing.ids ? [{ [listing.ids]: '100,101' }] : []),
      ...(listing.only ? [{ [listing.only]: key }] : []),
    ]
    for (const one of parameters)
      expect([one, (await call('GET', filled(listing.path) + query(one))).status]).toEqual([one, 200])
  })

  it('tells the total where the definition looks for it', async () => {
    const { total } = listing
    if (total === 'pagination') {
      expect((await call('GET', filled(listing.path))).body.meta.pagination.total).toEqual(expect.any(Number))
    } else if (total) {
      expect(lookUp((await call('GET', total.path)).body, total.at)).toEqual(expect.any(Number))
    }
  })

  it('gives rows that hold every field', async () => {
    const rows = elements(await call('GET', filled(listing.path) + query({ ...listing.query }))).flatMap((body) =>
      listing.rows ? bodiesAt(body, listing.rows) : [{ body, enclosing: [] }],
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { body, enclosing } of rows.slice(0, 20)) {
      const missing = Object.entries(resource.fields).filter(
        ([name, { at }]) => lookUp(body, at ?? name, enclosing) === undefined,
      )
      expect(missing.map(([name]) => name)).toEqual([])
    }
  })
})

describe.each(resources.filter(({ api }) => api.within))('$name within their parents', (resource: Resource) => {
  const within = resource.api.within as Embedded
  const parent = catalog.resources.get(within.parent) as Resource
  const listing = parent.api.list as NonNullable<Resource['api']['list']>

  it('come with the parent’s list, as many parents a page as the definition says, with every field', async () => {
    const include: Record<string, string> = within.include ? { include: within.include } : {}
    const answer = await call(
      'GET',
      listing.path + query({ ...listing.query, ...within.query, ...include, limit: '100000' }),
    )
    const perPage = answer.body.meta?.pagination.per_page ?? elements(answer).length
    expect(perPage).toBe(within.pageSize ?? listing.pageSize)
    const rows = elements(answer).flatMap((element) =>
      bodiesAt(element, within.at).map(({ body, enclosing }) => ({ body, enclosing, element })),
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const { body, enclosing, element } of rows.slice(0, 20)) {
      const missing = Object.entries(resource.fields).filter(
        ([name, { at, untold }]) =>
          name !== within.link && !untold && lookUp(body, at ?? name, enclosing) === undefined,
      )
      expect(missing.map(([name]) => name)).toEqual([])
      expect(element[parent.key[0] ?? 'id']).toEqual(expect.any(Number))
    }
  })
})

const routes = resources.flatMap((resource) => {
  const { create, update = [], delete: remove } = resource.api
  const all = [...(create ? [create] : []), ...update, ...(remove ? [remove] : [])]
  return all.map((route) => ({ name: routeName(route), route, resource }))
})

describe.each(routes)('$name', ({ route, resource }: { route: Route; resource: Resource }) => {
  const endpoint = endpointOf(route.verb, route.path.split('?')[0] ?? '')

  it('is served under the scope that the definition names', () => {
    expect(endpoint?.scope).toBe(resource.scope)
  })

  it('bears as many requests at once as the definition sends', () => {
    expect(endpoint?.concurrency ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(route.lanes)
  })

  it('takes as many rows as the definition says, and no more', async () => {
    if (route.batch === 1) return
    const send = async (count: number) => {
      const rows = Array.from({ length: count }, () => ({}))
      return (
        await call(route.verb, filled(route.path), typeof route.body === 'object' ? { [route.body.wrap]: rows } : rows)
      ).status
    }
    expect(await send(route.batch)).not.toBe(413)
    expect(await send(route.batch + 1)).toBe(413)
  })
})

/** Fields that the emulator checks one by one, through the route of one row. */
const checked = [
  { name: 'products', path: '/v3/catalog/products/{id}' },
  { name: 'variants', path: '/v3/catalog/products/{product_id}/variants/{id}' },
  { name: 'brands', path: '/v3/catalog/brands/{id}' },
].map(({ name, path }) => ({ name, path, resource: catalog.resources.get(name) as Resource }))

describe.each(checked)('fields of $name', ({ path, resource }) => {
  const put = async (field: string, value: unknown): Promise<number> => {
    const listing = resource.api.list as NonNullable<Resource['api']['list']>
    const [row = {}] = elements(await call('GET', `${listing.path}?limit=1`))
    const where = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => String(row[name]))
    return (await call('PUT', where, { [field]: value })).status
  }
  const writable = Object.entries(resource.fields).filter(([, field]) => !field.readOnly)

  it.each(writable.filter(([, field]) => beyond(field).length > 0).map(([name, field]) => ({ name, field })))(
    '$name is refused beyond its bounds',
    async ({ name, field }) => {
      for (const value of beyond(field))
        expect([String(value).slice(0, 20), await put(name, value)]).toEqual([expect.anything(), 422])
    },
  )

  it.each(writable.filter(([, field]) => within(field).length > 0).map(([name, field]) => ({ name, field })))(
    '$name is taken up to its bounds',
    async ({ name, field }) => {
      for (const value of within(field))
        expect([String(value).slice(0, 20), await put(name, value)]).toEqual([expect.anything(), 200])
    },
  )
})

const isText = ({ kind }: Pick<Field, 'kind'>) => kind === 'text'

/** Values just outside; a level above its maximum is taken as the maximum by the catalog. */
const beyond = ({ kind, min, max, values }: Field): unknown[] => [
  ...(values ? ['no such value'] : []),
  ...(isText({ kind }) && max !== undefined ? ['x'.repeat(max + 1)] : []),
  ...(isText({ kind }) && min ? [''] : []),
  ...(!isText({ kind }) && min !== undefined ? [min - 1] : []),
  ...(!isText({ kind }) && max !== undefined && max !== STOCK_LIMIT ? [max + 1] : []),
]

const within = ({ kind, min, max, values, ref, unique }: Field): unknown[] => {
  if (values) return [...values]
  if (ref) return []
  if (isText({ kind })) return max === undefined || unique ? [] : ['x'.repeat(max)]
  return [...(min === undefined ? [] : [min]), ...(max === undefined ? [] : [max])]
}

const STOCK_LIMIT = 2_147_483_647
