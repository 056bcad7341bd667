import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/emulator/index.ts'
import {
  type Body,
  bodiesAt,
  type Embedded,
  type Field,
  lookUp,
  olderCatalog,
  type Resource,
  type Route,
  routeName,
  type Told,
  updateRoute,
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

// A list of v2 tells no size of its pages: only one with more rows than a page holds shows it.
for (let count = 0; count < 300; count += 1) {
  const dates = { date_created: '2025-01-10T00:00:00Z', date_modified: '2025-01-10T00:00:00Z' }
  emulator.state.customerGroups.insert({
    ...emulator.state.customerGroups.get(2),
    name: `Group ${count}`,
    ...dates,
    id: 100 + count,
  })
}

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

const { orderCoupons, orderMessages, shipments, transactions } = emulator.state
/** An order that has a row of each of its parts is not needed: one for each will do. */
const ORDERS: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries({ coupons: orderCoupons, messages: orderMessages, shipments, transactions }).map(([part, table]) => [
    part,
    table.list()[0]?.['order_id'],
  ]),
)

/** The first product of the seeded shop. */
const PRODUCT = 77

/** The path of a definition with a row of the seeded shop in it. */
const filled = (path: string): string =>
  path
    .replace(/\{order_id\}\/(\w+)/, (_all, part: string) => `${ORDERS[part]}/${part}`)
    .replaceAll(/\{(\w+)\}/g, (_all, name) => (name === 'product_id' ? String(PRODUCT) : '1'))

/** What the seeded shop has none of. */
const add = async (path: string, body: unknown) => {
  const { status, body: answer } = await call('POST', path, body)
  if (status !== 200) throw new Error(`${path} answered ${status}`)
  return answer.data
}
const parts = `/v3/catalog/products/${PRODUCT}`
const [gift, note] = await Promise.all(
  ['Gift wrap', 'Note'].map((display_name) =>
    add(`${parts}/modifiers`, { display_name, type: 'checkbox', required: false }),
  ),
)
await add(`${parts}/complex-rules`, {
  conditions: [gift, note].map(({ id, option_values }) => ({
    modifier_id: id,
    modifier_value_id: option_values[0].id,
  })),
})
await add(`${parts}/videos`, { video_id: 'dQw4w9WgXcQ' })
await add(`${parts}/reviews`, { title: 'Fine', date_reviewed: '2025-01-02T10:00:00Z' })
const owners = {
  variants: emulator.state.variants,
  categories: emulator.state.categories,
  brands: emulator.state.brands,
}
for (const [name, table] of Object.entries(owners)) {
  const field = { namespace: 'erp', key: 'bin', value: '7', permission_set: 'app_only' }
  await add(`/v3/catalog/${name}/metafields`, [{ ...field, resource_id: table.list()[0]?.id }])
}

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

// v2 tells the size of a page by filling one.
for (const table of [emulator.state.currencies, emulator.state.taxClasses]) {
  const { id: _id, ...row } = table.list()[0] ?? {}
  for (let more = 0; more < 300; more += 1) table.insert(row)
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
    // One order never has that many rows of its own.
    if (listing.per === 'orders') return
    const { per_page, limit } = answer.body.meta?.pagination ?? {}
    expect(per_page ?? limit ?? elements(answer).length).toBe(listing.pageSize)
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
      const { pagination } = (await call('GET', filled(listing.path))).body.meta
      expect(pagination.total ?? pagination.total_items).toEqual(expect.any(Number))
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

const LEGACY = { user: 'api', token: 'legacyToken0000000000000001' }

const legacyStore = createEmulator({
  catalog,
  clock: { now: () => Date.UTC(2025, 0, 15), elapsed: () => 0, sleep: async () => {} },
  products: 300,
  legacy: LEGACY,
})

const callOlder = async (path: string): Promise<Answer> => {
  const authorization = `Basic ${btoa(`${LEGACY.user}:${LEGACY.token}`)}`
  const response = await legacyStore.fetch(`${legacyStore.origin}/api${path}`, { headers: { authorization } })
  const text = await response.text()
  return { status: response.status, body: text && JSON.parse(text) }
}

/** Names of told fields that a body does not hold. */
const untold = (told: Readonly<Record<string, Told>>, body: Body): readonly string[] =>
  Object.entries(told)
    .filter(([, one]) => lookUp(body, typeof one === 'string' ? one : one.at) === undefined)
    .map(([name]) => name)

const olderOnes = [...olderCatalog(catalog).resources.values()]

describe.each(olderOnes.filter(({ api }) => api.list?.told))('the older list of $name', ({ api, key, scope }) => {
  const listing = api.list as NonNullable<Resource['api']['list']>

  it('is served under the scope that the definition names, to a legacy account', async () => {
    expect(endpointOf('GET', listing.path)?.scope).toBe(scope)
    expect((await callOlder(listing.path)).status).toBe(200)
  })

  it('gives as many rows a page as the definition says at most', async () => {
    const { body } = await callOlder(`${listing.path}?limit=100000`)
    const { body: count } = await callOlder(`${listing.path}/count`)
    expect(body.length).toBe(Math.min(listing.pageSize, count.count))
  })

  it('knows every parameter that the definition uses, tells one row by its key, and counts', async () => {
    const [{ id }] = (await callOlder(listing.path)).body
    const parameters = [
      { page: '1', limit: '1' },
      ...(listing.keyset ? [{ [listing.keyset.param]: String(id) }] : []),
      ...(listing.since ? [{ [listing.since.param]: '2020-01-01T00:00:00Z' }] : []),
    ]
    for (const one of parameters) expect([one, (await callOlder(listing.path + query(one))).status]).toEqual([one, 200])
    expect((await callOlder((listing.one ?? '').replace(/\{\w+\}/, String(id)))).body.id).toBe(id)
    expect(key).toHaveLength(1)
    const { total } = listing
    if (typeof total !== 'object') throw new Error('nothing counts its rows')
    expect(lookUp((await callOlder(total.path)).body, total.at)).toEqual(expect.any(Number))
  })

  it('tells every field that the definition says it tells', async () => {
    for (const body of (await callOlder(listing.path)).body) expect(untold(listing.told ?? {}, body)).toEqual([])
  })
})

describe.each(olderOnes.filter(({ api }) => api.within?.apart))('the older lists of $name', ({ api }) => {
  it('tell every field that the definition says they tell', async () => {
    const { within } = api
    const apart = within?.apart
    if (!apart) throw new Error('is asked for with its parents')
    const found: Body[] = []
    const parents = within?.parent === 'customers' ? legacyStore.state.customers : legacyStore.state.products
    for (const { id } of parents.list())
      found.push(...((await callOlder(apart.path.replace(/\{\w+\}/, String(id)))).body || []))
    expect(found.length).toBeGreaterThan(0)
    for (const body of found) expect(untold(apart.told, body)).toEqual([])
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
        await call(
          route.verb,
          filled(route.path),
          typeof route.body === 'object' && 'wrap' in route.body ? { [route.body.wrap]: rows } : rows,
        )
      ).status
    }
    expect(await send(route.batch)).not.toBe(413)
    expect(await send(route.batch + 1)).toBe(413)
  })
})

/** Fields that the emulator checks one by one, through the route of one row, or of a batch at the path of the list. */
const checked = [
  { name: 'products', path: '/v3/catalog/products/{id}' },
  { name: 'variants', path: '/v3/catalog/products/{product_id}/variants/{id}' },
  { name: 'brands', path: '/v3/catalog/brands/{id}' },
  // A longer e-mail is taken in a change than in a new row.
  { name: 'customers', path: '/v3/customers', except: 'email' },
  { name: 'customer_addresses', path: '/v3/customers/addresses' },
  { name: 'customer_attributes', path: '/v3/customers/attributes' },
].map((one) => ({ except: '', ...one, resource: catalog.resources.get(one.name) as Resource }))

describe.each(checked)('fields of $name', ({ path, resource, except }) => {
  const put = async (field: string, value: unknown): Promise<number> => {
    const isBatch = !path.includes('{')
    const [row = {}] = elements(await call('GET', `${isBatch ? path : resource.api.list?.path}?limit=1`))
    const where = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => String(row[name]))
    return (await call('PUT', where, isBatch ? [{ id: row['id'], [field]: value }] : { [field]: value })).status
  }
  const writable = Object.entries(resource.fields).filter(
    ([name, field]) => !field.readOnly && name !== except && updateRoute(resource.api, [name]),
  )

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
