import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Question } from '../../src/cli/io.ts'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { createEmulator, serve } from '../../src/emulator/index.ts'
import { lockStore } from '../../src/mirror/index.ts'
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

interface Price {
  readonly sku: string
  readonly price: number
}

const skiff = async (...argv: string[]) => {
  const io = fakeIo({ cwd: dir, env: { T: emulator.accessToken }, columns: 200 })
  const exit = await run(argv, io, verbs)
  const json = () => JSON.parse(io.out())
  return { exit, out: io.out(), err: io.err(), json }
}

// Each step is a command of the same story, so they stand in one test.
describe('the main job from the command line', () => {
  it('goes from pull to an empty second sync', async () => {
    expect(await skiff('status')).toMatchObject({ exit: 5, out: expect.stringContaining('no mirror yet') })
    expect(await skiff('query', 'SELECT 1')).toMatchObject({ exit: 1, err: expect.stringContaining('skiff pull main') })

    const pulled = await skiff('pull', '--json')
    expect(pulled.exit).toBe(0)
    expect(pulled.json()).toMatchObject({ run: 'r1', state: 'complete', exit: 0, requests: { write: 0 } })

    const rows = (await skiff('query', 'SELECT sku, price FROM skus', '--json')).json() as Price[]
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
    const before = emulator.requests.length
    for (const file of ['nowhere/plan.html', 'plan.doc'])
      expect(await skiff('plan', 'prices', '--out', file), file).toMatchObject({
        exit: 2,
        err: expect.not.stringContaining('stored'),
      })
    expect(emulator.requests.length).toBe(before)
  })
})

describe('a plan that changes most of what its sync owns', () => {
  it('G5: is approved at the terminal by typing the name of the store, one of few rows by a yes', async () => {
    await skiff('pull')
    const rows = (await skiff('query', 'SELECT sku, price FROM skus', '--json')).json() as Price[]
    const asked = async (changed: number) => {
      const lines = rows.map(({ sku, price }, at) => `${sku},${at < changed ? (price * 1.07).toFixed(2) : price}`)
      writeFileSync(join(dir, 'feed.csv'), `sku,price\n${lines.join('\n')}\n`)
      await skiff('plan', 'prices', '--allow', 'maxChanges', '--allow', 'allChanged')
      const plan = (await skiff('plans', '--json')).json()[0].plan
      const questions: Question[] = []
      const ask = async (question: Question) => questions.push(question) < 0
      const io = fakeIo({ cwd: dir, env: { T: emulator.accessToken }, columns: 200, ask })
      expect(await run(['push', plan], io, verbs)).toBe(3)
      return questions
    }
    expect(await asked(Math.floor(rows.length * 0.5))).toMatchObject([{ text: expect.not.stringContaining('most') }])
    const most = await asked(Math.ceil(rows.length * 0.7))
    expect(most).toMatchObject([{ word: 'main', text: expect.stringContaining('That is most of what this sync owns') }])
  })
})

describe('copies from the command line', () => {
  const config = () => JSON.parse(readFileSync(join(dir, 'sync.config.json'), 'utf8'))
  const [backups, mirror] = [() => join(dir, '.skiff', 'backups'), () => join(dir, '.skiff', 'main.db')]

  it('are made, found by their printed command, and put back', async () => {
    await skiff('pull')
    const backup = await skiff('backup')
    expect(backup).toMatchObject({ exit: 0, out: expect.stringMatching(/read back and found whole/) })
    const command = /skiff (restore \S+ --store main)/.exec(backup.out)?.[1]?.split(' ') ?? []
    expect(await skiff(...command)).toMatchObject({ exit: 3, err: expect.stringContaining('--yes') })
    expect(await skiff(...command, '--yes')).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/What was there before is .*main\.db\.before-/),
    })
    expect((await skiff('runs')).out).toMatch(/restore main/)
    expect((await skiff('pull')).exit).toBe(0)
    expect(readdirSync(backups())).toHaveLength(1)
  })

  it('go to a file or a folder that is named, and into no file that is there', async () => {
    expect((await skiff('backup', '--to', 'mine.db')).exit).toBe(0)
    expect(await skiff('backup', '--to', 'mine.db')).toMatchObject({ exit: 2, err: expect.stringMatching(/already/) })
    expect((await skiff('backup', 'main', '--to', 'away/', '--json')).json()).toMatchObject({
      store: 'main',
      path: expect.stringMatching(/away[\\/]main-\d{8}T\d{6}Z\.db$/),
      removed: [],
    })
  })

  it('are not put back when they are damaged, of another store, or the store is held', async () => {
    const bytes = readFileSync(join(dir, 'mine.db'))
    writeFileSync(join(dir, 'bad.db'), bytes.subarray(0, bytes.length / 2))
    expect(await skiff('restore', 'bad.db', '--yes')).toMatchObject({ exit: 1, err: expect.stringMatching(/damaged/) })

    const right = config()
    const other = { stores: { main: { ...right.stores.main, hash: 'another' } } }
    writeFileSync(join(dir, 'other.json'), JSON.stringify(other))
    expect(await skiff('restore', 'mine.db', '--yes', '--config', 'other.json')).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/not of another/),
    })

    const held = lockStore(mirror(), { pid: 7, host: 'there', since: 'noon', work: 'push p1' })
    try {
      expect(await skiff('restore', 'mine.db', '--yes')).toMatchObject({
        exit: 9,
        err: expect.stringMatching(/held by push p1 \(process 7 on there/),
      })
      expect((await skiff('backup', '--to', 'meanwhile.db')).exit).toBe(0)
    } finally {
      held.release()
    }
  })
})

describe('--wait', () => {
  it('P13: goes on once the store is free, and tells meanwhile who holds it', async () => {
    const held = lockStore(join(dir, '.skiff', 'main.db'), { pid: 7, host: 'there', since: 'noon', work: 'push p1' })
    let told = ''
    const stderr = {
      write: (text: string) => {
        told += text
        if (/waiting for it/.test(text)) held.release()
      },
    }
    const io = fakeIo({ cwd: dir, env: { T: emulator.accessToken }, stderr })
    expect(await run(['pull', '--wait'], io, verbs)).toBe(0)
    expect(told).toMatch(/held by push p1.*10 min at most/)
  })

  it('takes minutes, and nothing else', async () => {
    expect(await skiff('pull', '--wait', 'main')).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/takes minutes, not "main"/),
    })
  })
})
