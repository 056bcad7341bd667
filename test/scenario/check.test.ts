import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { checkAll, type Finding } from '../../src/app/index.ts'
import { checkText } from '../../src/cli/views/check-text.ts'
import { screenOf } from '../../src/cli/views/screen.ts'
import { type JobShop, openJobShop, pricesOf } from '../support/job-shop.ts'
import type { ShopOptions } from '../support/shop.ts'

let shop: JobShop
afterEach(() => shop.close())

const jobs = { nightly: { cron: '0 2 * * *', steps: ['pull main', 'sync prices', 'report low-stock'] } }

const open = async (options: ShopOptions = {}, described: object = jobs): Promise<void> => {
  shop = openJobShop(described, options)
  await shop.pull().catch(() => undefined)
}

const check = async (env?: Record<string, string>) => {
  const { exit, findings } = await checkAll(shop.open(env ? { env } : {}), ['main'])
  const of = (what: string): Finding | undefined => findings.find((one) => one.what === what)
  return { exit, findings, of, bad: findings.filter(({ verdict }) => verdict === 'bad') }
}

describe('the check', () => {
  it('finds no fault where there is none, and reads only', async () => {
    await open()
    shop.feed(pricesOf(shop))
    const before = shop.emulator.requests.length
    const { exit, bad, findings, of } = await check()
    expect([exit, bad]).toEqual([0, []])
    expect(findings.filter(({ verdict }) => verdict === 'warn')).toEqual([])
    expect(of('quota')?.detail).toMatch(/^150 requests in 30 s, \d+ left; up to 85 % are used$/)
    expect(of('reads products')?.detail).toBe('for pull main, sync prices')
    expect(of('writes store_v2_products')).toMatchObject({ verdict: 'note' })
    expect(of('source feed')?.detail).toMatch(/rows$/)
    const made = shop.emulator.requests.slice(before)
    expect(made.every(({ method }) => method === 'GET')).toBe(true)
    expect(made.length).toBeLessThan(8)
  })

  it('tells a token that the store does not know from one that is not set', async () => {
    await open()
    shop.feed(pricesOf(shop))
    const unknown = await check({ SHOP_TOKEN: 'notTheToken00000000000000000000' })
    expect(unknown.exit).toBe(7)
    expect(unknown.bad).toMatchObject([{ what: 'connection', hint: expect.stringContaining('token') }])
    const unset = await check({})
    expect(unset.exit).toBe(2)
    expect(unset.bad).toMatchObject([{ what: 'credentials', hint: expect.stringContaining('SHOP_TOKEN') }])
  })

  it('N39: names the scope that is lacking and who needs it', async () => {
    await open({ emulator: { scopes: ['store_v2_products_read_only', 'store_v2_information_read_only'] } })
    shop.feed([['sku', 'price']])
    const { exit, bad } = await check()
    expect(exit).toBe(7)
    expect(bad.find(({ what }) => what === 'reads orders')).toMatchObject({
      exit: 7,
      detail: expect.stringContaining('needed by pull main'),
      hint: expect.stringContaining('store_v2_orders_read_only'),
    })
    expect(bad.some(({ what }) => what === 'reads products')).toBe(false)
  })

  it('C6: finds that another store answers than the mirror’s', async () => {
    await open()
    shop.feed(pricesOf(shop))
    const db = new Database(shop.workspace.settings.stores['main']?.mirror ?? '')
    db.exec("UPDATE sync_store SET currency = 'XTS'")
    db.close()
    const { exit, of } = await check()
    expect(exit).toBe(4)
    expect(of('identity')).toMatchObject({ verdict: 'bad', detail: expect.stringContaining('XTS') })
  })

  it('P17: warns of a clock that is off and of a store that is held', async () => {
    await open()
    shop.feed(pricesOf(shop))
    const url = `${shop.emulator.origin}/__emulator__/clock`
    await shop.emulator.fetch(url, { method: 'PUT', body: JSON.stringify({ skewMs: -90_000 }) })
    const { exit, of } = await shop.workspace.withStore('main', 'push p7', () => check())
    expect(exit).toBe(0)
    expect(of('clock')).toMatchObject({ verdict: 'warn', detail: 'this machine is 90 s ahead of the store' })
    expect(of('lock')).toMatchObject({ verdict: 'warn', detail: expect.stringContaining('push p7') })
  })

  it('refuses a source without its columns, and counts rows that would be rejected', async () => {
    await open()
    shop.feed([
      ['sku', 'cost'],
      ['A', 1],
    ])
    const lacking = await check()
    expect(lacking.exit).toBe(6)
    expect(lacking.of('source feed')).toMatchObject({ verdict: 'bad', detail: expect.stringContaining('"price"') })
    shop.feed([
      ['sku', 'price'],
      ['A', '12,9O'],
      ['B', 1],
    ])
    expect((await check()).of('source feed')).toMatchObject({
      verdict: 'warn',
      detail: expect.stringContaining('2 rows, 1 rejected; the first: line 2, price "12,9O" is not a number'),
    })
    rmSync(join(shop.dir, 'feed.csv'))
    expect((await check()).exit).toBe(6)
  })

  it('finds a job whose report does not exist, or counts what the store does not hold', async () => {
    await open(
      {},
      { a: { steps: ['pull main', 'report low-stok'] }, b: { steps: ['pull main', 'report best-sellers'] } },
    )
    shop.feed(pricesOf(shop))
    const { exit, bad } = await check()
    expect(exit).toBe(2)
    expect(bad.map(({ of, detail }) => [of, detail])).toEqual([
      ['job a', 'there is no report "low-stok"'],
      ['job b', 'report best-sellers counts order_lines, which store main does not hold'],
    ])
  })

  it('is told on the command line as lines with what to do', async () => {
    await open()
    shop.feed(pricesOf(shop))
    const found = await checkAll(shop.open({ env: {} }), ['main'])
    const text = checkText(found, screenOf(200, false))
    expect(text).toMatch(/bad +store main +credentials +.*SHOP_TOKEN/)
    expect(text).toContain('1 fault')
  })
})
