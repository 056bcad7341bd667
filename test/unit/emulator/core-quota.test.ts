import { describe, expect, it } from 'vitest'
import { type Shop, shop } from './core-support.ts'

const HEADERS = ['time-window-ms', 'time-reset-ms', 'requests-quota', 'requests-left']

const rate = ({ headers }: { headers: Headers }) => HEADERS.map((name) => Number(headers.get(`x-rate-limit-${name}`)))

const spend = async ({ call }: Shop, count: number) => {
  for (let left = count; left > 0; left--) await call('GET', '/v2/time')
}

describe('the quota', () => {
  it('tells the window, what is left of it and of the quota with every answer', async () => {
    const { call, clock } = shop({ plan: 'standard' })
    expect(rate(await call('GET', '/v2/time'))).toEqual([30_000, 30_000, 150, 149])
    await clock.advance(12_000)
    expect(rate(await call('GET', '/v3/catalog/none'))).toEqual([30_000, 18_000, 150, 148])
  })

  it('refuses what is over, until a new window begins with the next request', async () => {
    const store = shop({ plan: 'standard' })
    await spend(store, 150)
    const refused = await store.call('GET', '/v2/time')
    expect([refused.status, ...rate(refused)]).toEqual([429, 30_000, 30_000, 150, 0])
    await store.clock.advance(29_999)
    expect((await store.call('GET', '/v2/time')).status).toBe(429)
    await store.clock.advance(20_000)
    expect(rate(await store.call('GET', '/v2/time'))).toEqual([30_000, 30_000, 150, 149])
  })

  it('gives a Pro store 450 requests and an unlimited one more than anyone needs', async () => {
    expect(rate(await shop({ plan: 'pro' }).call('GET', '/v2/time'))[3]).toBe(449)
    expect(rate(await shop({ plan: 'unlimited' }).call('GET', '/v2/time'))[3]).toBeGreaterThan(1_000_000)
  })

  it('is eaten by another app too', async () => {
    const store = shop({ plan: 'standard', otherApp: { requestsPerSecond: 10 } })
    await spend(store, 1)
    await store.clock.advance(5_000)
    expect(rate(await store.call('GET', '/v2/time'))[3]).toBe(98)
    await store.clock.advance(20_000)
    expect((await store.call('GET', '/v2/time')).status).toBe(429)
  })

  it('is not touched by requests without good credentials or for the controls', async () => {
    const { call, emulator } = shop({ plan: 'standard' })
    await call('GET', '/v2/time', undefined, { 'X-Auth-Token': 'bad' })
    await emulator.fetch(`${emulator.origin}/__emulator__/log`)
    expect(rate(await call('GET', '/v2/time'))[3]).toBe(149)
  })
})

describe('the hour of a legacy account', () => {
  it('moves on by the minute, and refuses with 509 what is over 20,000', async () => {
    const { emulator, clock } = shop({ legacy: { user: 'ann', token: 'secret' } })
    const ask = () =>
      emulator.fetch(`${emulator.origin}/api/v2/time`, { headers: { authorization: `Basic ${btoa('ann:secret')}` } })
    const left = ({ headers }: Response) => headers.get('x-bc-apilimit-remaining')
    for (let nth = 0; nth < 5000; nth += 1) await ask()
    await clock.advance(90_000)
    for (let nth = 0; nth < 14_999; nth += 1) await ask()
    expect(left((await ask()) as Response)).toBe('0')
    expect((await ask()).status).toBe(509)
    await clock.advance(58.4 * 60_000)
    expect((await ask()).status).toBe(509)
    await clock.advance(60_000)
    expect(left((await ask()) as Response)).toBe('4999')
  })
})

describe('requests at once', () => {
  it('are refused above the number that an endpoint bears, and cost quota', async () => {
    const { call, clock, emulator } = shop({ plan: 'standard', products: 1, settings: { latencyMs: 100 } })
    const tree = emulator.state.trees.list()[0]?.id
    const both = [
      call('GET', `/v3/catalog/trees/${tree}/categories`),
      call('GET', `/v3/catalog/trees/${tree}/categories`),
    ]
    await clock.advance(100)
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 429])
    const after = call('GET', `/v3/catalog/trees/${tree}/categories`)
    await clock.advance(100)
    expect((await after).status).toBe(200)
  })

  it('are not limited where the platform names no limit', async () => {
    const { call } = shop()
    const many = await Promise.all(Array.from({ length: 60 }, () => call('GET', '/v3/catalog/products')))
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set([200]))
  })
})
