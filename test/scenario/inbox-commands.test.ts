import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { createEmulator, serve } from '../../src/emulator/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { fakeIo } from '../support/cli.ts'
import { elsewhere } from '../support/shop-tools.ts'
import { virtualClock } from '../support/virtual-clock.ts'

const clock = virtualClock()
const emulator = createEmulator({ catalog, clock, products: 0, plan: 'unlimited' })
const SKUS = ['TEA-1', 'TEA-2', 'TEA-3', 'TEA-4']
const GUARDS = { maxChanges: false, allChanged: false, maxConflicts: false, priceScale: false }
let dir: string
let server: Awaited<ReturnType<typeof serve>>

beforeAll(async () => {
  server = await serve(emulator)
  dir = mkdtempSync(join(tmpdir(), 'skiff-inbox-'))
  const main = { hash: emulator.storeHash, accessToken: 'env:T', api: server.url, settleMs: 0 }
  const of = { store: 'main', resource: 'products', source: 'erp', key: { sku: 'SKU' }, guards: GUARDS }
  const config = {
    stores: { main },
    sources: { erp: { type: 'csv', path: 'erp.csv', write: true } },
    syncs: {
      names: { ...of, fields: { name: { from: 'Name', owner: 'both' } } },
      weights: { ...of, fields: { weight: { from: 'Weight', owner: 'both' } } },
      prices: { ...of, fields: { price: 'Price' } },
    },
    jobs: { nightly: { steps: ['pull main', 'sync names', 'sync prices'], approve: 'auto' } },
  }
  writeFileSync(join(dir, 'sync.config.json'), JSON.stringify(config))
  for (const sku of SKUS)
    await elsewhere({ emulator }, 'POST', '/v3/catalog/products', {
      name: sku,
      type: 'physical',
      weight: 1,
      price: 10,
      sku,
    })
  clock.advance(60_000)
})
afterAll(async () => {
  await server.close()
  rmSync(dir, { recursive: true })
})

const write = (first: string) =>
  writeFileSync(
    join(dir, 'erp.csv'),
    `SKU,Name,Weight,Price\n${[first, ...SKUS.slice(1).map((sku) => `${sku},${sku},1,10`)].join('\n')}\n`,
  )
const product = () => emulator.state.products.where('sku', 'tea-1')[0]

const skiff = async (...argv: string[]) => {
  const io = fakeIo({ cwd: dir, env: { T: emulator.accessToken }, columns: 160 })
  const exit = await run(argv, io, verbs)
  return { exit, out: io.out(), err: io.err(), json: () => JSON.parse(io.out()) }
}

// Each step is a command of the same story, so they stand in one test.
describe('the inbox from the command line', () => {
  it('lists conflicts, takes decisions, and undoes runs', async () => {
    write('TEA-1,TEA-1,1,10')
    expect((await skiff('sync', '--yes')).exit).toBe(0)
    expect(await skiff('conflicts')).toMatchObject({ exit: 0, out: 'No conflict is open.\n' })
    expect((await skiff('conflicts', '--json')).json()).toEqual([])
    expect(await skiff('conflicts', 'nams')).toMatchObject({ exit: 2, err: expect.stringContaining('names') })

    clock.advance(60_000)
    await elsewhere({ emulator }, 'PUT', `/v3/catalog/products/${product()?.id}`, { name: 'Assam', weight: 2 })
    write('TEA-1,Ceylon,3,10')
    expect((await skiff('pull')).exit).toBe(0)
    const planned = await skiff('plan', 'names')
    expect(planned).toMatchObject({ exit: 0, out: expect.stringContaining('See 1 conflict: skiff conflicts names') })
    await skiff('plan', 'weights')

    const listed = await skiff('conflicts', 'names')
    expect(listed.exit).toBe(5)
    expect(listed.out).toMatch(/^id +sync +key +field +last agreed +store +source +since \(UTC\) +plan$/m)
    expect(listed.out).toMatch(/^c1 +names +TEA-1 Assam +name +TEA-1 +Assam \(.{16}\) +Ceylon \(.{16}\) +.{16} +p\d+$/m)
    expect(listed.out).toContain('Next: skiff resolve c1 --take store, source, or another value')
    expect((await skiff('conflicts', '--json')).json()).toMatchObject([
      { id: 'c1', store: 'main', sync: 'names', next: 'skiff resolve c1 --take store' },
      { id: 'c2', sync: 'weights' },
    ])

    expect(await skiff('resolve', 'c1')).toMatchObject({ exit: 2, err: expect.stringContaining('take') })
    expect(await skiff('resolve', 'c1', 'c2', '--take', 'store')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('these are conflicts of several syncs: c1 of names, c2 of weights'),
    })
    const resolved = await skiff('resolve', 'c1', '--take', 'Oolong')
    expect(resolved.exit).toBe(0)
    expect(resolved.out).toContain('c1 TEA-1: name is to be Oolong')
    const [, plan = ''] = /Next: skiff push (p\d+)/.exec(resolved.out) ?? []
    expect(resolved.out).toContain(`Plan ${plan} (resolve c1): sync names, store main`)

    const decided = await skiff('conflicts', 'names')
    expect(decided.exit).toBe(5)
    expect(decided.out).toContain(`c1 is decided: Oolong, by ${userInfo().username} at `)
    expect(decided.out).toContain(`To carry out what is decided: skiff push ${plan}`)
    expect((await skiff('push', plan, '--yes')).exit).toBe(0)
    expect([product()?.name, readFileSync(join(dir, 'erp.csv'), 'utf8')]).toEqual([
      'Oolong',
      expect.stringContaining('TEA-1,Oolong,3,10'),
    ])
    expect((await skiff('conflicts', 'names')).exit).toBe(0)
    expect((await skiff('resolve', 'c2', '--take', 'store', '--json')).json()).toMatchObject({
      state: 'complete',
      decided: [{ conflict: 'c2', value: '2' }],
      plan: expect.stringMatching(/^p\d+$/),
    })
    expect((await skiff('runs')).out).toContain('resolve weights')

    write('TEA-1,Oolong,2,11')
    const nightly = await skiff('run', 'nightly', '--json')
    expect([nightly.exit, product()?.price]).toEqual([0, 11])
    const undone = await skiff('undo', nightly.json().run)
    expect(undone.exit).toBe(0)
    expect(undone.out).toMatch(/Plan p\d+ \(undo r\d+\): sync prices, store main/)
    expect(undone.out).toContain('price  11 -> 10')
    const [, back = ''] = /Next: skiff push (p\d+)/.exec(undone.out) ?? []
    expect((await skiff('push', back, '--yes')).exit).toBe(0)
    expect(product()?.price).toBe(10)
    const before = emulator.log.length
    expect((await skiff('run', 'nightly')).exit).toBe(0)
    expect(emulator.log.length).toBe(before)
    expect(await skiff('undo', 'nightly-2')).toMatchObject({ exit: 2, err: expect.stringContaining('wrote nothing') })
    expect(await skiff('undo', 'nightly-9')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('no run nightly-9'),
    })

    write('TEA-1,Sencha,2,11.4')
    const both = await skiff('run', 'nightly', '--json')
    expect(await skiff('undo', both.json().run)).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/in nightly-3 several runs wrote something: r\d+ \(store main\), r\d+ \(store main\)/),
    })
    clock.advance(60_000)
    await elsewhere({ emulator }, 'PUT', `/v3/catalog/products/${product()?.id}`, { price: 9 })
    await skiff('pull')
    const [{ report }] = both.json().steps.slice(-1)
    const left = await skiff('undo', report.run)
    expect(left.out).toContain('Left alone (1)')
    expect(left.out).toContain('TEA-1  price  changed since: "9" now, "11.4" was written')
  })

  it('says how an undo that a guard blocks is made to pass', async () => {
    write('TEA-1,Sencha,2,10')
    const { run: id } = (await skiff('sync', 'prices', '--yes', '--json')).json()
    expect(product()?.price).toBe(10)
    // Its price went up and down all through the story above.
    const blocked = await skiff('undo', id)
    expect(blocked).toMatchObject({ exit: 4, out: expect.stringContaining(`skiff undo ${id} --allow flap`) })
    expect((await skiff('undo', id, '--allow', 'flap')).exit).toBe(0)
  })
})
