import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pullStore, syncOne, undoRun, type Workspace } from '../../src/app/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { reopened, simpleProduct, writes } from '../support/shop-tools.ts'
import { openWeb, png, type Web } from '../support/web.ts'

let shop: Shop
let web: Web
let workspace: Workspace
beforeEach(() => {
  web = openWeb()
})
afterEach(() => shop.close())

const NO_LIMITS = { maxChanges: false, allChanged: false, maxCreates: false }

const configured = (images: object) => ({
  catalog: {
    store: 'main',
    resource: 'products',
    source: 'feed',
    key: { sku: 'sku' },
    fields: { name: 'Name' },
    images: { from: 'Images', list: '|', check: 'content', ...images },
    guards: NO_LIMITS,
  },
})

const open = async (images: object = {}): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants', 'product_images'] },
    syncs: configured(images),
    request: web.request,
  })
  workspace = shop.workspace
  await simpleProduct(shop, 'A', 10)
  shop.clock.advance(60_000)
  await pullStore(shop.workspace, 'main', {})
}

/** What the config says from now on. */
const configure = (check: string): void => {
  const file = join(shop.dir, 'sync.config.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"check":"\w+"/, `"check":"${check}"`))
  workspace = reopened(shop, { request: web.request })
}

const at = (name: string) => `https://cdn.example.com/${name}.png`
const put = (name: string, text = name, headers: Readonly<Record<string, string>> = {}) =>
  web.pages.set(at(name), { bytes: png(text), headers })
const feed = (...addresses: string[]) =>
  shop.feed([
    ['sku', 'Name', 'Images'],
    ['A', 'A', addresses.join('|')],
  ])
const sync = async () => {
  shop.clock.advance(60_000)
  const report = await syncOne(workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow: [] })
  return { state: report.state, ...report.parts?.[0] }
}
const mark = () => ({ log: shop.emulator.log.length, asked: web.asked.length })
const sentSince = ({ log }: ReturnType<typeof mark>) =>
  writes(shop, log).map(({ method, body }) => `${method} ${JSON.stringify(body)}`)
const askedSince = ({ asked }: ReturnType<typeof mark>) => web.asked.slice(asked)
const planOf = (id: string | null | undefined) =>
  shop.workspace.withMirror('main', (mirror) => mirror.plan(id ?? '')?.plan)
const hash = (text: string) => createHash('sha256').update(png(text)).digest('hex')
const shown = () => shop.rows('SELECT image_url FROM product_images ORDER BY sort_order').map((row) => row['image_url'])
const ids = () => shop.emulator.state.images.list().map(({ id }) => id)

describe('pictures whose content is looked at', () => {
  it('are sent once under their plain addresses; while nothing changes, the server is asked for changes only', async () => {
    await open()
    put('a', 'a', { etag: '"1"' })
    put('b', 'b', { 'last-modified': 'Mon, 02 Mar 2026 09:00:00 GMT' })
    feed(at('a'), at('b'))
    const before = mark()
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 2 } })
    expect(sentSince(before)).toEqual([
      `POST {"image_url":"${at('a')}","sort_order":0,"is_thumbnail":true}`,
      `POST {"image_url":"${at('b')}","sort_order":1}`,
    ])
    const after = mark()
    const sent = web.sent
    expect(await sync()).toMatchObject({ state: 'complete', summary: { create: 0, update: 0, unchanged: 2 } })
    expect(sentSince(after)).toEqual([])
    expect(askedSince(after)).toEqual([`${at('a')} unless "1"`, `${at('b')} unless Mon, 02 Mar 2026 09:00:00 GMT`])
    expect(web.sent).toBe(sent)
    expect(shown()).toEqual([`${at('a')}#${hash('a')}`, `${at('b')}#${hash('b')}`])
  })

  it('are the same under another name that the server gives them, and where it gives none', async () => {
    await open()
    put('a', 'a', { etag: '"1"' })
    put('b')
    feed(at('a'), at('b'))
    await sync()
    put('a', 'a', { etag: '"2"' })
    const before = mark()
    expect(await sync()).toMatchObject({ state: 'complete', summary: { create: 0, update: 0, unchanged: 2 } })
    expect(sentSince(before)).toEqual([])
    await sync()
    expect(web.asked).toContain(`${at('a')} unless "2"`)
  })

  it('are put in the place of what they were when another one lies behind the same address, under the same id', async () => {
    await open()
    for (const name of ['a', 'b', 'c']) put(name, name, { etag: `"${name}1"` })
    feed(at('a'), at('b'), at('c'))
    await sync()
    const known = ids()
    put('b', 'another', { etag: '"b2"' })
    const before = mark()
    expect(await sync()).toMatchObject({ state: 'complete', summary: { create: 0, update: 1 }, counts: { applied: 1 } })
    expect(sentSince(before)).toEqual([`PUT {"image_url":"${at('b')}"}`])
    expect(ids()).toEqual(known)
    const after = mark()
    expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, unchanged: 3 } })
    expect(sentSince(after)).toEqual([])
  })

  it('that were sent before anybody looked count as what lies there now, and the plan says so', async () => {
    await open({ check: 'address' })
    put('a')
    feed(at('a'))
    await sync()
    expect(web.asked).toEqual([])
    configure('content')
    const before = mark()
    const first = await sync()
    expect(first).toMatchObject({ state: 'complete', summary: { create: 0, update: 0, unchanged: 1 } })
    expect((await planOf(first.plan))?.notes).toContain(
      '1 were looked at behind their addresses for the first time: what lies there now counts as sent',
    )
    expect((await planOf((await sync()).plan))?.notes.join()).not.toMatch(/first time/)
    expect(sentSince(before)).toEqual([])
    put('a', 'another')
    expect(await sync()).toMatchObject({ summary: { update: 1 }, counts: { applied: 1 } })
  })

  it('are not sent again once nobody looks any more', async () => {
    await open()
    put('a')
    feed(at('a'))
    await sync()
    configure('address')
    const before = mark()
    put('a', 'another')
    expect(await sync()).toMatchObject({ state: 'complete', summary: { create: 0, update: 0, unchanged: 1 } })
    expect([sentSince(before), askedSince(before)]).toEqual([[], []])
  })
})

describe('an address that nobody can look behind', () => {
  it.each([
    ['is not there', { status: 404 }, /answers with status 404/],
    ['cannot be reached', undefined, /cannot be reached: connect ECONNREFUSED/],
    ['holds something else', { bytes: Buffer.from('<html>Please log in</html>') }, /^no picture that a store takes/],
    ['is cut', { bytes: png('a'), headers: { 'content-length': '999' } }, /is cut: 9 of 999 bytes came/],
    ['is too large', { bytes: Buffer.concat([png(''), Buffer.alloc(8 * 1024 * 1024)]) }, /larger than the 8 MB/],
  ] as const)('%s: is rejected, and its picture stays, also where others are to go', async (_what, page, reason) => {
    await open({ remove: true })
    for (const name of ['a', 'b', 'c']) put(name)
    feed(at('a'), at('b'), at('c'))
    await sync()
    if (page) web.pages.set(at('a'), page)
    else web.pages.delete(at('a'))
    feed(at('a'), at('b'))
    const before = mark()
    const report = await sync()
    expect(report).toMatchObject({
      state: 'complete-with-rejects',
      summary: { create: 0, update: 0, remove: 0, rejected: 1 },
    })
    expect((await planOf(report.plan))?.rejected).toMatchObject([
      { row: 2, column: 'Images', value: at('a'), reason: expect.stringMatching(reason) },
    ])
    expect(sentSince(before)).toEqual([])
    put('a')
    expect(await sync()).toMatchObject({ summary: { update: 0, remove: 1 } })
  })

  it('is not sent at first either, and is as soon as it can be looked at', async () => {
    await open()
    feed(at('a'))
    expect(await sync()).toMatchObject({ state: 'complete-with-rejects', summary: { create: 0, rejected: 1 } })
    put('a')
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
  })

  it('costs a run no more than a few tries, where its host does not answer at all', async () => {
    await open()
    const names = Array.from({ length: 40 }, (_, index) => at(`p${index}`))
    feed(...names)
    const report = await sync()
    expect(report).toMatchObject({ summary: { create: 0, rejected: 1 } })
    expect(web.asked.length).toBeLessThan(15)
    const rejected = (await planOf(report.plan))?.rejected
    expect(rejected).toHaveLength(40)
    expect(rejected?.at(-1)?.reason).toBe('cdn.example.com did not answer 5 times running')
  })
})

describe('a picture that changes between its plan and its push', () => {
  it('is skipped, and sent by the next plan', async () => {
    await open()
    put('a', 'first', { etag: '"1"' })
    feed(at('a'))
    const { plan } = await shop.plan({ sync: 'catalog.product_images' })
    put('a', 'second', { etag: '"2"' })
    const before = mark()
    const pushed = await shop.push(plan.plan, { sync: 'catalog.product_images' })
    expect(pushed.rows).toMatchObject([
      { state: 'skipped', reason: expect.stringMatching(/^another picture lies behind/) },
    ])
    expect(sentSince(before)).toEqual([])
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
    expect(shown()).toEqual([`${at('a')}#${hash('second')}`])
  })

  it('cannot be put back by an undo, which says so', async () => {
    await open()
    put('a', 'first')
    feed(at('a'))
    await sync()
    put('a', 'second')
    const { run } = await sync()
    const before = mark()
    const undone = await undoRun(shop.workspace, run ?? '', { store: undefined, allow: [] })
    expect(undone.plan.changes).toMatchObject([{ fields: [{ field: 'image_url', to: `${at('a')}#${hash('first')}` }] }])
    const pushed = await shop.push(undone.plan.plan, { sync: 'catalog.product_images' })
    expect(pushed.rows).toMatchObject([
      { state: 'skipped', reason: expect.stringMatching(/^another picture lies behind/) },
    ])
    expect(sentSince(before)).toEqual([])
  })
})
