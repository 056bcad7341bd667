import { describe, expect, it } from 'vitest'
import { type Fault, parseFaults } from '../../../src/emulator/index.ts'
import { newProduct, type Shop, shop } from './core-support.ts'

const path = '/v3/catalog/products'
const names = ({ emulator }: Shop) => emulator.state.products.list().map(({ name }) => name)
const faulty = (...faults: Fault[]) => shop({ faults })

describe('a fault', () => {
  it('fails a request before it is carried out, as often as it was told', async () => {
    const store = faulty({ kind: 'status', status: 503, method: 'POST', path, times: 1 })
    expect((await store.call('POST', path, newProduct('A'))).status).toBe(503)
    expect(names(store)).toEqual([])
    expect((await store.call('POST', path, newProduct('A'))).status).toBe(200)
  })

  it('fails a request after it was carried out', async () => {
    const store = faulty({ kind: 'status', status: 504, when: 'after', path })
    expect((await store.call('POST', path, newProduct('A'))).status).toBe(504)
    expect(names(store)).toEqual(['A'])
    expect(store.emulator.log).toMatchObject([{ method: 'POST', path, status: 200, who: 'client' }])
  })

  it('leaves the rate headers of a 429 out, or adds others', async () => {
    const bare = faulty({ kind: 'status', status: 429, rateHeaders: false })
    expect((await bare.call('GET', path)).headers.has('x-rate-limit-requests-left')).toBe(false)
    const more = faulty({ kind: 'status', status: 429, headers: { 'X-Retry-After': '7' } })
    const { headers } = await more.call('GET', path)
    expect([headers.get('x-retry-after'), headers.has('x-rate-limit-requests-left')]).toEqual(['7', true])
  })

  it('drops the connection after the write, as undici tells it', async () => {
    const store = faulty({ kind: 'drop' })
    const failure = await store.call('POST', path, newProduct('A')).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TypeError)
    expect(failure).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } })
    expect(names(store)).toEqual(['A'])
  })

  it('drops the connection before the write', async () => {
    const store = faulty({ kind: 'drop', when: 'before' })
    await expect(store.call('POST', path, newProduct('A'))).rejects.toThrow('fetch failed')
    expect(names(store)).toEqual([])
  })

  it('cuts the body in the middle', async () => {
    const store = faulty({ kind: 'truncate' })
    await expect(store.call('GET', path)).rejects.toThrow('terminated')
  })

  it('gives a page of a proxy or nothing instead of the answer', async () => {
    const html = await faulty({ kind: 'html200' }).call('GET', path)
    expect([html.status, html.text.slice(0, 9)]).toEqual([200, '<!DOCTYPE'])
    const empty = await faulty({ kind: 'empty200' }).call('GET', path)
    expect([empty.status, empty.text]).toEqual([200, ''])
  })

  it('shows the store as it was a while ago', async () => {
    const store = shop()
    await store.call('POST', path, newProduct('A'))
    await store.clock.advance(60_000)
    await store.call('PUT', `${path}/77`, { price: 12 })
    await store.call('POST', path, newProduct('B'))
    await store.clock.advance(2_000)
    const seen = async () =>
      (await store.call('GET', path)).body.data.map((row: { name: string; price: number }) => [row.name, row.price])
    store.emulator.faults.set([{ kind: 'stale', ms: 5_000 }])
    expect(await seen()).toEqual([['A', 10]])
    store.emulator.faults.clear()
    expect(await seen()).toEqual([
      ['A', 12],
      ['B', 10],
    ])
  })

  it('makes an answer wait on the clock, while the caller may give up', async () => {
    const store = faulty({ kind: 'slow', ms: 5_000, path })
    const { emulator, clock } = store
    const abort = new AbortController()
    const waiting = emulator
      .fetch(`${emulator.origin}/stores/${emulator.storeHash}${path}`, {
        method: 'POST',
        headers: { 'X-Auth-Token': emulator.accessToken, 'Content-Type': 'application/json' },
        body: JSON.stringify(newProduct('A')),
        signal: abort.signal,
      })
      .catch((error: unknown) => error)
    await clock.advance(1_000)
    abort.abort(new Error('too late'))
    expect(await waiting).toMatchObject({ message: 'too late' })
    await clock.advance(4_000)
    expect(names(store)).toEqual(['A'])
  })

  it('strikes a share of the requests, the same with the same seed', async () => {
    const statuses = async () => {
      const store = shop({ seed: 5, faults: [{ kind: 'status', status: 500, probability: 0.5 }] })
      const all: number[] = []
      for (let count = 0; count < 40; count++) all.push((await store.call('GET', path)).status)
      return all
    }
    const first = await statuses()
    expect(await statuses()).toEqual(first)
    expect(first.filter((status) => status === 500).length).toBeGreaterThan(8)
    expect(first.filter((status) => status === 200).length).toBeGreaterThan(8)
  })

  it('is set, listed and cleared over the control route', async () => {
    const { emulator, call } = shop()
    const control = (method: string, body?: string) =>
      emulator.fetch(`${emulator.origin}/__emulator__/faults`, { method, ...(body !== undefined && { body }) })
    const set = await control('PUT', JSON.stringify([{ kind: 'status', status: 502, path: '/v3/catalog/*' }]))
    expect(set.status).toBe(200)
    expect((await call('GET', path)).status).toBe(502)
    expect(await (await control('GET')).json()).toMatchObject([{ kind: 'status', hits: 1 }])
    await control('DELETE')
    expect((await call('GET', path)).status).toBe(200)
    expect((await control('PUT', '[{"kind": "flood"}]')).status).toBe(422)
  })

  it('is refused with its place when it is misspelt', () => {
    expect(() => parseFaults([{ kind: 'drop', pathh: '/x' }], 'faults.json')).toThrow(/pathh/)
  })
})

describe('the clock control', () => {
  it('sets the store ahead of the machine', async () => {
    const { emulator, call } = shop()
    await emulator.fetch(`${emulator.origin}/__emulator__/clock`, { method: 'PUT', body: '{"skewMs": 3600000}' })
    expect((await call('GET', '/v2/time')).headers.get('date')).toBe('Wed, 15 Jan 2025 11:30:00 GMT')
  })
})
