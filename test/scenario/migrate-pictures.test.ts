import { afterEach, describe, expect, it } from 'vitest'
import { foretellMigration } from '../../src/app/index.ts'
import { openTwoShops, type TwoShops, type TwoShopsOptions, USUAL } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops?.close())

const RESOURCES = ['products', 'variants', 'categories', 'brands', 'product_images', 'product_videos']
const open = (options: TwoShopsOptions = {}): TwoShops => {
  shops = openTwoShops({ resources: RESOURCES, ...options, old: { products: 4, ...options.old } })
  return shops
}

const call = async (store: 'old' | 'fresh', method: string, path: string, body?: object): Promise<{ id: number }> => {
  const emulator = shops[store]
  const answer = await emulator.fetch(`${emulator.origin}/stores/${emulator.storeHash}/v3/catalog${path}`, {
    method,
    headers: { 'X-Auth-Token': emulator.accessToken, 'Content-Type': 'application/json', Accept: 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  expect(answer.status, `${method} ${path}`).toBeLessThan(300)
  return answer.status === 204 ? { id: 0 } : ((await answer.json()) as { data: { id: number } }).data
}

/** A product of the old store, with pictures and videos of its own. */
const mug = async (pictures: readonly object[] = [], more: object = {}) =>
  call('old', 'POST', '/products', {
    name: 'Mug',
    type: 'physical',
    sku: 'MUG',
    weight: 1,
    price: 9,
    images: pictures,
    ...more,
  })

const PICTURES = [
  { image_url: 'https://shop.example/front.jpg', sort_order: 0, description: 'Front', is_thumbnail: false },
  { image_url: 'https://shop.example/back.jpg', sort_order: 1, description: 'Back', is_thumbnail: true },
]

/** What the shop shows, by the name of each picture. */
const shown = (store: 'old' | 'fresh') =>
  shops[store].state.products
    .list()
    .flatMap(({ id, name }) =>
      shops[store].state.images.where('product', id).map((row) => ({
        name,
        is_thumbnail: row['is_thumbnail'],
        sort_order: row['sort_order'],
        description: row['description'],
      })),
    )
    .sort((a, b) => a.name.localeCompare(b.name) || Number(a.sort_order) - Number(b.sort_order))

const files = () => {
  const product = shops.fresh.state.products.list().find(({ name }) => name === 'Mug')
  return shops.fresh.state.images.where('product', product?.id ?? 0).map((row) => String(row['image_file']))
}

const reportOf = (report: Awaited<ReturnType<TwoShops['migrate']>>, name: string) =>
  report.resources.find(({ resource }) => resource === name)

describe('pictures of products', () => {
  it('come inside the request that makes their product, and nothing is sent the second time', async () => {
    const alone: string[] = []
    open({
      fetch: (inner) => (url, init) => {
        if (/\/products\/\d+\/images/.test(String(url))) alone.push(String(url))
        return inner(url, init)
      },
    })
    await mug(PICTURES)
    const first = await shops.migrate()
    expect(first).toMatchObject({ state: 'complete', left: [] })
    expect(alone).toEqual([])
    expect(shown('fresh')).toEqual(shown('old'))
    expect(shown('fresh').filter(({ name }) => name === 'Mug')).toEqual([
      { name: 'Mug', is_thumbnail: false, sort_order: 0, description: 'Front' },
      { name: 'Mug', is_thumbnail: true, sort_order: 1, description: 'Back' },
    ])
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
  })

  it('that share their places are told apart by their files', async () => {
    open()
    await mug(PICTURES.map((one) => ({ ...one, sort_order: 0 })))
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    expect(shown('fresh')).toEqual(shown('old'))
    expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
  })

  it('follow what the old store changes, and one that it removes is told and stays', async () => {
    open()
    const { id } = await mug(PICTURES)
    await shops.migrate()
    await shops.clock.sleep(60_000)
    const [front, back] = shops.old.state.images.where('product', id)
    await call('old', 'PUT', `/products/${id}/images/${front?.id}`, { description: 'From the front' })
    await call('old', 'POST', `/products/${id}/images`, { image_url: 'https://shop.example/top.jpg', sort_order: 7 })
    const delta = await shops.migrate()
    expect(delta).toMatchObject({ state: 'complete', requests: { write: 2 } })
    expect(reportOf(delta, 'product_images')).toMatchObject({ created: 1, updated: 1 })
    expect(shown('fresh')).toEqual(shown('old'))
    expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })

    await shops.clock.sleep(60_000)
    await call('old', 'DELETE', `/products/${id}/images/${back?.id}`)
    const last = await shops.migrate()
    expect(last.left).toEqual([
      {
        resource: 'product_images',
        key: String(back?.id),
        label: null,
        reason: 'the old store has it no more; it stays in the new one',
      },
    ])
    expect(files()).toHaveLength(3)
  })

  it('stand in the order that the old store gives them later', async () => {
    open()
    const { id } = await mug([...PICTURES, { image_url: 'https://shop.example/top.jpg', sort_order: 2 }])
    await shops.migrate()
    await shops.clock.sleep(60_000)
    const [front] = shops.old.state.images.where('product', id)
    await call('old', 'PUT', `/products/${id}/images/${front?.id}`, { sort_order: 2, is_thumbnail: true })
    await shops.migrate()
    const order = (store: 'old' | 'fresh') =>
      shown(store)
        .filter(({ name }) => name === 'Mug')
        .map(({ description, is_thumbnail }) => [description, is_thumbnail])
    expect(order('fresh')).toEqual(order('old'))
    await shops.clock.sleep(60_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
  })

  it('go to a product that was there beside its own, and one of the same file is that one', async () => {
    open()
    await mug(PICTURES)
    await call('fresh', 'POST', '/products', {
      name: 'Mug',
      type: 'physical',
      sku: 'MUG',
      weight: 1,
      price: 9,
      images: [
        { image_url: 'https://other.example/ours.jpg', sort_order: 0, description: 'Ours' },
        { image_url: 'https://other.example/back.jpg', sort_order: 1, description: 'Our back' },
      ],
    })
    await shops.clock.sleep(60_000)
    const first = await shops.migrate({ existing: 'adopt' })
    expect(first).toMatchObject({ state: 'complete', left: [] })
    expect(files().map((file) => file.replace(/__\d+\.jpg$/, ''))).toEqual([
      'o/ours',
      'b/back',
      expect.stringMatching(/^f\/front_\d+_1280_1280$/),
    ])
    expect(shown('fresh').find(({ description }) => description === 'Our back')).toBeDefined()
    await shops.clock.sleep(60_000)
    expect(await shops.migrate({ existing: 'adopt' })).toMatchObject({ state: 'complete', requests: { write: 0 } })
  })

  it('are sent once, also where the answer was lost', async () => {
    const lost = new Set<string>()
    open({
      fetch: (inner) => async (url, init) => {
        const answer = await inner(url, init)
        const isCreate = init?.method === 'POST' && /\/products\/\d+\/images/.test(String(url))
        if (!isCreate || lost.has(String(url))) return answer
        lost.add(String(url))
        throw new TypeError('fetch failed')
      },
    })
    const { id } = await mug(PICTURES)
    await shops.migrate()
    await shops.clock.sleep(60_000)
    await call('old', 'POST', `/products/${id}/images`, { image_url: 'https://shop.example/top.jpg', sort_order: 7 })
    await shops.migrate()
    await shops.clock.sleep(60_000)
    await shops.migrate()
    expect(lost.size).toBe(1)
    expect(files()).toHaveLength(3)
    await shops.clock.sleep(60_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
    expect(shown('fresh')).toEqual(shown('old'))
  })

  it('are sent once, also where the migration ended before it could see what it made', async () => {
    let isCut = false
    open({
      old: { products: 1 },
      isJudged: false,
      fetch: (inner) => async (url, init) => {
        if (isCut) throw new TypeError('fetch failed')
        const answer = await inner(url, init)
        isCut = init?.method === 'POST' && String(init.body).includes('"sku":"MUG"')
        return answer
      },
    })
    await mug(PICTURES)
    expect((await shops.migrate()).state).not.toBe('complete')
    expect(isCut).toBe(true)
    isCut = false
    await shops.clock.sleep(60_000)
    await shops.migrate()
    await shops.clock.sleep(60_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [], requests: { write: 0 } })
    expect(files()).toHaveLength(2)
    expect(shown('fresh')).toEqual(shown('old'))
  })

  it('whose addresses are too long for the other store are told, and their product comes all the same', async () => {
    open()
    const { id } = await mug(PICTURES)
    const [front] = shops.old.state.images.where('product', id)
    shops.old.state.images.update(front?.id ?? 0, { url_zoom: `https://cdn.example/${'x'.repeat(250)}.jpg` })
    const left = [
      {
        resource: 'product_images',
        key: String(front?.id),
        label: null,
        reason: 'image_url is longer than 255 characters',
      },
    ]
    const asked = { existing: null, conflict: 'ask', approvedBy: 'test', since: null, names: {}, only: null } as const
    expect((await foretellMigration(shops.workspace, 'old', 'new', asked)).left).toEqual(left)
    expect(await shops.migrate()).toMatchObject({ state: 'complete-with-rejects', left })
    expect(files()).toHaveLength(1)
    expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
  })
})

describe('a picture that the new store cannot fetch', () => {
  const DEAD = 'https://gone.invalid/front.jpg'
  const FRONT_FIRST = PICTURES.map((one, at) => ({ ...one, is_thumbnail: at === 0 }))
  /** The first picture of a product of the old store leads nowhere. */
  const kill = (product: number, address = DEAD) => {
    const [front] = shops.old.state.images.where('product', product)
    shops.old.state.images.update(front?.id ?? 0, { url_zoom: address })
    return front?.id
  }
  const products = () => shops.fresh.state.products.list().map(({ name }) => name)
  const sent = (path: string) => shops.fresh.requests.filter((one) => one.method === 'POST' && one.path === path).length

  it('is told by name and tried again by the next run; its product comes without it, in one more request', async () => {
    open({ old: { products: 0 } })
    const { id } = await mug(FRONT_FIRST)
    const front = kill(id)
    const first = await shops.migrate()
    expect(sent('/v3/catalog/products')).toBe(2)
    expect(products()).toEqual(['Mug'])
    expect(files()).toEqual([expect.stringContaining('back')])
    expect(first).toMatchObject({ state: 'partial', exit: 5 })
    expect(first.left).toEqual([
      {
        resource: 'product_images',
        key: String(front),
        label: `Mug: ${DEAD}`,
        reason: expect.stringMatching(/could not be downloaded.*put another in its place in the old store/),
      },
    ])
    await shops.clock.sleep(60_000)
    const again = await shops.migrate()
    expect([again.left, again.requests.write]).toEqual([first.left, 1])

    kill(id, 'https://shop.example/front.jpg')
    await shops.clock.sleep(60_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    await shops.clock.sleep(60_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
    expect(shown('fresh')).toEqual(shown('old'))
  })

  it('keeps nothing else back, however many there are', async () => {
    open({ old: { products: 0 } })
    for (let at = 0; at < 8; at += 1) kill((await mug(PICTURES, { name: `Mug ${at}`, sku: `MUG-${at}` })).id)
    const report = await shops.migrate()
    expect(report).toMatchObject({ state: 'partial' })
    expect(report.error).toBeUndefined()
    expect(products()).toHaveLength(8)
    expect(report.left.map(({ label }) => label)).toHaveLength(8)
    expect(shops.fresh.state.images.size).toBe(8)
  })

  it('does not double its product when the answer to that is lost', async () => {
    let posts = 0
    open({
      old: { products: 0 },
      fetch: (inner) => async (url, init) => {
        const answer = await inner(url, init)
        if (init?.method !== 'POST' || !String(init.body).includes('"sku":"MUG"')) return answer
        posts += 1
        if (posts === 2) throw new TypeError('fetch failed')
        return answer
      },
    })
    kill((await mug(PICTURES)).id)
    const report = await shops.migrate()
    expect(posts).toBe(2)
    expect(products()).toEqual(['Mug'])
    expect(reportOf(report, 'products')).toMatchObject({ created: 1, failed: 0 })
    expect(report.left).toHaveLength(1)
  })
})

describe('the picture that stands for a product', () => {
  const OURS = { image_url: 'https://other.example/ours.jpg', description: 'Ours', is_thumbnail: true, sort_order: 0 }
  const first = (store: 'old' | 'fresh') =>
    shown(store).find((one) => one.name === 'Mug' && one.is_thumbnail)?.description
  const told = async (existing: 'adopt' | null = null) =>
    (await foretellMigration(shops.workspace, 'old', 'new', { ...USUAL, existing })).resources.find(
      ({ resource }) => resource === 'product_images',
    )

  it.each([
    { existing: 'adopt' as const, stands: 'Ours' },
    { existing: 'overwrite' as const, stands: 'Back' },
  ])('is $stands where the new store has one of its own and rows are to $existing', async ({ existing, stands }) => {
    open()
    const { id } = await mug(PICTURES)
    await call('fresh', 'POST', '/products', { name: 'Mug', type: 'physical', sku: 'MUG', weight: 1, price: 9 })
    const [there] = shops.fresh.state.products.list()
    await call('fresh', 'POST', `/products/${there?.id}/images`, OURS)
    await shops.clock.sleep(60_000)
    expect(await shops.migrate({ existing })).toMatchObject({ state: 'complete', left: [] })
    expect(files()).toHaveLength(3)
    await shops.clock.sleep(60_000)
    expect(await shops.migrate({ existing })).toMatchObject({ state: 'complete', requests: { write: 0 } })
    expect(first('fresh')).toBe(stands)

    const [front] = shops.old.state.images.where('product', id)
    await call('old', 'PUT', `/products/${id}/images/${front?.id}`, { is_thumbnail: true })
    await shops.clock.sleep(60_000)
    const conflicts = existing === 'adopt' ? 1 : 0
    expect(await told()).toMatchObject({ conflicts })
    expect(reportOf(await shops.migrate(), 'product_images')).toMatchObject({ conflicts })
    expect(first('fresh')).toBe(existing === 'adopt' ? 'Ours' : 'Front')
  })

  it('stays when somebody chose another in the new store, and is asked about once the old store chooses another too', async () => {
    open()
    const { id } = await mug(PICTURES)
    await shops.migrate()
    const there = shops.fresh.state.products.list().find(({ name }) => name === 'Mug')
    await call('fresh', 'POST', `/products/${there?.id}/images`, { ...OURS, sort_order: 9 })
    await shops.clock.sleep(60_000)
    const top = { image_url: 'https://shop.example/top.jpg', description: 'Top', is_thumbnail: true, sort_order: 7 }
    await call('old', 'POST', `/products/${id}/images`, top)
    await shops.clock.sleep(60_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [], requests: { write: 1 } })
    await shops.clock.sleep(60_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
    expect(first('fresh')).toBe('Ours')

    const [front] = shops.old.state.images.where('product', id)
    await call('old', 'PUT', `/products/${id}/images/${front?.id}`, { is_thumbnail: true })
    await shops.clock.sleep(60_000)
    expect(await told()).toMatchObject({ update: 0, conflicts: 1 })
    expect(await shops.migrate()).toMatchObject({ state: 'partial', requests: { write: 0 } })
    expect(first('fresh')).toBe('Ours')
    expect(await shops.migrate({ conflict: 'source' })).toMatchObject({ state: 'complete', requests: { write: 1 } })
    expect(first('fresh')).toBe('Front')
  })
})

describe('videos of products', () => {
  it('come inside the request that makes their product, follow the old store, and are sent once', async () => {
    open()
    const videos = [
      { video_id: 'z3fRu9pkuXE', title: 'How it is made', description: 'In clay', sort_order: 0 },
      { video_id: 'a1b2c3', title: 'At the table', description: 'With tea', sort_order: 1 },
    ]
    const { id } = await mug([], { videos })
    const first = await shops.migrate()
    expect(first).toMatchObject({ state: 'complete', left: [] })
    const told = (store: 'old' | 'fresh') =>
      shops[store].state.videos.list().map(({ id: _id, product_id: _product, ...row }) => row)
    expect(told('fresh')).toEqual(told('old'))
    expect(told('fresh')).toHaveLength(2)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })

    await shops.clock.sleep(60_000)
    const [made] = shops.old.state.videos.list()
    await call('old', 'PUT', `/products/${id}/videos/${made?.id}`, { title: 'How we make it' })
    await call('old', 'POST', `/products/${id}/videos`, { video_id: 'later', title: 'Later', description: 'New' })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 2 } })
    expect(told('fresh')).toEqual(told('old'))
    expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
  })
})

describe('options of products', () => {
  it('come with their variants; their values get their order and the default one, and what cannot be set is told', async () => {
    open({ resources: [...RESOURCES, 'product_options', 'product_option_values'], old: { products: 1 } })
    const size = (label: string) => [{ option_display_name: 'Size', label }]
    const variants = ['Large', 'Small'].map((label) => ({ sku: `MUG-${label}`, option_values: size(label) }))
    const { id } = await mug([], { variants })
    const [option] = shops.old.state.options.where('product', id)
    const path = `/products/${id}/options/${option?.id}`
    const [large, small] = option?.option_values ?? []
    await call('old', 'PUT', `${path}/values/${large?.id}`, { label: 'Large', sort_order: 2 })
    await call('old', 'PUT', `${path}/values/${small?.id}`, { label: 'Small', sort_order: 1, is_default: true })
    const first = await shops.migrate()
    expect(first).toMatchObject({ state: 'complete', left: [] })
    expect(first.refused.map(({ resource }) => resource)).toEqual(
      expect.arrayContaining(['product_options', 'product_option_values']),
    )
    const values = (store: 'old' | 'fresh') =>
      shops[store].state.options
        .list()
        .flatMap(({ display_name, option_values }) =>
          option_values.map(({ label, sort_order, is_default }) => [display_name, label, sort_order, is_default]),
        )
        .sort()
    expect(values('fresh')).toEqual(values('old'))
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })

    await shops.clock.sleep(60_000)
    await call('old', 'POST', `${path}/values`, { label: 'Tiny', sort_order: 0 })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 1 } })
    expect(values('fresh')).toEqual(values('old'))
    expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
  })
})

describe('pictures of variants, categories and brands', () => {
  it('are carried as addresses, and stay when the new store shows them at addresses of its own', async () => {
    open({ old: { products: 1 } })
    const variants = ['Large', 'Small'].map((label) => ({
      sku: `MUG-${label}`,
      option_values: [{ option_display_name: 'Size', label }],
    }))
    const { id } = await mug([], { variants })
    const [large] = shops.old.state.variants.where('product', id)
    const address = (name: string) => `https://cdn.example/${name}.png`
    const { old } = shops
    old.state.variants.update(large?.id ?? 0, { image_url: address('large') })
    old.state.brands.update(old.state.brands.list()[0]?.id ?? 0, { image_url: address('brand') })
    old.state.categories.update(old.state.categories.list()[0]?.id ?? 0, { image_url: address('category') })
    const tables = () => [shops.fresh.state.variants, shops.fresh.state.brands, shops.fresh.state.categories]
    const pictures = () => tables().flatMap((table) => table.list().flatMap((row) => row['image_url'] || []))
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    expect(pictures()).toEqual(['large', 'brand', 'category'].map(address))
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })

    for (const table of tables()) {
      const row = table.list().find((one) => one['image_url'])
      table.update(row?.id ?? 0, { image_url: `https://new.example/${row?.id}.png` } as never)
    }
    await shops.clock.sleep(60_000)
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
    expect(pictures().every((one) => String(one).startsWith('https://new.example/'))).toBe(true)
  })
})
