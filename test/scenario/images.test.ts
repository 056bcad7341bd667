import { rmSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { configHash, explainKey, pullStore, syncOne, undoRun, verifyStore } from '../../src/app/index.ts'
import { syncText } from '../../src/cli/views/run-text.ts'
import { screenOf } from '../../src/cli/views/screen.ts'
import { push } from '../../src/engine/index.ts'
import { Crash, dying } from '../support/dying.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { elsewhere, reopened, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const PLAIN = screenOf(110, false)

const NO_LIMITS = { maxChanges: false, allChanged: false, maxCreates: false }

const open = async (images: object | string = 'Images', more: ShopOptions = {}): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { resources: ['products', 'variants', 'product_images'] },
    syncs: {
      catalog: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { sku: 'sku' },
        fields: { name: 'Name' },
        images: typeof images === 'string' ? images : { from: 'Images', list: '|', ...images },
        guards: NO_LIMITS,
      },
    },
    ...more,
  })
  for (const sku of ['A', 'B']) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
  await pullStore(shop.workspace, 'main', {})
}

const sync = async (allow: string[] = []) => {
  shop.clock.advance(60_000)
  return syncOne(shop.workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow })
}
const at = (name: string) => `https://cdn.example.com/${name}.jpg`
const urls = (names: string) => [...names].map(at).join('|')
const feed = (a: string, b = '') => shop.feed([['sku', 'Name', 'Images'], ['A', 'A', a], ...(b ? [['B', 'B', b]] : [])])
const idOf = (sku: string): number => shop.emulator.state.products.list().find((one) => one.sku === sku)?.id ?? 0
const pictures = (sku = 'A') =>
  [...shop.emulator.state.images.where('product', idOf(sku))].sort(
    (a, b) => Number(a['sort_order']) - Number(b['sort_order']) || a.id - b.id,
  )
/** Names of the pictures in the order of the shop, the thumbnail with a star. */
const shown = (sku = 'A') =>
  pictures(sku)
    .map((one) => `${/([^/]+)__\d+\.jpg$/.exec(String(one['image_file']))?.[1]}${one['is_thumbnail'] ? '*' : ''}`)
    .join(' ')
const sentSince = (mark: number) => writes(shop, mark).map(({ method, body }) => `${method} ${JSON.stringify(body)}`)
const mark = () => shop.emulator.log.length
const rejected = (plan: string) =>
  shop.workspace.withMirror('main', (mirror) => mirror.plan(plan)?.plan.rejected.map(({ reason }) => reason) ?? [])

describe('pictures by their addresses', () => {
  it('are sent once, in their order, the first as the thumbnail; a second run sends nothing', async () => {
    await open({})
    feed(urls('abc'), urls('x'))
    expect(await sync()).toMatchObject({
      state: 'complete',
      parts: [{ sync: 'catalog.product_images', counts: { applied: 4 } }],
    })
    expect([shown('A'), shown('B')]).toEqual(['a* b c', 'x*'])
    const before = mark()
    const again = await sync()
    expect(again).toMatchObject({ state: 'complete', parts: [{ summary: { create: 0, update: 0, unchanged: 4 } }] })
    expect(syncText(again, PLAIN)).toContain('Sync catalog.product_images')
    expect(syncText(again, PLAIN)).not.toMatch(/maxSourceDrop|columnShape/)
    await pullStore(shop.workspace, 'main', { full: true })
    expect(await sync()).toMatchObject({ state: 'complete' })
    expect(sentSince(before)).toEqual([])
    expect(shop.rows('SELECT image_url FROM product_images ORDER BY product_id, id')).toEqual(
      ['a', 'b', 'c', 'x'].map((name) => ({ image_url: at(name) })),
    )
  })

  it('go to products that the same run made, from all the rows of each, in the order of their positions', async () => {
    await open(
      {},
      {
        syncs: {
          catalog: {
            store: 'main',
            resource: 'products',
            source: 'feed',
            key: { name: 'Title' },
            fields: { description: 'Handle' },
            group: {
              by: 'Handle',
              options: [{ called: 'Size', value: 'Size' }],
              variants: { sku: 'SKU', price: 'Price' },
            },
            images: { from: 'Image Src', position: 'Image Position' },
            create: true,
            createDefaults: { type: 'physical', weight: 1, is_visible: false, categories: [], channels: 'default' },
            guards: NO_LIMITS,
          },
        },
      },
    )
    shop.feed([
      ['Handle', 'Title', 'Size', 'SKU', 'Price', 'Image Src', 'Image Position'],
      ['shirt', 'Shirt', 'S', 'S-S', 20, at('back'), 2],
      ['shirt', '', 'M', 'S-M', 20, at('front'), 1],
      ['shirt', '', '', '', '', at('side'), 3],
      ['shirt', '', '', '', '', at('front'), 4],
      ['mug', 'Mug', '', 'MUG', 5, '', ''],
    ])
    const report = await sync()
    const { counts, parts } = report
    expect(counts).toMatchObject({ applied: 2 })
    expect(parts?.find(({ sync: name }) => name === 'catalog.product_images')?.counts).toMatchObject({ applied: 3 })
    const variants = (more: boolean) => syncText(report, PLAIN, more).includes('Sync catalog.variants')
    expect([variants(false), variants(true)]).toEqual([false, true])
    const shirt = shop.emulator.state.products.list().find(({ name }) => name === 'Shirt')
    expect(shirt).toBeDefined()
    expect(shop.rows('SELECT image_url FROM product_images ORDER BY sort_order')).toEqual(
      ['front', 'back', 'side'].map((name) => ({ image_url: at(name) })),
    )
    const before = mark()
    expect(await sync()).toMatchObject({ state: 'complete' })
    expect(sentSince(before)).toEqual([])
  })

  it('are put in the place of those whose address changed, under the same id', async () => {
    await open({})
    feed(urls('abc'))
    await sync()
    const ids = pictures().map(({ id }) => id)
    const before = mark()
    feed([`${at('a')}?v=2`, at('n'), at('c')].join('|'))
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 0, update: 2 }, counts: { applied: 2 } }] })
    expect(pictures().map(({ id }) => id)).toEqual(ids)
    expect(shown()).toBe('a* n c')
    expect(sentSince(before)).toEqual([`PUT {"image_url":"${at('n')}"}`, `PUT {"image_url":"${at('a')}?v=2"}`])
    const after = mark()
    await sync()
    expect(sentSince(after)).toEqual([])
  })

  it('are moved in as few requests as possible, and new ones go where they belong', async () => {
    await open({})
    feed(urls('abcd'))
    await sync()
    let before = mark()
    feed(urls('dabc'))
    await sync()
    expect(shown()).toBe('d* a b c')
    expect(sentSince(before)).toHaveLength(1)
    before = mark()
    feed(urls('daebc'))
    await sync()
    expect(shown()).toBe('d* a e b c')
    const after = mark()
    await sync()
    expect(sentSince(after)).toEqual([])
  })

  it('leaves the pictures of the shop alone, and those that the feed no longer names', async () => {
    await open({})
    feed(urls('ab'))
    await sync()
    await elsewhere(shop, 'POST', `/v3/catalog/products/${idOf('A')}/images`, {
      image_url: 'https://shop.example/own.jpg',
    })
    feed(urls('a'))
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 0, update: 0, remove: 0 } }] })
    expect(shown()).toBe('a* b own')
  })

  it('takes out what we sent and the feed no longer names, where it is told to', async () => {
    await open({ remove: true })
    feed(urls('ab'))
    await sync()
    await elsewhere(shop, 'POST', `/v3/catalog/products/${idOf('A')}/images`, {
      image_url: 'https://shop.example/own.jpg',
    })
    feed(urls('a'))
    expect(await sync()).toMatchObject({ parts: [{ state: 'blocked' }] })
    expect(await sync(['maxDeletes=5'])).toMatchObject({ parts: [{ summary: { remove: 1 }, counts: { applied: 1 } }] })
    expect(shown()).toBe('a* own')
    expect(await sync()).toMatchObject({ state: 'complete', parts: [{ summary: { remove: 0 } }] })
  })

  it('are left alone by a run that comes before the store need show them', async () => {
    let stale = false
    await open(
      {},
      {
        // A reading that is served by a copy of the store from before the pictures came.
        fetch: (inner) =>
          (async (url: string, init: { method: string }) => {
            const answer = await inner(url, init as never)
            if (!(stale && init.method === 'GET' && url.includes('images'))) return answer
            const body = JSON.parse(new TextDecoder().decode(await answer.arrayBuffer()))
            const data = body.data.map((product: object) => ({ ...product, images: [] }))
            return new Response(JSON.stringify({ ...body, data }), { status: answer.status })
          }) as never,
      },
    )
    feed(urls('ab'))
    await sync()
    stale = true
    const before = mark()
    const report = await syncOne(shop.workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow: [] })
    expect(report.parts).toMatchObject([{ state: 'complete', summary: { create: 0, unchanged: 2 } }])
    expect(sentSince(before)).toEqual([])
    stale = false
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 0, update: 0, unchanged: 2 } }] })
    expect(shown()).toBe('a* b')
  })

  it('sends again what somebody took out of the store', async () => {
    await open({})
    feed(urls('ab'))
    await sync()
    await elsewhere(shop, 'DELETE', `/v3/catalog/products/${idOf('A')}/images/${pictures()[1]?.id}`)
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 1 } }] })
    expect(shown()).toBe('a* b')
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 0, unchanged: 2 } }] })
  })

  it('puts the thumbnail back to the first, unless it is left to the shop', async () => {
    await open({ thumbnail: false })
    feed(urls('ab'))
    await sync()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${idOf('A')}/images/${pictures()[1]?.id}`, {
      is_thumbnail: true,
    })
    await sync()
    expect(shown()).toBe('a b*')
    shop.close()
    await open({})
    feed(urls('ab'))
    await sync()
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${idOf('A')}/images/${pictures()[1]?.id}`, {
      is_thumbnail: true,
    })
    await sync()
    expect(shown()).toBe('a* b')
  })
})

describe('a store that has pictures already', () => {
  const add = (name: string) =>
    elsewhere(shop, 'POST', `/v3/catalog/products/${idOf('A')}/images`, { image_url: at(name) })

  it('has those that keep the name of the feed recognised, and sent never again', async () => {
    await open({})
    await add('front')
    await add('own')
    feed([at('front'), at('side')].join('|'))
    const before = mark()
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 1, update: 0 } }] })
    expect(sentSince(before)).toHaveLength(1)
    expect(shown()).toBe('front* own side')
    const after = mark()
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 0, unchanged: 2 } }] })
    expect(sentSince(after)).toEqual([])
  })

  it('gets none where nobody can tell whether they are there, until somebody says that they are others', async () => {
    await open({})
    await add('front')
    feed(at('hero'))
    const report = await sync()
    expect(report).toMatchObject({ state: 'complete-with-rejects', parts: [{ summary: { create: 0, rejected: 1 } }] })
    expect(await rejected(report.parts?.[0]?.plan ?? '')).toEqual([
      expect.stringMatching(/^the store has 1 of its own, such as f\/front__\d+\.jpg, and whether this is one of them/),
    ])
    expect(shown()).toBe('front*')
    shop.close()
    await open({ beside: true })
    await add('front')
    feed(at('hero'))
    expect(await sync()).toMatchObject({ parts: [{ counts: { applied: 1 } }] })
    expect(shown()).toBe('front hero*')
  })

  it('gets none twice where the memory of what was sent is lost', async () => {
    await open({})
    feed(urls('abc'))
    await sync()
    rmSync(`${shop.dir}/.skiff/main.db`)
    const before = mark()
    await pullStore(shop.workspace, 'main', {})
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 0, update: 0, unchanged: 3 } }] })
    expect(sentSince(before)).toEqual([])
    feed(urls('cab'))
    await sync()
    expect(shown()).toBe('c* a b')
  })
})

describe('an address that cannot be', () => {
  it('is rejected alone: too long, not of the web, or where nothing can be downloaded', async () => {
    await open({})
    feed([at('a'), at('x'.repeat(260)), 'ftp://cdn.example.com/b.jpg', 'https://nobody.invalid/c.jpg'].join('|'))
    const report = await sync()
    const [images] = report.parts ?? []
    expect(images).toMatchObject({ summary: { rejected: 1 }, counts: { applied: 1, failed: 1 } })
    expect(await rejected(images?.plan ?? '')).toEqual([
      'longer than 255 characters',
      'no address that a store can fetch',
    ])
    expect(images?.rows.find(({ state }) => state === 'failed')?.reason).toMatch(/could not be downloaded/)
    expect(shown()).toBe('a*')
  })

  it('is taken under the base that the config names', async () => {
    await open({ base: 'https://shop.example/media', list: ',' })
    feed('/m/h/mh 01.jpg, b.jpg')
    await sync()
    expect(shop.rows('SELECT image_url FROM product_images ORDER BY id')).toEqual([
      { image_url: 'https://shop.example/media/m/h/mh%2001.jpg' },
      { image_url: 'https://shop.example/media/b.jpg' },
    ])
  })
})

describe('a picture whose request is not answered', () => {
  const lossy = (kind: 'lost' | 'never') => {
    let left = 1
    return (inner: Shop['emulator']['fetch']) =>
      (async (url: string, init: { method: string }) => {
        if (!(left > 0 && init.method !== 'GET' && /\/images(\/\d+)?$/.test(url))) return inner(url, init)
        left -= 1
        if (kind === 'lost') await inner(url, init)
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
      }) as never
  }

  it('is found by its file, and not sent again', async () => {
    await open({}, { fetch: lossy('lost') as never })
    feed(urls('abc'))
    expect(await sync()).toMatchObject({ parts: [{ counts: { applied: 3 } }] })
    expect(shown()).toBe('a* b c')
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 0, update: 0, unchanged: 3 } }] })
  })

  it('is sent again where the store never got it', async () => {
    await open({}, { fetch: lossy('never') as never })
    feed(urls('abc'))
    expect(await sync()).toMatchObject({ parts: [{ counts: { applied: 3 } }] })
    expect(shown()).toBe('a* b c')
  })

  it('is not put in its place twice either', async () => {
    await open({})
    feed(urls('ab'))
    await sync()
    const broken = openAgain(lossy('lost') as never)
    feed(urls('an'))
    const before = mark()
    shop.clock.advance(60_000)
    const report = await syncOne(broken, 'catalog', { approvedBy: 'test', dryRun: false, allow: [] })
    expect(report).toMatchObject({ parts: [{ counts: { applied: 1 } }] })
    expect(sentSince(before)).toHaveLength(1)
    await sync()
    expect(sentSince(before)).toHaveLength(1)
  })
})

const openAgain = (wrap: (inner: Shop['emulator']['fetch']) => never) =>
  reopened(shop, { fetch: wrap(shop.emulator.fetch) })

describe('a run that is killed while pictures are sent', () => {
  // The journal is written when a plan is approved, before each request, and after it.
  it.each([
    ['before the first request', 2, 'after'],
    ['between the first request and what became of it', 3, 'before'],
    ['between two pictures', 3, 'after'],
    ['between the last request and what became of it', 5, 'before'],
  ] as const)('%s leaves none twice', async (_when, call, when) => {
    await open({})
    feed(urls('ab'))
    const name = 'catalog.product_images'
    const { plan } = await shop.plan({ sync: name })
    const { workspace } = shop
    const spec = workspace.sync(name)
    const killed = workspace.withStore('main', 'push', (side) =>
      push(
        workspace.context,
        { ...side, mirror: dying(side.mirror, call, when) },
        spec,
        plan.plan,
        {
          approvedBy: 'test',
          allowed: new Map(),
          only: null,
          source: workspace.source(spec),
          configHash: configHash(workspace.settings, spec),
        },
        'r99',
      ),
    )
    await expect(killed).rejects.toThrow(Crash)
    // What is found in the store is given time to settle before anything is added to it.
    await sync()
    await sync()
    expect(shown()).toBe('a* b')
    expect(writes(shop).filter(({ path }) => path.endsWith('/images'))).toHaveLength(2)
  })
})

describe('what became of pictures', () => {
  it('is in step by verify where others took the place of the thumbnail, or of one that the feed no longer names', async () => {
    await open({ thumbnail: true })
    feed(urls('ab'), urls('c'))
    await sync()
    // Only now is it agreed on which the first is.
    await sync()
    feed(urls('dab'), urls('e'))
    await sync()
    await sync()
    expect(shown()).toBe('d* a b')
    shop.clock.advance(60_000)
    const { exit, rows } = await verifyStore(shop.workspace, 'main', { syncs: ['catalog.product_images'] })
    expect({ exit, rows: rows.map(({ cause, field }) => `${cause} ${field}`) }).toEqual({ exit: 0, rows: [] })
  })

  it('is in step by verify, which knows no address of the store, and tells of one that was moved or taken out', async () => {
    await open({})
    feed(urls('ab'), urls('c'))
    await sync()
    await sync()
    const drift = async () => {
      shop.clock.advance(60_000)
      const { exit, rows } = await verifyStore(shop.workspace, 'main', { syncs: ['catalog.product_images'] })
      return { exit, rows: rows.map(({ cause, field }) => `${cause} ${field}`) }
    }
    expect(await drift()).toEqual({ exit: 0, rows: [] })
    await elsewhere(shop, 'DELETE', `/v3/catalog/products/${idOf('B')}/images/${pictures('B')[0]?.id}`)
    expect(await drift()).toEqual({ exit: 5, rows: ['missing-in-store null'] })
  })

  it('is explained, and undone as far as the API can', async () => {
    await open({})
    feed(urls('ab'))
    await sync()
    feed(urls('an'))
    const report = await sync()
    const undone = await undoRun(shop.workspace, report.parts?.[0]?.run ?? '', { store: undefined, allow: [] })
    expect(undone.plan.changes).toMatchObject([{ action: 'update', fields: [{ field: 'image_url', to: at('b') }] }])
    expect(await explainKey(shop.workspace, 'A', undefined)).not.toEqual([])
  })
})

describe('the undo of pictures', () => {
  it('leaves a picture alone whose former one was put beside it since', async () => {
    await open({})
    feed(urls('ab'))
    await sync()
    feed(urls('an'))
    const report = await sync()
    feed(urls('anb'))
    await sync()
    const { plan } = await undoRun(shop.workspace, report.parts?.[0]?.run ?? '', { store: undefined, allow: [] })
    expect(plan.changes).toEqual([])
    expect(plan.rejected.map(({ reason }) => reason)).toEqual([
      `another of its product_images is ${JSON.stringify(at('b'))} by now`,
    ])
  })
})

describe('alternative texts', () => {
  const described = (more: object) => ({
    syncs: {
      catalog: {
        store: 'main',
        resource: 'products',
        source: 'feed',
        key: { sku: 'sku' },
        fields: { name: 'Name' },
        images: { from: ['Main', 'More'], alt: ['Main alt', 'More alt'], list: '|', ...more },
        guards: NO_LIMITS,
      },
    },
  })
  const told = (...cells: string[]) =>
    shop.feed([
      ['sku', 'Name', 'Main', 'Main alt', 'More', 'More alt'],
      ['A', 'A', ...cells],
    ])
  const texts = () => pictures().map(({ description }) => description)

  it('go with their pictures, and alone when only they change', async () => {
    await open({}, described({}))
    told(at('a'), 'Front | left', urls('bc'), 'Back|Side')
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 3 }, counts: { applied: 3 } }] })
    expect(texts()).toEqual(['Front | left', 'Back', 'Side'])
    const before = mark()
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 0, update: 0, unchanged: 3 } }] })
    expect(sentSince(before)).toEqual([])
    told(at('a'), 'Front', urls('bc'), 'Back|Side')
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 0, update: 1 }, counts: { applied: 1 } }] })
    expect(sentSince(before)).toEqual(['PUT {"description":"Front"}'])
    const after = mark()
    expect(await sync()).toMatchObject({ parts: [{ summary: { update: 0, unchanged: 3 } }] })
    expect(sentSince(after)).toEqual([])
  })

  it('that are blank, or cannot be told apart, say nothing of what the store has', async () => {
    await open({}, described({}))
    told(at('a'), 'Front', urls('bc'), 'Back|Side')
    await sync()
    const before = mark()
    told(at('a'), '', urls('bc'), 'Back, seen from below|with the cord|Side')
    expect(await sync()).toMatchObject({ parts: [{ summary: { create: 0, update: 0, unchanged: 3 } }] })
    expect([sentSince(before), texts()]).toEqual([[], ['Front', 'Back', 'Side']])
  })

  it('that somebody changed in the store are put back, because the source owns them', async () => {
    await open({}, described({}))
    told(at('a'), 'Front', '', '')
    await sync()
    const path = `/v3/catalog/products/${idOf('A')}/images/${pictures()[0]?.id}`
    await elsewhere(shop, 'PUT', path, { description: 'Changed' })
    expect(await sync()).toMatchObject({ parts: [{ summary: { update: 1 }, counts: { applied: 1 } }] })
    expect(texts()).toEqual(['Front'])
  })

  it('need a column for each that holds addresses', async () => {
    await expect(open({}, described({ alt: 'Main alt' }))).rejects.toThrow(
      'needs a column for each of "from", which names 2.',
    )
  })
})
