import { afterEach, describe, expect, it } from 'vitest'
import { elsewhere } from '../support/shop-tools.ts'
import { openTwoShops, type TwoShops } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops?.close())

const SHOP = ['products', 'variants', 'categories', 'brands']

interface Rule {
  readonly type: string
  readonly price_list_id?: number
  readonly category_id?: number
  readonly product_id?: number
  readonly amount?: string
}

const open = (resources: readonly string[]): void => {
  shops = openTwoShops({
    resources: [...SHOP, ...resources],
    old: { products: 3, customers: 0, orders: 0 },
    // The official description of a group's create knows no rule of a price list.
    isJudged: false,
  })
}

const group = (name: string, more: object): number =>
  shops.old.state.customerGroups.insert({
    name,
    is_default: false,
    is_group_for_guests: false,
    category_access: { type: 'all' },
    discount_rules: [],
    ...more,
  } as never).id
const there = (name: string) => shops.fresh.state.customerGroups.list().find((one) => one.name === name)
const rulesOf = (name: string) => (there(name)?.['discount_rules'] ?? []) as readonly Rule[]
const idOf = (table: 'priceLists' | 'categories' | 'products', name: string | undefined): number =>
  (shops.fresh.state[table].list() as readonly { id: number; name: string }[]).find((one) => one.name === name)?.id ?? 0
const changed = (id: number, facts: object): void => {
  const date_modified = new Date(shops.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  shops.old.state.customerGroups.update(id, { ...facts, date_modified } as never)
}
const off = (category_id: number | undefined, amount: string) => ({
  type: 'category',
  category_id,
  method: 'percent',
  amount,
})

describe('what a group of customers saves', () => {
  it('by a price list is told with the list of the new store, and by categories and products with theirs', async () => {
    open(['customer_groups', 'price_lists', 'price_list_records'])
    const lists = ['Nobody’s', 'Dealers'].map((name) =>
      shops.old.state.priceLists.insert({ name, active: true } as never),
    )
    shops.fresh.state.priceLists.insert({ name: 'Something else', active: true } as never)
    const [category] = shops.old.state.categories.list()
    const [product] = shops.old.state.products.list()
    group('Dealers', { discount_rules: [{ type: 'price_list', price_list_id: lists[1]?.id }] })
    const one = { type: 'product', product_id: product?.id, method: 'fixed', amount: '1.0000' }
    const id = group('Friends', {
      category_access: { type: 'specific', categories: [category?.id] },
      discount_rules: [off(category?.id, '5.0000'), one],
    })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    expect(rulesOf('Dealers')).toEqual([{ type: 'price_list', price_list_id: idOf('priceLists', 'Dealers') }])
    const [cat, prod] = [idOf('categories', category?.name), idOf('products', product?.name)]
    expect(rulesOf('Friends')).toMatchObject([{ category_id: cat }, { product_id: prod }])
    expect(there('Friends')?.['category_access']).toEqual({ type: 'specific', categories: [cat] })
    expect(await shops.reconcile()).toMatchObject({ exit: 0, differences: [], agreed: [] })

    await shops.clock.sleep(3_600_000)
    changed(id, { discount_rules: [off(category?.id, '7.0000')] })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 1 } })
    expect(rulesOf('Friends')).toMatchObject([{ category_id: cat, amount: '7.0000' }])
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
  })

  it('by what is not copied is left out and told, the rest of the group comes, and it is set once that is there', async () => {
    open(['customer_groups', 'price_lists'])
    const list = shops.old.state.priceLists.list()[0]
    const [category, other] = shops.old.state.categories.list()
    const dealers = group('Dealers', { discount_rules: [{ type: 'price_list', price_list_id: list?.id }] })
    const friends = group('Friends', {
      category_access: { type: 'specific', categories: [category?.id, other?.id] },
      discount_rules: [off(category?.id, '5.0000')],
    })
    const first = await shops.migrate({ only: ['customer_groups'] })
    expect(first.left.map(({ key, reason }) => [key, reason])).toEqual([
      [
        String(dealers),
        `copied without discount_rules ${list?.id}: nothing stands for it among the price_lists of the new store`,
      ],
      ...[category, other].map((one) => [
        String(friends),
        `copied without category_access ${one?.id}: nothing stands for it among the categories of the new store`,
      ]),
      [
        String(friends),
        `copied without discount_rules ${category?.id}: nothing stands for it among the categories of the new store`,
      ],
    ])
    expect([rulesOf('Dealers'), rulesOf('Friends')]).toEqual([[], []])
    expect(there('Friends')?.['category_access']).toEqual({ type: 'specific', categories: [] })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    expect(rulesOf('Dealers')).toEqual([{ type: 'price_list', price_list_id: idOf('priceLists', String(list?.name)) }])
    expect(rulesOf('Friends')).toMatchObject([{ category_id: idOf('categories', category?.name) }])
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
  })

  it('and somebody said anew in the new store lasts', async () => {
    open(['customer_groups'])
    const [category] = shops.old.state.categories.list()
    group('Friends', { discount_rules: [off(category?.id, '5.0000')] })
    await shops.migrate()
    await shops.clock.sleep(3_600_000)
    await elsewhere({ emulator: shops.fresh }, 'PUT', `/v2/customer_groups/${there('Friends')?.id}`, {
      discount_rules: [],
    })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 } })
    expect(rulesOf('Friends')).toEqual([])
    const { differences, agreed } = await shops.reconcile()
    expect(differences).toEqual([])
    expect(agreed.map(({ resource, label, field }) => [resource, label, field])).toEqual([
      ['customer_groups', 'Friends', 'discount_rules'],
    ])
  })
})
