import { describe, expect, it } from 'vitest'
import { newProduct, shop } from './core-support.ts'

describe('who may ask', () => {
  it('answers a missing and a malformed token in plain text, an unknown one in JSON', async () => {
    const { call } = shop()
    const answers = [
      await call('GET', '/v2/time', undefined, { 'X-Auth-Token': '' }),
      await call('GET', '/v2/time', undefined, { 'X-Auth-Token': 'short' }),
      await call('GET', '/v2/time', undefined, { 'X-Auth-Token': 'a'.repeat(24) }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    expect(answers[0]?.text).toBe('X-Auth-Token header is required')
    expect(answers[1]?.text).toBe('X-Auth-Token header should have correct format')
    expect(answers[2]?.body).toMatchObject({ status: 401, title: 'Unauthorized' })
  })

  it('refuses a write to a token that may only read, and reading to one of another scope', async () => {
    const { call } = shop({ scopes: ['store_v2_products_read_only'] })
    expect((await call('GET', '/v3/catalog/products')).status).toBe(200)
    expect((await call('DELETE', '/v3/catalog/products/77')).body).toMatchObject({ status: 403 })
    expect((await call('GET', '/v2/orders')).body).toMatchObject([{ status: 403 }])
  })

  it('refuses the hash of another store', async () => {
    const { emulator } = shop()
    const headers = { 'X-Auth-Token': emulator.accessToken }
    const response = await emulator.fetch(`${emulator.origin}/stores/other/v2/time`, { headers })
    expect(response.status).toBe(403)
  })

  it('serves v2 to Basic auth where the store has such an account, with a quota by the hour', async () => {
    const { emulator } = shop({ legacy: { user: 'ann', token: 'secret' } })
    const ask = (credentials: string, path = '/api/v2/time.json') =>
      emulator.fetch(emulator.origin + path, { headers: { Authorization: `Basic ${btoa(credentials)}` } })
    const good = await ask('ann:secret')
    expect(good.status).toBe(200)
    expect(good.headers.get('x-bc-apilimit-remaining')).toBe('19999')
    expect((await ask('ann:wrong')).status).toBe(401)
    expect((await ask('ann:secret', '/api/v3/catalog/products')).status).toBe(404)
  })
})

describe('the log of writes', () => {
  it('holds what was accepted and nothing else, by whom', async () => {
    const otherToken = 'b'.repeat(24)
    const { call, emulator } = shop({ otherApp: { requestsPerSecond: 0, accessToken: otherToken } })
    await call('POST', '/v3/catalog/products', newProduct('A'))
    await call('POST', '/v3/catalog/products', newProduct('A'))
    await call('GET', '/v3/catalog/products')
    await call('PUT', '/v3/catalog/products/77', { price: 3 }, { 'X-Auth-Token': otherToken })
    expect(emulator.log.map(({ method, path, who }) => [method, path, who])).toEqual([
      ['POST', '/v3/catalog/products', 'client'],
      ['PUT', '/v3/catalog/products/77', 'other'],
    ])
    expect(emulator.requests.map(({ status }) => status)).toEqual([200, 409, 200, 200])
  })
})

describe('what is asked', () => {
  it('tells an unknown route from a method that a route lacks', async () => {
    const { call } = shop()
    expect((await call('GET', '/v3/catalog/nothing')).body).toMatchObject({
      status: 404,
      title: 'The route is not found, check the URL',
    })
    const wrong = await call('DELETE', '/v3/catalog/summary')
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET'])
  })

  it('refuses other media and bodies that are no JSON', async () => {
    const { call } = shop()
    const post = (body: string, headers: Record<string, string>) => call('POST', '/v3/catalog/products', body, headers)
    expect((await post('{}', { 'Content-Type': 'text/plain' })).status).toBe(415)
    expect((await post('{}', { Accept: 'application/xml' })).status).toBe(406)
    const broken = await post('{"name": ', {})
    expect(broken.body).toMatchObject({ status: 400, title: 'Input is invalid', detail: 'Syntax error' })
  })

  it('refuses an unknown filter by its name, and an empty one', async () => {
    const { call } = shop()
    const title = (path: string) => call('GET', path).then(({ body }) => body.title)
    expect(await title('/v3/catalog/products?foo=1')).toBe('The filter(s): foo are not valid filter parameter(s).')
    expect(await title('/v3/catalog/products?&page=1')).toBe('The filter(s):  are not valid filter parameter(s).')
  })

  it('serves a limit above the maximum as the maximum, or refuses it where the store does', async () => {
    const limit = async (overLimit: 'clamp' | 'refuse') =>
      (await shop({ settings: { overLimit } }).call('GET', '/v3/catalog/products?limit=251')).status
    expect([await limit('clamp'), await limit('refuse')]).toEqual([200, 413])
  })

  it('dates every answer', async () => {
    const { call } = shop()
    expect((await call('GET', '/v2/time')).headers.get('date')).toBe('Wed, 15 Jan 2025 10:30:00 GMT')
  })
})
