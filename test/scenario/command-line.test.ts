import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { createEmulator, serve } from '../../src/emulator/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { fakeIo } from '../support/cli.ts'
import { virtualClock } from '../support/virtual-clock.ts'

const emulator = createEmulator({ catalog, clock: virtualClock(), products: 30, plan: 'unlimited' })
let dir: string
let server: Awaited<ReturnType<typeof serve>>

beforeAll(async () => {
  server = await serve(emulator)
  dir = mkdtempSync(join(tmpdir(), 'skiff-cli-'))
  const main = { hash: emulator.storeHash, accessToken: 'env:T', api: server.url, settleMs: 0 }
  const prices = { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'sku' }, fields: { price: 'price' } }
  const config = { stores: { main }, sources: { feed: { type: 'csv', path: 'feed.csv' } }, syncs: { prices } }
  writeFileSync(join(dir, 'sync.config.json'), JSON.stringify(config))
})
afterAll(async () => {
  await server.close()
  rmSync(dir, { recursive: true })
})

const skiff = async (...argv: string[]) => {
  const io = fakeIo({ cwd: dir, env: { T: emulator.accessToken }, columns: 200 })
  const exit = await run(argv, io, verbs)
  const json = () => JSON.parse(io.out())
  return { exit, out: io.out(), err: io.err(), json }
}

// Each step is a command of the same story, so they stand in one test.
describe('the main job from the command line', () => {
  it('goes from pull to an empty second sync', async () => {
    expect(await skiff('status')).toMatchObject({ exit: 0, out: expect.stringContaining('no mirror yet') })
    expect(await skiff('query', 'SELECT 1')).toMatchObject({ exit: 1, err: expect.stringContaining('skiff pull main') })

    const pulled = await skiff('pull', '--json')
    expect(pulled.exit).toBe(0)
    expect(pulled.json()).toMatchObject({ run: 'r1', state: 'complete', exit: 0, requests: { write: 0 } })

    const rows = (await skiff('query', 'SELECT sku, price FROM skus', '--json')).json() as {
      sku: string
      price: number
    }[]
    const feed = rows.map(({ sku, price }, index) => `${sku},${index === 0 ? (price * 1.1).toFixed(2) : price}`)
    writeFileSync(join(dir, 'feed.csv'), `sku,price\n${feed.join('\n')}\n`)

    const planned = await skiff('plan', 'prices', '--json', '--exit-code', '--out', 'plan.html')
    expect(planned.exit, planned.err).toBe(3)
    expect(planned.json()).toMatchObject({
      plan: 'p1',
      sync: 'prices',
      run: 'r2',
      state: 'complete',
      summary: { update: 1 },
    })
    expect(readFileSync(join(dir, 'plan.html'), 'utf8')).toContain(rows[0]?.sku)
    expect((await skiff('show', 'p1', '--format', 'csv')).out).toContain(`update,store,skus,${rows[0]?.sku}`)

    expect(await skiff('push', 'p1')).toMatchObject({ exit: 3, err: expect.stringContaining('skiff push p1 --yes') })
    expect((await skiff('push', 'p1', '--yes', '--json')).json()).toMatchObject({ exit: 0, counts: { applied: 1 } })
    expect(await skiff('push', 'p1', '--yes')).toMatchObject({ exit: 1, err: expect.stringContaining('already') })

    const synced = await skiff('sync', '--json', '--yes')
    expect(synced.json()).toMatchObject({ state: 'complete', exit: 0, summary: { update: 0 }, requests: { write: 0 } })

    expect((await skiff('explain', rows[0]?.sku ?? '')).out).toContain('equal on both sides')
    expect((await skiff('plans', '--json')).json()).toHaveLength(2)
    expect((await skiff('runs')).out).toMatch(/push p1.*failed/)
    expect((await skiff('runs', 'r2', '--json')).json()).toMatchObject({ verb: 'plan', exit: 0 })
    expect((await skiff('status', '--json')).json()).toMatchObject({
      stores: [{ store: 'main', open: 0, holder: null }],
    })
  })

  it('runs every ready report', async () => {
    for (const { name: report } of (await skiff('report', '--json')).json() as { name: string }[]) {
      const { exit, err, out } = await skiff('report', report)
      expect(exit, `${report}: ${err}`).toBe(0)
      expect(out).toMatch(/\d+ rows?/)
    }
    expect(await skiff('report', 'thin-margin')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('"thin-margins"'),
    })
  })

  it('refuses what it cannot do with a hint', async () => {
    expect(await skiff('plan', 'price')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('Did you mean "prices"?'),
    })
    expect(await skiff('pull', 'mian')).toMatchObject({ exit: 2, err: expect.stringContaining('Did you mean "main"?') })
    expect(await skiff('show', 'p99')).toMatchObject({ exit: 2, err: expect.stringContaining('skiff plans') })
    expect(await skiff('query', 'DELETE FROM products')).toMatchObject({ exit: 2 })
  })
})
