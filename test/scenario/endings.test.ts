import { afterEach, describe, expect, it } from 'vitest'
import { openJobBook, runJob, type Status } from '../../src/app/index.ts'
import { InterruptedError, isoTime } from '../../src/model/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import type { JobShop } from '../support/job-shop.ts'
import { feedMugs, openMugShop, statusOf, syncMugs } from '../support/mug-shop.ts'
import { elsewhere } from '../support/shop-tools.ts'

let shop: JobShop
/** What lies between the client and the store. */
let between: ((inner: Fetch, ...request: Parameters<Fetch>) => ReturnType<Fetch>) | null = null
afterEach(() => {
  between = null
  shop.close()
})

const open = async (jobs: object = {}): Promise<void> => {
  const fetch =
    (inner: Fetch): Fetch =>
    (url, init) =>
      between ? between(inner, url, init) : inner(url, init)
  shop = await openMugShop(jobs, { fetch })
}

const DAY = 24 * 3_600_000

/** Everything that the status says, and that its verdict fits to it. */
const told = (status: Status): string => {
  const verdict = status.wrong.length ? 'wrong' : status.open.length ? 'open' : 'well'
  expect(status.verdict).toBe(verdict)
  expect(status.exit).toBe({ well: 0, open: 5, wrong: 1 }[verdict])
  return [verdict, ...status.wrong, ...status.open].join('\n')
}

describe('a sync that ends', () => {
  it('complete is green only when every planned row was applied', async () => {
    await open()
    feedMugs(shop, 11)
    const report = await syncMugs(shop)
    expect(report).toMatchObject({ state: 'complete', exit: 0, open: { rows: 0, since: null } })
    expect(report.counts).toEqual({ applied: report.summary.update, skipped: 0, failed: 0, held: 0 })
    expect(told(await statusOf(shop))).toBe('well')
  })

  it('with rejected rows says so, and the status is open', async () => {
    await open()
    feedMugs(shop, 11, { 'MUG-07': 'ten' })
    expect(await syncMugs(shop)).toMatchObject({ state: 'complete-with-rejects', exit: 0, open: { rows: 1 } })
    expect(told(await statusOf(shop))).toMatch(/^open\nmain: sync prices has 1 row open, the oldest since 2026/)
  })

  it('with a held row is partial, and the status is open', async () => {
    await open()
    feedMugs(shop, 11, { 'MUG-07': 0 })
    expect(await syncMugs(shop)).toMatchObject({ state: 'partial', exit: 5, counts: { applied: 39, held: 1 } })
    expect(told(await statusOf(shop))).toMatch(/^open\nmain: sync prices has 1 row open/)
  })

  it('is told by a dry run as it would be: rows that a guard holds are open', async () => {
    await open()
    feedMugs(shop, 11, { 'MUG-07': 0 })
    expect(await syncMugs(shop, { dryRun: true })).toMatchObject({ state: 'partial', exit: 5, requests: { write: 0 } })
  })

  it('with a row that the store refused is partial, and the status is open', async () => {
    await open()
    feedMugs(shop, 11)
    const { id } = shop.emulator.state.products.list()[6] ?? {}
    between = async (inner, url, init) =>
      init.method === 'PUT' && String(init.body).includes(`"id":${id},`)
        ? inner(url, { ...init, body: String(init.body).replace(`"id":${id},`, `"id":${id},"name":"",`) })
        : inner(url, init)
    expect(await syncMugs(shop)).toMatchObject({ state: 'partial', exit: 5, counts: { applied: 39, failed: 1 } })
    expect(told(await statusOf(shop))).toMatch(/^open\nmain: sync prices has 1 row open/)
  })

  it('blocked by a guard leaves the status wrong', async () => {
    await open()
    feedMugs(shop, 1000)
    expect(await syncMugs(shop)).toMatchObject({ state: 'blocked', exit: 4 })
    expect(told(await statusOf(shop))).toMatch(/^wrong\nmain: sync prices ended blocked; see `skiff runs r\d+`$/)
  })

  it('waiting leaves the status open, also after the plan has expired', async () => {
    await open()
    feedMugs(shop, 11)
    const { plan } = await syncMugs(shop, { approvedBy: null })
    expect(told(await statusOf(shop))).toBe(`open\nmain: plan ${plan} of prices waits; see \`skiff show ${plan}\``)
    shop.clock.advance(2 * DAY)
    expect(told(await statusOf(shop))).toMatch(
      /^open\nmain: plan p1 of prices waited for approval and expired at 2026-03-03T/,
    )
  })

  it('with a refused source leaves the status wrong', async () => {
    await open()
    shop.feed([['sku', 'cost']])
    await expect(syncMugs(shop)).rejects.toMatchObject({ exit: 6 })
    expect(told(await statusOf(shop))).toMatch(/^wrong\nmain: sync prices ended failed; /)
  })

  it('N26: after a pull that did not bring every row is no green one, and nothing is planned', async () => {
    await open()
    feedMugs(shop, 11)
    shop.clock.advance(2 * DAY)
    await elsewhere(shop, 'GET', '/v3/catalog/products')
    between = async (inner, url, init) => {
      const response = await inner(url, init)
      if (!url.includes('/v3/catalog/products?') || !url.includes('limit=250')) return response
      const body = JSON.parse(Buffer.from(await response.arrayBuffer()).toString())
      const bytes = Buffer.from(JSON.stringify({ ...body, data: body.data.slice(1) }))
      return { ...response, status: 200, headers: new Headers(), arrayBuffer: async () => new Uint8Array(bytes).buffer }
    }
    await expect(syncMugs(shop)).rejects.toMatchObject({ exit: 1 })
    between = null
    expect(shop.rows('SELECT * FROM sync_plan')).toEqual([])
    expect(told(await statusOf(shop))).toMatch(/^wrong\n/)
  })

  it('P6: because it was stopped is interrupted, and the status is wrong until it was finished', async () => {
    await open()
    feedMugs(shop, 11)
    const stop = new AbortController()
    between = async (inner, url, init) => {
      if (init.method === 'PUT') stop.abort(new InterruptedError('stopped'))
      return inner(url, init)
    }
    const report = await syncMugs({ ...shop, open: () => shop.open({ signal: stop.signal }) })
    between = null
    expect(report).toMatchObject({ state: 'interrupted', exit: 8 })
    const text = told(await statusOf(shop))
    expect(text).toMatch(/^wrong\nmain: sync prices ended interrupted; see `skiff runs r\d+`/)
    expect(text).toMatch(/rows of plan p1 of prices were not sent; `skiff push p1` sends them/)
    await shop.push('p1')
    expect(told(await statusOf(shop))).toBe('well')
  })

  it('because its process was killed is told as cut short', async () => {
    await open()
    await shop.workspace.withStore('main', 'sync prices', async ({ mirror }) => {
      const started = isoTime(shop.clock.now())
      const record = { run: mirror.nextRunId(), verb: 'sync', what: 'prices', started } as const
      mirror.saveRun({ ...record, finished: null, state: 'running', exit: null, report: null })
    })
    expect(told(await statusOf(shop))).toMatch(/^wrong\nmain: sync prices was cut short \(r\d+\)$/)
    await shop.pull()
    expect(told(await statusOf(shop))).toMatch(/^wrong\nmain: sync prices ended interrupted/)
  })
})

describe('a push that ends', () => {
  it('with rows that a guard had held in its plan is no green one', async () => {
    await open()
    feedMugs(shop, 11, { 'MUG-07': 0 })
    const { plan } = await shop.plan()
    expect(await shop.push(plan.plan)).toMatchObject({ state: 'partial', exit: 5, counts: { applied: 39 } })
  })

  it('early leaves the status wrong, with the command that finishes it', async () => {
    await open()
    feedMugs(shop, 11)
    const { plan } = await shop.plan()
    shop.emulator.faults.set([{ kind: 'status', status: 401, method: 'PUT' }])
    expect(await shop.push(plan.plan)).toMatchObject({ state: 'failed', exit: 7, error: { code: 'auth' } })
    shop.emulator.faults.clear()
    const text = told(await statusOf(shop))
    expect(text).toMatch(/^wrong\nmain: push p1 ended failed; see `skiff runs r\d+`/)
    expect(text).toMatch(/`skiff push p1` sends them/)
    await shop.push(plan.plan)
    expect(told(await statusOf(shop))).toBe('well')
  })

  it('before it began leaves the status as it was', async () => {
    await open()
    feedMugs(shop, 11)
    const { plan } = await shop.plan()
    await shop.push(plan.plan)
    await expect(shop.push(plan.plan)).rejects.toMatchObject({ code: 'stale_plan' })
    expect(told(await statusOf(shop))).toBe('well')
  })
})

describe('a push that waits for the store', () => {
  const told = (): string => shop.progress.flatMap((one) => (one.kind === 'step' ? [one.text] : [])).join('\n')

  it('says why and until when, after a request that got no answer', async () => {
    await open()
    feedMugs(shop, 11)
    const { plan } = await shop.plan()
    shop.emulator.faults.set([{ kind: 'drop', when: 'before', method: 'PUT', times: 1 }])
    const from = shop.clock.now()
    expect(await shop.push(plan.plan)).toMatchObject({ state: 'complete', counts: { applied: 40 } })
    expect(shop.clock.now() - from).toBeGreaterThan(75_000)
    expect(told()).toMatch(
      /\d+ changes got no answer\. The store may still carry them out, up to 75 s after they left, so it is asked again at 2026-03-02T09:0\d:\d\dZ, in 7\d s/,
    )
  })

  it('says why and until when, while the first rows do not show yet', async () => {
    await open()
    shop.configure((config) => {
      config.syncs.prices.guards.canary = 1
    })
    feedMugs(shop, 11)
    // A store that says yes and keeps nothing.
    between = async (inner, url, init) => {
      if (init.method !== 'PUT') return inner(url, init)
      return new Response(JSON.stringify({ data: JSON.parse(String(init.body ?? '[]')), meta: {} }), { status: 200 })
    }
    expect(await syncMugs(shop)).toMatchObject({ state: 'blocked', exit: 4 })
    expect(told()).toMatch(
      /prices: the store does not show the first rows yet, .*; waiting until 2026-03-02T09:0\d:\d\dZ at most, \d+ s more, before the others are sent/,
    )
  })
})

describe('a job that was killed', () => {
  it('is told by the status until it ran again', async () => {
    await open({ nightly: { steps: ['sync prices'], approve: 'auto' } })
    feedMugs(shop, 11)
    openJobBook(shop.workspace.settings, 'nightly').begin({ scheduled: null, started: isoTime(shop.clock.now()) })
    expect(told(await statusOf(shop))).toBe('wrong\njob nightly was cut short (nightly-1); run `skiff run nightly`')
    await runJob(shop.open(), 'nightly')
    expect(told(await statusOf(shop))).toBe('well')
  })
})

describe('rows that stay open', () => {
  it('U16: are counted in each summary, with the time since which the oldest is', async () => {
    await open()
    feedMugs(shop, 11, { 'MUG-07': 'ten' })
    const first = await syncMugs(shop)
    const { since } = first.open
    expect(since).toBe(isoTime(shop.clock.now()).slice(0, 17) + String(since).slice(17))
    shop.clock.advance(3 * DAY)
    feedMugs(shop, 11, { 'MUG-07': 0, 'MUG-08': 'x' })
    expect((await syncMugs(shop)).open).toEqual({ rows: 2, since })
    expect(shop.rows('SELECT key, state FROM sync_open_row ORDER BY key')).toEqual([
      { key: 'mug-07', state: 'held' },
      { key: 'mug-08', state: 'rejected' },
    ])
    feedMugs(shop, 11)
    expect((await syncMugs(shop)).open).toEqual({ rows: 0, since: null })
  })

  it('U16: a row that failed stays open until it was applied', async () => {
    await open()
    feedMugs(shop, 11)
    const { id } = shop.emulator.state.products.list()[6] ?? {}
    between = async (inner, url, init) =>
      init.method === 'PUT' && String(init.body).includes(`"id":${id},`)
        ? inner(url, { ...init, body: String(init.body).replace(`"id":${id},`, `"id":${id},"name":"",`) })
        : inner(url, init)
    const { open: first } = await syncMugs(shop)
    shop.clock.advance(DAY)
    expect((await syncMugs(shop)).open).toEqual({ rows: 1, since: first.since })
    shop.clock.advance(DAY)
    // A plan that waits leaves it open: nothing was written yet.
    expect((await syncMugs(shop, { approvedBy: null })).open).toEqual({ rows: 1, since: first.since })
    between = null
    expect((await syncMugs(shop)).open).toEqual({ rows: 0, since: null })
  })

  it('U16: a blocked feed does not make them forgotten', async () => {
    await open()
    feedMugs(shop, 11, { 'MUG-07': 'ten' })
    const { open: first } = await syncMugs(shop)
    feedMugs(shop, 1000)
    expect(await syncMugs(shop)).toMatchObject({ state: 'blocked', open: first })
  })
})
