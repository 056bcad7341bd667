import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { pullStore, syncOne } from '../../src/app/index.ts'
import { openShop, type Shop, type ShopOptions } from '../support/shop.ts'
import { elsewhere, reopened, simpleProduct, writes } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const NO_LIMITS = { maxChanges: false, allChanged: false, maxCreates: false }

const open = async (images: object = {}, more: ShopOptions = {}): Promise<void> => {
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
        images: { from: 'Images', list: '|', ...images },
        guards: NO_LIMITS,
      },
    },
    ...more,
  })
  mkdirSync(join(shop.dir, 'photos'))
  await simpleProduct(shop, 'A', 10)
  shop.clock.advance(60_000)
  await pullStore(shop.workspace, 'main', {})
}

const png = (text: string) => Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), Buffer.from(text)])
const save = (name: string, bytes: Uint8Array | string = png(name)) =>
  writeFileSync(join(shop.dir, 'photos', `${name}.png`), bytes)
const feed = (...paths: string[]) =>
  shop.feed([
    ['sku', 'Name', 'Images'],
    ['A', 'A', paths.join('|')],
  ])
const at = (name: string) => `photos/${name}.png`
const sync = async (workspace = shop.workspace, allow: string[] = []) => {
  shop.clock.advance(60_000)
  const report = await syncOne(workspace, 'catalog', { approvedBy: 'test', dryRun: false, allow })
  return { state: report.state, ...report.parts?.[0] }
}
const pictures = () =>
  [...shop.emulator.state.images.list()].sort((a, b) => Number(a['sort_order']) - Number(b['sort_order']))
/** Names of the pictures in the order of the shop, the thumbnail with a star. */
const shown = () =>
  pictures()
    .map((one) => `${/([^/]+)__\d+\.jpg$/.exec(String(one['image_file']))?.[1]}${one['is_thumbnail'] ? '*' : ''}`)
    .join(' ')
const mark = () => shop.emulator.log.length
const sentSince = (from: number) => writes(shop, from).map(({ method, body }) => `${method} ${told(body)}`)
/** What a form holds: the first bytes of its file that follow the mark of a PNG, and its texts. */
const told = (body: unknown): string =>
  body instanceof FormData
    ? [...body].map(([name, value]) => `${name}=${typeof value === 'string' ? value : value.name}`).join(' ')
    : JSON.stringify(body)
const rejected = (plan: string | null | undefined) =>
  shop.workspace.withMirror('main', (mirror) =>
    mirror.plan(plan ?? '')?.plan.rejected.map(({ row, column, value, reason }) => [row, column, value, reason]),
  )

describe('pictures that are files of this machine', () => {
  it('are sent once, in their order, as forms; a second run sends nothing, also when only their dates changed', async () => {
    await open()
    for (const name of ['a', 'b c#1']) save(name)
    feed(at('a'), `./photos/../${at('b c#1')}`)
    const before = mark()
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 2 } })
    expect(sentSince(before)).toEqual([
      'POST sort_order=0 is_thumbnail=true image_file=a.png',
      'POST sort_order=1 image_file=b c#1.png',
    ])
    expect(shown()).toBe('a* b_c_1')
    const after = mark()
    expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, unchanged: 2 } })
    utimesSync(join(shop.dir, at('a')), 1, 1)
    await pullStore(shop.workspace, 'main', { full: true })
    expect(await sync()).toMatchObject({ state: 'complete', summary: { create: 0, update: 0, unchanged: 2 } })
    expect(sentSince(after)).toEqual([])
  })

  it('reach the store byte by byte', async () => {
    const bytes: Buffer[] = []
    await open(
      {},
      {
        fetch: (inner) => (url, init) => {
          if (init.body instanceof Uint8Array) bytes.push(Buffer.from(init.body))
          return inner(url, init)
        },
      },
    )
    const picture = png('\r\n--form\0\xff')
    save('a', picture)
    feed(at('a'))
    await sync()
    expect(bytes).toHaveLength(1)
    expect(bytes[0]?.includes(picture)).toBe(true)
  })

  it('are put in the place of what they were when their bytes change, under the same id', async () => {
    await open()
    for (const name of ['a', 'b', 'c']) save(name)
    feed(at('a'), at('b'), at('c'))
    await sync()
    const ids = pictures().map(({ id }) => id)
    const before = mark()
    save('b', png('another'))
    expect(await sync()).toMatchObject({ state: 'complete', summary: { create: 0, update: 1 }, counts: { applied: 1 } })
    expect(pictures().map(({ id }) => id)).toEqual(ids)
    expect(sentSince(before)).toEqual(['PUT image_file=b.png'])
    await sync()
    expect(sentSince(before)).toHaveLength(1)
  })

  it('stand beside addresses of the web, in one order', async () => {
    await open()
    save('a')
    feed('https://cdn.example.com/w.jpg', at('a'))
    await sync()
    expect(shown()).toBe('w* a')
  })

  it('lie below the folder that the config names, whatever slash a path begins with', async () => {
    await open({ base: 'photos' })
    save('a')
    feed('/a.png')
    expect(await sync()).toMatchObject({ state: 'complete', counts: { applied: 1 } })
    expect(shop.rows('SELECT substr(image_url, 1, 18) AS path FROM product_images')).toEqual([
      { path: 'file:photos/a.png#' },
    ])
  })
})

describe('a file that cannot be sent', () => {
  it('is rejected with its line, column and value, and the others go', async () => {
    await open()
    save('good')
    save('text', 'no picture at all')
    save('large', Buffer.concat([png(''), Buffer.alloc(8 * 1024 * 1024)]))
    save('empty', '')
    symlinkSync('/etc/hostname', join(shop.dir, 'photos', 'link.png'))
    feed(
      at('good'),
      at('text'),
      at('large'),
      at('empty'),
      at('gone'),
      at('link'),
      '../other.png',
      '/etc/x.png',
      'photos',
    )
    const report = await sync()
    expect(report).toMatchObject({ state: 'complete-with-rejects', counts: { applied: 1 } })
    const isNone = expect.stringMatching(/^no picture that a store takes/)
    const isOutside = 'not below the folder of the configuration'
    expect(await rejected(report.plan)).toEqual([
      [2, 'Images', at('text'), isNone],
      [2, 'Images', at('large'), 'larger than the 8 MB that a store takes'],
      [2, 'Images', at('empty'), isNone],
      [2, 'Images', at('gone'), `${at('gone')} does not exist`],
      [2, 'Images', at('link'), isOutside],
      [2, 'Images', '../other.png', isOutside],
      [2, 'Images', '/etc/x.png', isOutside],
      [2, 'Images', 'photos', 'photos is not a file'],
    ])
    expect(shown()).toBe('good*')
  })

  it('keeps the picture, the place and the thumbnail that were made of it', async () => {
    await open({ remove: true })
    for (const name of ['a', 'b']) save(name)
    feed(at('a'), at('b'))
    await sync()
    const before = mark()
    rmSync(join(shop.dir, at('a')))
    save('n')
    feed(at('a'), at('n'), at('b'))
    expect(await sync()).toMatchObject({ summary: { create: 1, remove: 0, rejected: 1 } })
    expect(sentSince(before)).toEqual(['POST sort_order=1 image_file=n.png', 'PUT {"sort_order":2}'])
    expect(shown()).toBe('a* n b')
  })

  it('is not replaced by a new one that came beside it', async () => {
    await open()
    for (const name of ['a', 'b']) save(name)
    feed(at('a'), at('b'))
    await sync()
    save('a', 'half of an upload')
    save('n')
    feed(at('n'), at('a'), at('b'))
    const before = mark()
    expect(await sync()).toMatchObject({ summary: { create: 1, rejected: 1 } })
    expect(sentSince(before).filter((one) => one.startsWith('PUT image_file'))).toEqual([])
    expect(shown()).toBe('n* a b')
  })

  it('is not sent when it is another one than the plan was made for', async () => {
    await open()
    for (const name of ['a', 'b']) save(name)
    feed(at('a'), at('b'))
    const name = 'catalog.product_images'
    const { plan } = await shop.plan({ sync: name })
    save('a', png('changed meanwhile'))
    const report = await shop.push(plan.plan, { sync: name })
    expect(report.counts).toMatchObject({ applied: 1, skipped: 1 })
    expect(report.rows.find(({ state }) => state === 'skipped')?.reason).toBe(
      'photos/a.png holds another picture than the plan was made for; plan again',
    )
    expect(shown()).toBe('b*')
    await sync()
    expect(shown()).toBe('a* b')
  })
})

describe('a file whose request is not answered', () => {
  const losing = (method: string) => {
    let left = 1
    return (inner: Shop['emulator']['fetch']) =>
      (async (url: string, init: { method: string }) => {
        const answer = await inner(url, init as never)
        if (left === 0 || init.method !== method || !/\/images(\/\d+)?$/.test(url)) return answer
        left -= 1
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
      }) as never
  }

  it('is found by its name, and not sent again', async () => {
    await open({}, { fetch: losing('POST') as never })
    for (const name of ['a', 'b']) save(name)
    feed(at('a'), at('b'))
    const before = mark()
    expect(await sync()).toMatchObject({ counts: { applied: 2 } })
    expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, unchanged: 2 } })
    expect(sentSince(before)).toHaveLength(2)
    expect(shown()).toBe('a* b')
  })

  it('is not put in its place twice either', async () => {
    await open()
    save('a')
    feed(at('a'))
    await sync()
    save('a', png('another'))
    const before = mark()
    expect(await sync(reopened(shop, { fetch: losing('PUT')(shop.emulator.fetch) }))).toMatchObject({
      counts: { applied: 1 },
    })
    await sync()
    expect(sentSince(before)).toHaveLength(1)
  })
})

describe('a store that takes no file for a picture that is there', () => {
  it('is not taken at its word: the change fails until the picture is taken out, and then the file is sent anew', async () => {
    await open(
      {},
      {
        // The file of a change is passed over, as the prose of the reference lets expect.
        fetch: (inner) => (url, init) =>
          init.method === 'PUT' && init.body instanceof Uint8Array
            ? inner(url, { ...init, headers: { ...init.headers, 'content-type': 'application/json' }, body: '{}' })
            : inner(url, init),
      },
    )
    save('a')
    feed(at('a'))
    await sync()
    save('a', png('another'))
    const report = await sync()
    expect(report).toMatchObject({ counts: { failed: 1, applied: 0 } })
    expect(report.rows?.[0]?.reason).toMatch(/kept the file that it had/)
    const [picture] = pictures()
    await elsewhere(shop, 'DELETE', `/v3/catalog/products/${picture?.['product_id']}/images/${picture?.id}`)
    expect(await sync()).toMatchObject({ counts: { applied: 1 } })
    expect(await sync()).toMatchObject({ summary: { create: 0, update: 0, unchanged: 1 } })
  })
})
