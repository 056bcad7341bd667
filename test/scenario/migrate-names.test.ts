import { afterEach, describe, expect, it } from 'vitest'
import { foretellMigration } from '../../src/app/index.ts'
import { elsewhere } from '../support/shop-tools.ts'
import { openTwoShops, type TwoShops, type TwoShopsOptions, USUAL } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops?.close())

const SHOP = ['products', 'variants', 'categories', 'brands']

const open = (resources: readonly string[] = [], old: TwoShopsOptions['old'] = {}): void => {
  shops = openTwoShops({ resources: [...SHOP, ...resources], old: { products: 3, customers: 0, orders: 0, ...old } })
}

const inOld = (method: string, path: string, body: object) => elsewhere({ emulator: shops.old }, method, path, body)
const inNew = (method: string, path: string, body: object) => elsewhere({ emulator: shops.fresh }, method, path, body)
const cup = (more: object): Promise<{ readonly id: number }> =>
  inOld('POST', '/v3/catalog/products', { name: 'Cup', type: 'physical', weight: 1, price: 9, sku: 'CUP', ...more })
const answer = (sql: string) => shops.rows('new', sql)
const quiet = async (options: Parameters<TwoShops['migrate']>[0]) =>
  expect(await shops.migrate(options)).toMatchObject({ state: 'complete', requests: { write: 0 } })

describe('what rows are called in the new store', () => {
  it('finds a category that is there under that name, names one that is not, and products follow', async () => {
    open()
    const shelf = async (name: string, parent_id = 0): Promise<number> => {
      const [made] = await inOld('POST', '/v3/catalog/trees/categories', [{ tree_id: 1, name, parent_id }])
      return made.category_id
    }
    const kitchen = await shelf('Kitchen things')
    const garden = await shelf('Garden things')
    const pots = await shelf('Pots', kitchen)
    await inNew('POST', '/v3/catalog/trees/categories', [{ tree_id: 1, name: 'Cuisine', parent_id: 0 }])
    await cup({ categories: [kitchen, garden, pots] })
    const options = {
      existing: 'adopt' as const,
      names: { categories: { 'Kitchen things': 'Cuisine', 'Garden things': 'Jardin' } },
    }
    expect(await shops.migrate(options)).toMatchObject({ state: 'complete', left: [] })
    const of = `SELECT c.name, a.name AS above FROM products p JOIN json_each(p.categories) j JOIN categories c ON c.category_id = j.value
      LEFT JOIN categories a ON a.category_id = c.parent_id WHERE p.sku = 'CUP' ORDER BY 1`
    expect(answer(of)).toEqual([
      { name: 'Cuisine', above: null },
      { name: 'Jardin', above: null },
      { name: 'Pots', above: 'Cuisine' },
    ])
    expect(answer("SELECT name FROM categories WHERE name LIKE '%things' OR name = 'Cuisine'")).toEqual([
      { name: 'Cuisine' },
    ])
    await quiet(options)
  })

  it('is told where no row of the old store is called so, and changes nothing else', async () => {
    open(['orders'], { orders: 4 })
    await inOld('POST', '/v3/catalog/brands', { name: 'Noor' })
    const status = String(shops.old.state.orders.list().find(({ is_deleted }) => !is_deleted)?.['status'])
    const names = {
      brands: { Noor: 'Noor Paris', Nor: 'N' },
      order_statuses: { [status]: '7', Lost: '3' },
      redirects: { A: 'B' },
    }
    const unmet = [
      { resource: 'brands', name: 'Nor' },
      { resource: 'order_statuses', name: 'Lost' },
    ]
    expect(await foretellMigration(shops.workspace, 'old', 'new', { ...USUAL, names })).toMatchObject({
      exit: 3,
      unmet,
    })
    expect(await shops.migrate({ names })).toMatchObject({ exit: 0, unmet })
    expect(await shops.migrate()).toMatchObject({ unmet: [] })
  })

  it('is told of brands, with products of theirs', async () => {
    open()
    const brand = await inOld('POST', '/v3/catalog/brands', { name: 'Noor' })
    await cup({ brand_id: brand.id })
    const options = { names: { brands: { Noor: 'Noor Paris' } } }
    expect(await shops.migrate(options)).toMatchObject({ state: 'complete', left: [] })
    const of = "SELECT b.name FROM products p JOIN brands b ON b.id = p.brand_id WHERE p.sku = 'CUP'"
    expect(answer(of)).toEqual([{ name: 'Noor Paris' }])
    await quiet(options)
  })

  it('is told of groups, and customers come into the one that is there', async () => {
    open(['customer_groups', 'customers'])
    const friends = groupIn('old', 'Friends')
    const there = groupIn('fresh', 'Amis')
    await inOld('POST', '/v3/customers', [
      { email: 'a@example.com', first_name: 'A', last_name: 'B', customer_group_id: friends },
    ])
    const options = { existing: 'adopt' as const, names: { customer_groups: { Friends: 'Amis' } } }
    expect(await shops.migrate(options)).toMatchObject({ state: 'complete', left: [] })
    expect(answer('SELECT email, customer_group_id FROM customers')).toEqual([
      { email: 'a@example.com', customer_group_id: there },
    ])
    expect(answer('SELECT name FROM customer_groups')).toEqual([{ name: 'Amis' }])
    await quiet(options)
  })

  it('is told of tax classes and channels, which no request makes, and products keep both', async () => {
    open(['tax_classes', 'channels', 'product_channel_assignments'])
    const channel = { type: 'storefront', platform: 'bigcommerce', status: 'active' }
    const outlet = shops.old.state.channels.insert({ ...channel, name: 'Outlet' })
    shops.fresh.state.channels.insert({ ...channel, name: 'Something else' })
    const sales = shops.fresh.state.channels.insert({ ...channel, name: 'Outlet EU' })
    const books = shops.old.state.taxClasses.insert({ name: 'Books', created_at: AT, updated_at: AT })
    shops.fresh.state.taxClasses.insert({ name: 'Wine', created_at: AT, updated_at: AT })
    const reduced = shops.fresh.state.taxClasses.insert({ name: 'Reduced', created_at: AT, updated_at: AT })
    expect([books.id, outlet.id]).not.toEqual([reduced.id, sales.id])
    const { id } = await cup({ tax_class_id: books.id })
    await inOld('PUT', '/v3/catalog/products/channel-assignments', [{ product_id: id, channel_id: outlet.id }])
    const options = {
      existing: 'adopt' as const,
      names: { tax_classes: { Books: 'Reduced' }, channels: { Outlet: 'Outlet EU' } },
    }
    expect(await shops.migrate(options)).toMatchObject({ state: 'complete', left: [] })
    expect(answer("SELECT tax_class_id FROM products WHERE sku = 'CUP'")).toEqual([{ tax_class_id: reduced.id }])
    const where = `SELECT channel_id FROM product_channel_assignments a JOIN products p ON p.id = a.product_id WHERE p.sku = 'CUP' ORDER BY 1`
    expect(answer(where)).toContainEqual({ channel_id: sales.id })
    await quiet(options)
  })

  it('needs no choice of rows that no request can write: tax classes and channels stand for those of their name', async () => {
    open(['tax_classes', 'channels', 'product_channel_assignments'])
    const channel = { type: 'storefront', platform: 'bigcommerce', status: 'active' }
    shops.fresh.state.channels.insert({ ...channel, name: 'Something else' })
    const outlet = shops.old.state.channels.insert({ ...channel, name: 'Outlet' })
    const there = shops.fresh.state.channels.insert({ ...channel, name: 'Outlet' })
    shops.fresh.state.taxClasses.insert({ name: 'Wine', created_at: AT, updated_at: AT })
    const books = shops.old.state.taxClasses.insert({ name: 'Books', created_at: AT, updated_at: AT })
    const same = shops.fresh.state.taxClasses.insert({ name: 'Books', created_at: AT, updated_at: AT })
    await inNew('POST', '/v3/catalog/brands', { name: shops.old.state.brands.list()[0]?.name })
    const { id } = await cup({ tax_class_id: books.id })
    await inOld('PUT', '/v3/catalog/products/channel-assignments', [{ product_id: id, channel_id: outlet.id }])
    const plan = await foretellMigration(shops.workspace, 'old', 'new', USUAL)
    const asked = plan.resources.filter(({ existing }) => Object.keys(existing).length).map(({ resource }) => resource)
    expect(asked).toEqual(['brands'])
    expect(plan.resources.find(({ resource }) => resource === 'tax_classes')).toMatchObject({ standing: 4, left: 0 })
    const { left, resources } = await shops.migrate()
    expect(left.filter(({ resource }) => resource !== 'brands' && resource !== 'products')).toEqual([])
    expect(resources.find(({ resource }) => resource === 'tax_classes')).toMatchObject({ adopted: 4 })
    expect(answer("SELECT tax_class_id FROM products WHERE sku = 'CUP'")).toEqual([{ tax_class_id: same.id }])
    const where = `SELECT channel_id FROM product_channel_assignments a JOIN products p ON p.id = a.product_id WHERE p.sku = 'CUP' ORDER BY 1`
    expect(answer(where)).toContainEqual({ channel_id: there.id })
  })

  it('leaves what refers to a channel or a tax class of another name out where nobody says which it is, and tells it', async () => {
    open(['tax_classes', 'channels', 'product_channel_assignments'])
    const books = shops.old.state.taxClasses.insert({ name: 'Books', created_at: AT, updated_at: AT })
    const { id } = await cup({ tax_class_id: books.id })
    const { left } = await shops.migrate({ existing: 'adopt' })
    expect(left).toEqual([
      {
        resource: 'tax_classes',
        key: String(books.id),
        label: 'Books',
        reason: 'nothing in the new store is the same, and the API makes none',
      },
      {
        resource: 'products',
        key: String(id),
        label: 'Cup',
        reason: `copied without tax_class_id ${books.id}: nothing stands for it among the tax_classes of the new store`,
      },
    ])
    expect(answer("SELECT tax_class_id FROM products WHERE sku = 'CUP'")).toEqual([{ tax_class_id: 0 }])
  })
})

const AT = '2021-01-05 10:00:00+00:00'

const groupIn = (store: 'old' | 'fresh', name: string): number => {
  const group = { is_default: false, category_access: { type: 'all' }, discount_rules: [], is_group_for_guests: false }
  return shops[store].state.customerGroups.insert({ ...group, name } as never).id
}
