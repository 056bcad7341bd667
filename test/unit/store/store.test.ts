import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  AmbiguousError,
  AuthError,
  InterruptedError,
  NotFoundError,
  RateLimitedError,
  type Resource,
  ScopeError,
  UnavailableError,
  UnexpectedAnswerError,
  UsageError,
  ValidationError,
} from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import type { WriteRow } from '../../../src/store/index.ts'
import { fakeStore, json, type Respond, rateHeaders, rejection, TOKEN } from './support.ts'

const products = catalog.resources.get('products')!
const orders = catalog.resources.get('orders')!
const brands = catalog.resources.get('brands')!
const variants = catalog.resources.get('variants')!
const inventory = catalog.resources.get('inventory_items')!
const information = catalog.resources.get('store_information')!
const update = products.api.update![0]!
const row = (id: number) => ({ id: { id }, set: { price: '1' } })

const systemError = (code: string, syscall = 'read') =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall }) })

/** What a person can read of an error, its causes included. */
const visible = (error: unknown) => inspect(error, { depth: 20, showHidden: true })

describe('where a store’s requests go', () => {
  it('S31: sends the token to BigCommerce, below the store’s root, and follows no redirect', async () => {
    const { store, run, seen } = fakeStore(() => json({ time: 1 }))
    expect(await run(store.get('/v2/time'))).toEqual({ time: 1 })
    expect(seen[0]).toMatchObject({
      url: 'https://api.bigcommerce.com/stores/abc123/v2/time',
      redirect: 'manual',
      headers: { 'x-auth-token': TOKEN, accept: 'application/json' },
    })
  })

  it.each(['http://127.0.0.1:8080', 'http://localhost:1', 'http://[::1]:9', 'https://127.9.0.1'])(
    'accepts the loopback origin %s',
    async (origin) => {
      const { store, run, seen } = fakeStore(() => json({}), { origin })
      await run(store.get('/v2/time'))
      expect(seen[0]?.url).toBe(`${origin}/stores/abc123/v2/time`)
    },
  )

  it.each([
    'https://api.bigcommerce.com.example.org',
    'http://api.bigcommerce.com',
    'https://user@api.bigcommerce.com',
    'https://api.bigcommerce.com/path',
    'http://127.0.0.1.example.org',
    'http://192.168.0.1',
    'nonsense',
  ])('refuses the origin %s', (origin) => {
    expect(() => fakeStore(() => json({}), { origin })).toThrow(UsageError)
  })

  it('reaches v2 alone with Basic auth, on the store’s own host', async () => {
    const auth = { basic: { user: 'api', token: TOKEN } }
    const { store, run, seen } = fakeStore(() => json([]), { auth, origin: 'https://store-abc123.mybigcommerce.com' })
    await run(store.page(orders, {}))
    expect(seen[0]?.url).toBe('https://store-abc123.mybigcommerce.com/api/v2/orders?sort=id:asc&limit=250')
    expect(seen[0]?.headers['authorization']).toBe(`Basic ${btoa(`api:${TOKEN}`)}`)
    await expect(store.page(products, {})).rejects.toThrow('needs an access token')
    await expect(store.send(products, update, [row(1)])).rejects.toThrow(UsageError)
    expect(seen).toHaveLength(1)
    expect(() => fakeStore(() => json({}), { auth })).toThrow(UsageError)
  })

  it('refuses a path outside the API', async () => {
    const { store, seen } = fakeStore(() => json({}))
    await expect(store.get('//example.org/v2/')).rejects.toThrow('no path of the API')
    expect(seen).toHaveLength(0)
  })

  it('S33: refuses a hash, a token or a share that cannot be', () => {
    for (const bad of [{ hash: '../x' }, { auth: { accessToken: 'a\nb' } }, { quotaShare: 0 }, { quotaShare: 1.1 }]) {
      expect(() => fakeStore(() => json({}), bad)).toThrow(UsageError)
    }
  })
})

describe('S17: secrets', () => {
  const basicOf = { basic: { user: 'api', token: TOKEN } }
  const base64 = btoa(`api:${TOKEN}`)
  const leaks: [string, Respond][] = [
    ['a refusal that quotes it', ({ headers }) => json({ status: 422, title: `bad ${JSON.stringify(headers)}` }, 422)],
    ['a plain text 401', () => new Response(`unknown token ${TOKEN}`, { status: 401 })],
    ['a failing library', ({ headers }) => Promise.reject(new Error(`fetch failed with ${JSON.stringify(headers)}`))],
    ['text instead of JSON', () => new Response(`${TOKEN} ${base64}`)],
    ['a redirect', () => new Response(null, { status: 302, headers: { location: `https://x.org/${TOKEN}` } })],
  ]
  it.each(leaks)('never show in an error or a log line, not even through %s', async (_, respond) => {
    for (const options of [{}, { auth: basicOf, origin: 'http://127.0.0.1:1' }]) {
      const { store, run, logged } = fakeStore(respond, options)
      const error = await run(rejection(store.page(orders, {})))
      const outcome = await run(store.send(orders, orders.api.update![0]!, [{ id: { id: 1 }, set: { status_id: 2 } }]))
      const text = [visible(error), visible(outcome), visible(store), ...logged].join('\n')
      expect(text).toContain('/v2/orders')
      expect(text).not.toContain(TOKEN)
      if ('auth' in options) expect(text).not.toContain(base64)
    }
  })

  it('never show when the credentials themselves are refused', () => {
    try {
      fakeStore(() => json({}), { auth: { accessToken: `${TOKEN}\n` } })
      expect.unreachable()
    } catch (error) {
      expect(visible(error)).not.toContain(TOKEN)
    }
  })
})

describe('a page', () => {
  const page = (answer: () => Response, resource = products, request = {}) => {
    const fake = fakeStore(answer)
    return fake.run(fake.store.page(resource, request))
  }
  const rows = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ id: from + index }))
  const paged = (data: unknown[], pagination: object) => json({ data, meta: { pagination } })

  it('holds the elements, the total and the time of the answer', async () => {
    const answer = () =>
      json({ data: rows(77, 2), meta: { pagination: { total: 2, per_page: 250, current_page: 1 } } }, 200, {
        date: 'Sat, 31 Jan 2026 08:00:05 GMT',
      })
    expect(await page(answer)).toEqual({
      bodies: [{ id: 77 }, { id: 78 }],
      texts: ['{"id":77}', '{"id":78}'],
      total: 2,
      last: true,
      serverTime: '2026-01-31T08:00:05Z',
    })
  })

  it('is followed by another one while it is full, whatever its links say', async () => {
    const full = await page(() => paged(rows(1, 250), { total: 250, per_page: 250, current_page: 1, links: {} }))
    expect(full.last).toBe(false)
    const short = await page(() => paged(rows(1, 9), { total: 9, per_page: 250, links: { next: '?page=2' } }))
    expect(short.last).toBe(true)
  })

  it('is not the last when the store caps it below what was asked for', async () => {
    expect((await page(() => paged(rows(1, 10), { total: 4000, per_page: 10, current_page: 1 }))).last).toBe(false)
    expect((await page(() => paged(rows(1, 10), { total: 4000, per_page: 250, current_page: 1 }))).last).toBe(false)
  })

  it('is not the last when a list that counts by other words tells of more', async () => {
    const sites = catalog.resources.get('sites') as Resource
    const counted = (offset: number) => paged(rows(1000, 10), { offset, limit: 10, total_items: 30 })
    expect(await page(() => counted(0), sites, { page: 1 })).toMatchObject({ total: 30, last: false })
    expect(await page(() => counted(10), sites, { page: 2 })).toMatchObject({ last: false })
    expect(await page(() => counted(20), sites, { page: 3 })).toMatchObject({ last: true })
  })

  it('is the last when it is empty, whatever the total says', async () => {
    expect(await page(() => paged([], { total: 4000, per_page: 250 }))).toMatchObject({ last: true, bodies: [] })
  })

  it('is a bare list in v2, and empty on 204', async () => {
    expect(await page(() => json(rows(100, 250)), orders)).toMatchObject({ total: null, last: false })
    expect(await page(() => json(rows(100, 3)), orders)).toMatchObject({ last: true })
    expect(await page(() => new Response(null, { status: 204 }), orders)).toMatchObject({ bodies: [], last: true })
  })

  it('is the one object where there is only one', async () => {
    const answer = () => json({ id: 'abc123', domain: 'x.org' })
    expect(await page(answer, information)).toMatchObject({ bodies: [{ id: 'abc123', domain: 'x.org' }], last: true })
  })

  it('is no request at all when no key is asked for', async () => {
    const { store, seen } = fakeStore(() => json({ data: rows(1, 250) }))
    expect(await store.page(products, { ids: [] })).toMatchObject({ bodies: [], last: true })
    expect(seen).toHaveLength(0)
  })

  it.each([{}, { data: null }, { data: {} }, { data: [1] }, [], null, 'ok'])(
    'is never read out of %j',
    async (body) => {
      expect(await rejection(page(() => json(body)))).toBeInstanceOf(UnexpectedAnswerError)
    },
  )

  it('is never read out of a v2 answer that is no list', async () => {
    for (const body of [{}, null, { data: [] }]) {
      expect(await rejection(page(() => json(body), orders))).toBeInstanceOf(UnexpectedAnswerError)
    }
    expect(await rejection(page(() => json({}), information))).toBeInstanceOf(UnexpectedAnswerError)
    expect(await rejection(page(() => new Response(null, { status: 204 })))).toBeInstanceOf(UnexpectedAnswerError)
  })

  it('is refused when its keys are not beyond the last one, or not in order', async () => {
    const asked = { after: 100 }
    expect(await rejection(page(() => json({ data: [{ id: 100 }] }), products, asked))).toMatchObject({
      code: 'unexpected_answer',
      message: 'GET /v3/catalog/products answered with id 100 where one beyond 100 was due',
    })
    for (const data of [[{ id: 102 }, { id: 101 }], [{ id: 101 }, { id: 101 }], [{ name: 'x' }], [{ id: '101' }]]) {
      expect(await rejection(page(() => json({ data }), products, asked))).toBeInstanceOf(UnexpectedAnswerError)
    }
    expect(await page(() => json({ data: [{ id: 101 }, { id: 300 }] }), products, asked)).toMatchObject({ last: true })
  })

  it('is read again when it is cut short, a web page or of another shape', async () => {
    const good = JSON.stringify({ data: [{ id: 1 }] })
    const bad = [
      new Response(good.slice(0, -3)),
      new Response('<html>log in</html>', { headers: { 'content-type': 'text/html' } }),
    ]
    for (const answer of bad) {
      const { store, run, seen } = fakeStore((_, nth) => (nth === 1 ? answer : new Response(good)))
      expect((await run(store.page(products, {}))).bodies).toEqual([{ id: 1 }])
      expect(seen).toHaveLength(2)
    }
  })

  it('is read again when it has fewer bytes than its length says', async () => {
    const answer = (length: number) => json({ data: [] }, 200, { 'content-length': String(length) })
    const { store, run, seen } = fakeStore((_, nth) => answer(nth === 1 ? 500 : 11))
    expect((await run(store.page(products, {}))).bodies).toEqual([])
    expect(seen).toHaveLength(2)
  })

  it('N15: is read whatever type it claims to have', async () => {
    const answer = () => new Response('{"data":[{"id":1}]}', { headers: { 'content-type': 'text/plain' } })
    expect((await page(answer)).bodies).toHaveLength(1)
  })
})

describe('a total', () => {
  const total = (answer: () => Response, resource = products) => {
    const fake = fakeStore(answer)
    return fake.run(fake.store.total(resource))
  }

  it('comes from the pagination or from the counting path', async () => {
    expect(await total(() => json({ data: [], meta: { pagination: { total: 4711 } } }))).toBe(4711)
    expect(await total(() => json({ statuses: [], count: 12 }), orders)).toBe(12)
  })

  it('is unknown where a count lacks the sum, and an error where a page lacks its pagination', async () => {
    expect(await total(() => json({ statuses: [] }), orders)).toBeNull()
    expect(await rejection(total(() => json({ data: [] })))).toBeInstanceOf(UnexpectedAnswerError)
  })
})

describe('a refused read', () => {
  const refused = async (answer: () => Response) => {
    const fake = fakeStore(answer)
    const error = await fake.run(rejection(fake.store.page(products, {})))
    return { error, tries: fake.seen.length }
  }

  it('is typed by what went wrong and is not repeated', async () => {
    const cases = [
      [json({ status: 401, title: 'Unauthorized' }, 401), AuthError],
      [new Response('X-Auth-Token header is required', { status: 401 }), AuthError],
      [json({ status: 403, title: 'no' }, 403), ScopeError],
      [json({ status: 404, title: 'The route is not found, check the URL' }, 404), NotFoundError],
      [
        json({ status: 422, title: 'The filter(s): foo are not valid filter parameter(s).', errors: {} }, 422),
        ValidationError,
      ],
    ] as const
    for (const [answer, type] of cases) {
      const { error, tries } = await refused(() => answer)
      expect(error).toBeInstanceOf(type)
      expect(tries).toBe(1)
    }
  })

  it('says what the store said, where, and what to do', async () => {
    const { error } = await refused(() => new Response('X-Auth-Token header is required', { status: 401 }))
    expect(error.message).toContain('answered 401: X-Auth-Token header is required')
    expect(error.where).toMatch(/^GET \/v3\/catalog\/products/)
    expect(error.hint).toContain('access token')
  })

  it('names the scope that is missing', async () => {
    const { error } = await refused(() => json({ status: 403, title: 'Forbidden' }, 403))
    expect(error.hint).toContain('store_v2_products_read_only')
  })

  it('N42: is not followed anywhere by a redirect', async () => {
    const { error, tries } = await refused(
      () => new Response(null, { status: 301, headers: { location: 'https://evil.example/x' } }),
    )
    expect(error).toBeInstanceOf(UnexpectedAnswerError)
    expect(error.message).toContain('a redirect to https://evil.example')
    expect(tries).toBe(1)
  })

  it('is tried again while the store cannot answer, and then given up', async () => {
    for (const status of [500, 502, 503, 504, 408, 423]) {
      const { error, tries } = await refused(() => json({ title: 'Down' }, status))
      expect(error).toBeInstanceOf(UnavailableError)
      expect(tries).toBeGreaterThanOrEqual(6)
    }
  })

  it('is not tried again where that cannot help', async () => {
    for (const status of [501, 505, 410]) expect((await refused(() => json({ title: 'No' }, status))).tries).toBe(1)
  })
})

describe('trying again', () => {
  it('waits longer each time, by chance, within the policy’s bounds', async () => {
    const { store, run, seen } = fakeStore((_, nth) => (nth < 6 ? json({}, 500) : json({ data: [] })))
    await run(store.page(products, {}))
    const gaps = seen.slice(1).map(({ at }, index) => at - (seen[index]?.at ?? 0))
    expect(gaps).toHaveLength(5)
    for (const [index, gap] of gaps.entries()) expect(gap).toBeLessThanOrEqual(1000 * 2 ** index + 250)
    expect(new Set(gaps).size).toBe(5)
  })

  it('waits as long as the store asks', async () => {
    const busy = () => json({ error: { code: 'SERVICE_DEGRADED', message: 'busy', retry_after_seconds: 30 } }, 503)
    const { store, run, seen, logged } = fakeStore((_, nth) => (nth === 1 ? busy() : json({ data: [] })))
    await run(store.page(products, {}))
    expect(seen[1]!.at - seen[0]!.at).toBeGreaterThanOrEqual(30_000)
    expect(logged[0]).toContain('trying again')
  })

  it('N21: repeats a request that never left, reads and writes alike', async () => {
    for (const error of [
      systemError('ECONNREFUSED', 'connect'),
      systemError('ETIMEDOUT', 'connect'),
      systemError('EAI_AGAIN', 'getaddrinfo'),
    ]) {
      const { store, run, seen } = fakeStore((_, nth) =>
        nth < 3 ? Promise.reject(error) : json({ data: [{ id: 1 }] }),
      )
      expect(await run(store.send(products, update, [row(1)]))).toMatchObject({ kind: 'yes' })
      expect(seen).toHaveLength(3)
    }
  })

  it('N21, S31: does not repeat on a certificate that is not trusted', async () => {
    const { store, run, seen } = fakeStore(() => Promise.reject(systemError('CERT_HAS_EXPIRED')))
    const error = await run(rejection(store.page(products, {})))
    expect(error.hint).toContain('certificate')
    expect(seen).toHaveLength(1)
  })

  it('repeats a read that was reset or ran into its deadline', async () => {
    const { store, run, seen } = fakeStore((_, nth) => {
      if (nth === 1) throw systemError('ECONNRESET')
      return nth === 2 ? new Promise<Response>(() => {}) : json({ data: [] })
    })
    await run(store.page(products, {}))
    expect(seen).toHaveLength(3)
    expect(seen[2]!.at - seen[1]!.at).toBeGreaterThanOrEqual(60_000)
  })

  it('counts every request that left, by what it was for', async () => {
    const { store, run } = fakeStore((_, nth) => (nth === 1 ? json({}, 500) : json({ data: [{ id: 1 }] })))
    await run(store.page(products, {}))
    await run(store.page(products, { purpose: 'check' }))
    await run(store.send(products, update, [row(1)]))
    expect(store.requests()).toEqual({ read: 2, write: 1, check: 1 })
  })
})

describe('a write', () => {
  const send = async (respond: Respond, rows: readonly WriteRow[] = [row(1)], route = update, resource = products) => {
    const fake = fakeStore(respond)
    const outcome = await fake.run(fake.store.send(resource, route, rows))
    return { outcome, tries: fake.seen.length, seen: fake.seen }
  }

  it('sends JSON and brings back what was saved', async () => {
    const { outcome, seen } = await send(() => json({ data: [{ id: 1, price: 1 }], meta: {} }))
    expect(outcome).toEqual({ kind: 'yes', status: 200, echo: [{ id: 1, price: 1 }] })
    expect(seen[0]).toMatchObject({
      method: 'PUT',
      path: '/v3/catalog/products',
      headers: { 'content-type': 'application/json' },
      body: [{ id: 1, price: 1 }],
    })
  })

  const ambiguous: [string, Respond][] = [
    ['a reset connection', () => Promise.reject(systemError('ECONNRESET'))],
    ['a socket that the other side closed', () => Promise.reject(systemError('UND_ERR_SOCKET'))],
    ['silence', () => new Promise(() => {})],
    [
      'a body that never ends',
      () => new Response(new ReadableStream({ start: (c) => c.enqueue(new Uint8Array([123])) })),
    ],
    ...[408, 499, 500, 502, 503, 504, 509].map((status): [string, Respond] => [`${status}`, () => json({}, status)]),
    ['429 without rate headers', () => json({}, 429)],
    ['a cut body', () => new Response('{"data":[{"id":1}')],
    ['a web page', () => new Response('<html></html>')],
    ['a full disk of a proxy', () => new Response('<html>507</html>', { status: 507 })],
    ['a refusal by a web page', () => new Response('<html>403</html>', { status: 403 })],
    ['a short body', () => json({ data: [{ id: 1 }] }, 200, { 'content-length': '9999' })],
    ['an empty object', () => json({})],
    ['no rows', () => json({ data: null })],
    ['a redirect', () => new Response(null, { status: 307, headers: { location: 'https://x.org' } })],
  ]
  it.each(ambiguous)('is unknown after %s, and is not repeated', async (_, respond) => {
    const { outcome, tries } = await send(respond)
    expect(outcome.kind).toBe('unknown')
    expect(tries).toBe(1)
    expect(outcome).toMatchObject({ error: expect.any(AmbiguousError) })
  })

  it('is partial on 207', async () => {
    const errors = { status: 207, title: 'Multi status', errors: { custom_url: 'URL is not unique' } }
    const { outcome } = await send(() => json({ data: [{ id: 1 }], errors, meta: {} }, 207))
    expect(outcome).toEqual({
      kind: 'partial',
      status: 207,
      echo: [{ id: 1 }],
      message: 'Multi status; custom_url: URL is not unique',
    })
  })

  it('is partial when a refusal says that some rows went through', async () => {
    const body = {
      data: [{ id: 1 }],
      errors: [{ status: 422, title: 'Bulk operation has failed' }],
      meta: { success: 1, failed: 1 },
    }
    const { outcome } = await send(() => json(body, 422), [row(1), row(2)])
    expect(outcome).toMatchObject({ kind: 'partial', echo: [{ id: 1 }], message: 'Bulk operation has failed' })
  })

  it('names the refused rows by index', async () => {
    const errors = { '1.name': 'too long', '1.price': 'negative', '7.name': 'x' }
    const { outcome } = await send(() => json({ status: 422, title: 'Bad', errors }, 422), [row(1), row(2)])
    expect(outcome).toMatchObject({ kind: 'no', status: 422, error: expect.any(ValidationError) })
    expect(outcome.kind === 'no' && [...outcome.rows]).toEqual([[1, 'name: too long; price: negative']])
    expect(outcome.kind === 'no' && outcome.error instanceof ValidationError && outcome.error.fields).toEqual(errors)
  })

  it('names the refused row by the key in the message', async () => {
    const items = [106, 107].map((variant_id) => ({
      id: { location_id: 1, product_id: 7, variant_id },
      set: { total_inventory_onhand: 1 },
    }))
    const title = '[Item with variant_id 107 is tracked by product, please update stock by product id]'
    const answer = () => json({ status: 422, title, errors: {} }, 422, { 'content-type': 'application/problem+json' })
    const { outcome } = await send(answer, items, inventory.api.update![0]!, inventory)
    expect(outcome.kind === 'no' && [...outcome.rows.keys()]).toEqual([1])
  })

  it('blames the only row of a request', async () => {
    const { outcome } = await send(() => json([{ status: 400, message: 'The field is invalid' }], 400))
    expect(outcome.kind === 'no' && outcome.rows.get(0)).toBe('The field is invalid')
  })

  it('blames no row for missing rights', async () => {
    const { outcome } = await send(() => json({ status: 403, title: 'Forbidden' }, 403))
    expect(outcome).toMatchObject({ kind: 'no', status: 403, error: expect.any(ScopeError), rows: new Map() })
    expect(outcome.kind === 'no' && outcome.error.hint).toContain('the scope store_v2_products.')
  })

  it('is sent again after a refusal for the quota, when the window is over', async () => {
    const full = () => json({ status: 429, title: 'Too many requests' }, 429, rateHeaders(0, 12_000))
    const { outcome, seen } = await send((_, nth) =>
      nth === 1 ? full() : json({ data: [{ id: 1 }] }, 200, rateHeaders(149)),
    )
    expect(outcome.kind).toBe('yes')
    expect(seen[1]!.at - seen[0]!.at).toBeGreaterThanOrEqual(12_000)
  })

  it('is given up as not sent when the quota does not come back', async () => {
    const { outcome, tries } = await send(() => json({}, 429, rateHeaders(0)))
    expect(outcome).toMatchObject({ kind: 'not-sent', error: expect.any(RateLimitedError) })
    expect(tries).toBe(12)
  })
})

describe('the pace', () => {
  it('honours the longer of the two waits, for every request', async () => {
    const full = () => json({}, 429, { ...rateHeaders(0, 5000), 'x-retry-after': '20' })
    const { store, run, seen } = fakeStore((_, nth) => (nth === 1 ? full() : json({ data: [] }, 200, rateHeaders(100))))
    const first = store.page(products, {})
    const second = run(store.get('/v2/time').catch(() => null))
    await Promise.all([run(first), second])
    const [refused, ...later] = seen
    for (const { at, path } of later)
      if (path !== '/v2/time' || at > 300) expect(at - refused!.at).toBeGreaterThanOrEqual(20_000)
    expect(later.length).toBeGreaterThanOrEqual(2)
  })

  it('tells the quota and how long more requests take', async () => {
    const { store, run } = fakeStore(() => json({}, 200, rateHeaders(149, 30_000)))
    expect(store.quota()).toEqual({ quota: null, left: null, windowMs: null, resetMs: null })
    expect(store.eta(10)).toBeNull()
    await run(store.get('/v2/time'))
    expect(store.quota()).toEqual({ quota: 150, left: 149, windowMs: 30_000, resetMs: 30_000 })
    expect(store.eta(0)).toBe(0)
    expect(store.eta(149)).toBeGreaterThan(20_000)
    expect(store.eta(149 + 300)).toBeGreaterThan(80_000)
    expect(store.eta(149 + 300)).toBeLessThan(100_000)
  })

  it('is one for all who open the store in a process', async () => {
    let used = 0
    let together = 0
    const respond: Respond = () => json({}, ++used > 150 ? 429 : 200, rateHeaders(Math.max(0, 150 - used), 30_000))
    const one = fakeStore(respond)
    const two = fakeStore(respond, {}, { clock: one.clock })
    const ask = ({ store }: typeof one) => store.get('/v2/time').then(() => (together += 1))
    await one.run(Promise.all(Array.from({ length: 75 }, () => [ask(one), ask(two)]).flat()))
    expect([used, together]).toEqual([150, 150])
    expect(two.store.quota()).toEqual(one.store.quota())
    const other = fakeStore(respond, { hash: 'other' }, { clock: one.clock })
    expect(other.store.quota().left).toBeNull()
  })

  it('gives back the turn of a request whose caller failed', async () => {
    const used = new Map<number, number>()
    const { store, run, seen } = fakeStore(({ at }) => {
      const window = Math.floor(at / 30_000)
      used.set(window, (used.get(window) ?? 0) + 1)
      return json({ data: [] }, 200, rateHeaders(2 - used.get(window)!, 30_000 - (at % 30_000), 2))
    })
    const failing = () => {
      throw new Error('the mirror is gone')
    }
    await run(store.get('/v2/time'))
    await run(rejection(store.send(products, update, [row(1)], failing)))
    await run(store.get('/v2/time'))
    await run(store.get('/v2/time'))
    expect(seen[2]!.at).toBeLessThan(60_000)
  })

  it('is careful where the store tells no quota, and slower after a refusal', async () => {
    const { store, run, seen } = fakeStore((_, nth) => (nth === 10 ? json({}, 429) : json({})))
    await run(Promise.all(Array.from({ length: 30 }, () => store.get('/v2/time'))))
    const gaps = seen.slice(1).map(({ at }, index) => at - seen[index]!.at)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(200)
    expect(gaps[9]).toBeGreaterThanOrEqual(1000)
    expect(gaps[15]).toBeGreaterThan(gaps[5]!)
  })
})

describe('requests side by side', () => {
  /** Answers after a while, and keeps the most that were under way at once, by kind. */
  const busyStore = () => {
    const flying = new Map<string, number>()
    const most = new Map<string, number>()
    const together = new Set<string>()
    const respond: Respond = async ({ method, path }) => {
      const kind = `${method} ${path.split('?')[0]}`
      flying.set(kind, (flying.get(kind) ?? 0) + 1)
      most.set(kind, Math.max(most.get(kind) ?? 0, flying.get(kind)!))
      const now = [...flying].filter(([, count]) => count > 0).map(([name]) => name)
      for (const other of now) if (other !== kind) together.add([other, kind].sort().join(' + '))
      await fake.clock.sleep(5000)
      flying.set(kind, flying.get(kind)! - 1)
      if (method === 'GET') return json({ data: [] }, 200, rateHeaders(100_000, 30_000, 100_000))
      return json({ data: [{ id: 1 }], transaction_id: 'x' }, 200, rateHeaders(100_000, 30_000, 100_000))
    }
    const fake = fakeStore(respond)
    return { ...fake, most, together }
  }
  const stock = { id: { location_id: 1, variant_id: 5 }, set: { total_inventory_onhand: 1 } }

  it('keep to the lanes of their route', async () => {
    const { store, run, most } = busyStore()
    const sends = [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((id) => [
      store.send(products, update, [row(id)]),
      store.send(inventory, inventory.api.update![0]!, [stock]),
    ])
    await run(Promise.all(sends))
    expect(most.get('PUT /v3/catalog/products')).toBe(4)
    expect(most.get('PUT /v3/inventory/adjustments/absolute')).toBe(1)
  })

  it('N11: never mix groups of writes, while reads go beside them', async () => {
    const { store, run, together } = busyStore()
    const work = [1, 2, 3, 4, 5, 6].flatMap((id) => [
      store.send(products, update, [row(id)]),
      store.send(inventory, inventory.api.update![0]!, [stock]),
      store.send(variants, variants.api.update![0]!, [row(id)]),
      store.page(brands, {}),
    ])
    await run(Promise.all(work))
    const mixed = [...together].filter((pair) => pair.includes('inventory') && pair.includes('PUT /v3/catalog'))
    expect(mixed).toEqual([])
    expect(together).toContain('PUT /v3/catalog/products + PUT /v3/catalog/variants')
    expect(together).toContain('GET /v3/catalog/brands + PUT /v3/catalog/products')
  })
})

describe('closing', () => {
  it('waits for what is in flight and lets nothing else leave', async () => {
    const { store, run, seen, clock } = fakeStore(async () => {
      await clock.sleep(100)
      return json({ data: [{ id: 1 }] })
    })
    const flying = store.send(products, update, [row(1)])
    await run(clock.sleep(1))
    const waiting = store.send(products, update, [row(2)])
    const reading = rejection(store.page(products, {}))
    await run(clock.sleep(1))
    await run(store.close())
    expect(await run(flying)).toMatchObject({ kind: 'yes' })
    expect(await run(waiting)).toMatchObject({ kind: 'not-sent', error: expect.any(InterruptedError) })
    expect(await run(reading)).toBeInstanceOf(InterruptedError)
    expect(await run(rejection(store.get('/v2/time')))).toBeInstanceOf(InterruptedError)
    expect(seen).toHaveLength(1)
  })

  it('lets nothing more leave once the run is interrupted', async () => {
    const interruption = new AbortController()
    const respond: Respond = () => json({ data: [{ id: 1 }] })
    const { store, run, seen } = fakeStore(respond, {}, { signal: interruption.signal })
    await run(store.page(products, {}))
    interruption.abort()
    expect(await run(rejection(store.page(products, {})))).toBeInstanceOf(InterruptedError)
    expect(await run(store.send(products, update, [row(1)]))).toMatchObject({ kind: 'not-sent' })
    const late = fakeStore(respond, {}, { signal: interruption.signal })
    expect(await late.run(rejection(late.store.page(products, {})))).toBeInstanceOf(InterruptedError)
    expect([...seen, ...late.seen]).toHaveLength(1)
  })

  it('ends the wait before another try', async () => {
    const { store, run, clock, seen } = fakeStore(() => json({}, 503))
    const reading = rejection(store.page(products, {}))
    await run(clock.sleep(1))
    await run(store.close())
    expect(await run(reading)).toBeInstanceOf(InterruptedError)
    expect(seen).toHaveLength(1)
  })
})
