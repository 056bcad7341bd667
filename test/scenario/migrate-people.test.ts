import { afterEach, describe, expect, it } from 'vitest'
import { openTwoShops, type TwoShops, type TwoShopsOptions } from '../support/two-shops.ts'

let shops: TwoShops
afterEach(() => shops.close())

const PEOPLE = [
  'customer_groups',
  'customer_attributes',
  'customers',
  'customer_addresses',
  'customer_attribute_values',
  'customer_form_fields',
]
const SHOP = ['products', 'variants', 'categories', 'brands', 'price_lists']

const open = (options: TwoShopsOptions = {}): void => {
  shops = openTwoShops({
    resources: [...SHOP, ...PEOPLE],
    ...options,
    old: { products: 6, customers: 14, orders: 0, ...options.old },
  })
  // The official description of a group's create knows no rule of a price list.
  shops.old.state.customerGroups.update(1, { discount_rules: [] })
}

const same = (sql: string): void => {
  const rows = shops.rows('old', sql)
  expect(rows.length, sql).toBeGreaterThan(0)
  expect(shops.rows('new', sql), sql).toEqual(rows)
}

const CUSTOMERS = `SELECT c.email, c.first_name, c.company, c.phone, g.name AS grp FROM customers c
  LEFT JOIN customer_groups g ON g.id = c.customer_group_id ORDER BY 1`
const ADDRESSES = `SELECT c.email, a.address1, a.city, a.postal_code, a.address_type FROM customer_addresses a
  JOIN customers c ON c.id = a.customer_id ORDER BY 1, 2`
const VALUES = `SELECT c.email, a.name, v.attribute_value FROM customer_attribute_values v
  JOIN customers c ON c.id = v.customer_id JOIN customer_attributes a ON a.id = v.attribute_id ORDER BY 1, 2`
const ANSWERS = `SELECT c.email, f.name, f.value FROM customer_form_fields f JOIN customers c ON c.id = f.customer_id ORDER BY 1, 2`

const posts = (path: string) =>
  shops.fresh.requests.filter((one) => one.method !== 'GET' && one.path.split('?')[0] === path).length

describe('customers of another store', () => {
  it('arrive with group, addresses, attributes and answers, ten to a request, and nothing is sent the second time', async () => {
    open()
    const first = await shops.migrate()
    expect(first).toMatchObject({ state: 'complete', left: [] })
    for (const sql of [CUSTOMERS, ADDRESSES, VALUES, ANSWERS]) same(sql)
    expect(posts('/v3/customers')).toBe(2)
    expect(posts('/v3/customers/addresses')).toBe(0)
    expect(posts('/v3/customers/attribute-values')).toBe(0)
    expect(first.refused.map(({ resource }) => resource)).toContain('customers')
    expect(await shops.migrate()).toMatchObject({ state: 'complete', requests: { write: 0 }, left: [] })
  })

  it('bring rules and access of their groups along, with the ids of the new store', async () => {
    open()
    const { state } = shops.old
    const [category] = state.categories.list()
    const product = state.products.list()[2]
    if (!category || !product) throw new Error('an empty shop')
    const access = { type: 'specific', categories: [category.id] }
    const rules = [
      { type: 'category', category_id: category.id, method: 'percent', amount: '5.0000' },
      { type: 'product', product_id: product.id, method: 'fixed', amount: '1.0000' },
    ]
    state.customerGroups.update(2, { category_access: access, discount_rules: rules })
    expect(await shops.migrate()).toMatchObject({ state: 'complete', left: [] })
    const [group] = shops.rows(
      'new',
      `SELECT category_access, discount_rules FROM customer_groups WHERE name = 'Friends'`,
    )
    const idOf = (table: string, key: string, name: string) =>
      shops.rows('new', `SELECT ${key} AS id FROM ${table} WHERE name = '${name.replaceAll("'", "''")}'`)[0]?.['id']
    expect(JSON.parse(String(group?.['category_access']))).toEqual({
      type: 'specific',
      categories: [idOf('categories', 'category_id', category.name)],
    })
    expect(JSON.parse(String(group?.['discount_rules']))).toMatchObject([
      { type: 'category', category_id: idOf('categories', 'category_id', category.name) },
      { type: 'product', product_id: idOf('products', 'id', product.name) },
    ])
    expect(await shops.migrate()).toMatchObject({ requests: { write: 0 } })
  })

  it('with one e-mail for two accounts are never guessed, and told', async () => {
    open()
    const { state } = shops.old
    const [one, two] = state.customers.list()
    state.customers.update(two?.id ?? 0, { email: one?.email ?? '' })
    const { left } = await shops.migrate()
    expect(left.filter(({ resource }) => resource === 'customers')).toMatchObject([
      { key: String(one?.id), reason: `the old store has it twice: email is that of ${two?.id} too` },
      { key: String(two?.id), reason: `the old store has it twice: email is that of ${one?.id} too` },
    ])
    expect(shops.fresh.state.customers.size).toBe(12)
  })

  it('carry what changed since, and new ones, and leave what the new store changed', async () => {
    open()
    await shops.migrate()
    const { state } = shops.old
    const [one, two] = state.customers.list()
    const mine = shops.fresh.state.customers.list().find(({ email }) => email === two?.email)
    await shops.clock.sleep(3_600_000)
    const date_modified = new Date(shops.clock.now()).toISOString().replace(/\.\d+/, '')
    state.customers.update(one?.id ?? 0, { phone: '111', date_modified })
    shops.fresh.state.customers.update(mine?.id ?? 0, { phone: '222', date_modified })
    const { id: _id, ...like } = one ?? { id: 0 }
    state.customers.insert({ ...like, email: 'later@example.com', date_modified } as never)
    expect(await shops.migrate()).toMatchObject({ state: 'complete' })
    const phones = `SELECT email, phone FROM customers WHERE email IN ('${one?.email}', '${two?.email}', 'later@example.com') ORDER BY phone`
    expect(shops.rows('new', phones)).toMatchObject([
      { phone: '111' },
      { phone: '222' },
      { email: 'later@example.com' },
    ])
  })

  it('that are there already are adopted, overwritten or refused, and get their addresses', async () => {
    for (const existing of ['refuse', 'adopt', 'overwrite'] as const) {
      open()
      const theirs = shops.old.state.customers.list().slice(0, 4)
      for (const { id: _id, ...one } of theirs)
        shops.fresh.state.customers.insert({
          ...one,
          email: one.email.toUpperCase(),
          phone: '999',
          customer_group_id: 0,
        } as never)
      const report = await shops.migrate({ existing })
      const people = report.resources.find(({ resource }) => resource === 'customers')
      expect([existing, people?.created, people?.adopted]).toEqual([existing, 10, existing === 'refuse' ? 0 : 4])
      expect(shops.fresh.state.customers.size).toBe(14)
      const nines = shops.fresh.state.customers.list().filter(({ phone }) => phone === '999').length
      expect(nines).toBe(existing === 'overwrite' ? 0 : 4)
      if (existing !== 'refuse') {
        for (const sql of [ADDRESSES, VALUES]) same(sql.replaceAll('c.email', 'lower(c.email) AS email'))
        expect(await shops.migrate({ existing })).toMatchObject({ requests: { write: 0 } })
      }
      if (existing !== 'overwrite') shops.close()
    }
  })
})
