import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BlackBox, openBlackBox, until } from '../support/black-box.ts'

let box: BlackBox
let first: { sku: string; price: number }
beforeAll(async () => {
  box = await openBlackBox({ products: 60 })
  await box.skiff('pull')
  const { document } = await box.json<{ sku: string; price: number }[]>(
    'query',
    'SELECT sku, price FROM skus WHERE sku IS NOT NULL ORDER BY sku',
  )
  first = document[0] ?? { sku: '', price: 0 }
  box.write('good.csv', `sku,price\n${document.map(({ sku, price }) => `${sku},${price}`).join('\n')}\n`)
})
afterAll(() => box.close())

interface Failure {
  error: { code: string; message: string; where: string | null; hint: string | null }
}

describe('the exit code', () => {
  it('is 2 for a wrong command line or configuration', async () => {
    expect((await box.json<Failure>('plann')).document.error.code).toBe('usage')
    expect((await box.skiff('pull', '--config', 'missing.json')).exit).toBe(2)
    expect((await box.skiff('pull', 'mian')).err).toContain('main')
  })

  it('is 6 for a broken CSV, and says the line', async () => {
    box.write('feed.csv', 'sku,price\nA,1\nB,"2\n')
    const { exit, document } = await box.json<Failure>('plan', 'prices')
    expect(exit).toBe(6)
    expect(document.error.code).toBe('source_refused')
    expect(document.error.where).toContain('feed.csv')
  })

  it('D10: is 6 for a file that was cut inside its last line', async () => {
    box.write('feed.csv', box.read('good.csv').slice(0, -3))
    expect((await box.skiff('plan', 'prices')).exit).toBe(6)
  })

  it('is 4 when a guard blocks, and the plan is printed all the same', async () => {
    box.write('feed.csv', box.read('good.csv').replace(/^(.*),(\d+(\.\d+)?)$/gm, '$1,0.01'))
    const { exit, out } = await box.skiff('plan', 'prices')
    expect(exit).toBe(4)
    expect(out).toContain('BLOCKED')
    expect((await box.skiff('sync', 'prices', '--yes')).exit).toBe(4)
    expect(await box.log()).toEqual([])
  })

  it('is 7 when the store does not take the token', async () => {
    const config = box.read('sync.config.json').replace('env:SHOP_TOKEN', 'file:bad.env')
    box.write('bad.env', 'notTheToken000000000000000000\n')
    box.write('bad.json', config.replace('"main":', '"bad":').replace('"store":"main"', '"store":"bad"'))
    const { exit, document } = await box.json<Failure>('pull', 'bad', '--config', 'bad.json')
    expect(exit).toBe(7)
    expect(document.error.code).toBe('auth')
    expect(JSON.stringify(document)).not.toContain('notTheToken')
  })

  it('P13: is 9 for a second process on the same store, which names the first one', async () => {
    await box.faults([{ kind: 'slow', path: '/v3/catalog/products', ms: 12_000, when: 'after' }])
    const slow = box.start('pull', '--full')
    await until(async () => (await holder()) === slow.process.pid, 'the first process to hold the store')
    const { exit, document } = await box.json<Failure>('pull')
    slow.process.kill('SIGKILL')
    await slow.ended
    await box.faults([])
    expect(exit).toBe(9)
    expect(document.error.message).toContain(String(slow.process.pid))
  })

  const holder = async (): Promise<number | undefined> => {
    const { document } = await box.json<{ stores: { holder: { pid: number } | null }[] }>('status')
    return document.stores[0]?.holder?.pid
  }
})

describe('--json', () => {
  it.each([['pull'], ['status'], ['runs'], ['plans'], ['query', 'SELECT count(*) AS n FROM products']])(
    '%s prints one document on stdout and nothing else',
    async (...args) => {
      const { exit, out } = await box.skiff(...args, '--json')
      // The runs above failed on purpose, and the status says so.
      expect(exit).toBe(JSON.parse(out).exit ?? 0)
    },
  )
})

describe('explain', () => {
  it('tells why a SKU changes', async () => {
    box.write('feed.csv', `sku,price\n${first.sku},${first.price + 1}\n`)
    const { exit, out } = await box.skiff('explain', first.sku)
    expect(exit).toBe(0)
    expect(out).toContain(String(first.price + 1))
  })
})
