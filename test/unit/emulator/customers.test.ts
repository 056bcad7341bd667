import { describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../../src/emulator/index.ts'
import { catalog } from '../../../src/resources/index.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const shop = (options: Partial<EmulatorOptions> = {}): Emulator =>
  createEmulator({
    catalog,
    clock: { now: () => NOW, elapsed: () => 0, sleep: async () => {} },
    products: 30,
    plan: 'unlimited',
    ...options,
  })

const ask = async (
  { fetch, origin, storeHash, accessToken }: Emulator,
  method: string,
  path: string,
  body?: unknown,
) => {
  const response = await fetch(`${origin}/stores/${storeHash}${path}`, {
    method,
    headers: { 'X-Auth-Token': accessToken, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : undefined }
}

describe('customers of an emulated store', () => {
  it('are the same for the same seed, and their number changes nothing else', () => {
    const [one, same, other, more] = [shop(), shop(), shop({ seed: 2 }), shop({ customers: 500 })]
    expect(same.state.customers.list()).toEqual(one.state.customers.list())
    expect(other.state.customers.list()).not.toEqual(one.state.customers.list())
    expect(more.state.customers.size).toBe(500)
    for (const table of ['products', 'variants', 'images', 'orders', 'orderLines', 'priceRecords'] as const)
      expect(more.state[table].list()).toEqual(one.state[table].list())
  })

  it('have e-mails of their own, addresses with full states, and groups that there are', () => {
    const { state } = shop({ customers: 3000 })
    const rows = state.customers.list()
    expect(rows).toHaveLength(3000)
    expect(new Set(rows.map(({ email }) => email.toLowerCase())).size).toBe(3000)
    expect(rows.every((row) => !row.customer_group_id || state.customerGroups.has(row.customer_group_id))).toBe(true)
    expect(state.customerAddresses.list().every((row) => String(row['state_or_province']).length > 3)).toBe(true)
    expect(state.customerAddresses.size).toBeGreaterThan(2000)
  })

  it('are not changed by an address or a value of an attribute, as far as their dates tell', async () => {
    const store = shop()
    const [customer] = store.state.customers.list()
    const value = { customer_id: customer?.id, attribute_id: 1, value: 'M. Okafor' }
    expect((await ask(store, 'PUT', '/v3/customers/attribute-values', [value])).status).toBe(200)
    expect(store.state.customers.get(customer?.id ?? 0)).toEqual(customer)
  })

  it('leave nothing of a batch behind that holds a bad row, what came with the good ones included', async () => {
    const store = shop()
    const before = [store.state.customers.list(), store.state.customerAttributeValues.list()]
    const person = { first_name: 'A', last_name: 'B', attributes: [{ attribute_id: 1, attribute_value: 'x' }] }
    const { status, body } = await ask(store, 'POST', '/v3/customers', [
      { ...person, email: 'new@example.com' },
      { ...person, email: 'other@example.com', attributes: [{ attribute_id: 2, attribute_value: 'no number' }] },
    ])
    expect([status, body.errors]).toEqual([422, { '1.value': 'is no number' }])
    expect([store.state.customers.list(), store.state.customerAttributeValues.list()]).toEqual(before)
  })

  it('have at most fifty attributes', async () => {
    const store = shop()
    const batch = (from: number, count: number) =>
      Array.from({ length: count }, (_, place) => ({ name: `Extra ${from + place}`, type: 'string' }))
    for (const from of [0, 10, 20, 30])
      expect((await ask(store, 'POST', '/v3/customers/attributes', batch(from, 10))).status).toBe(200)
    expect((await ask(store, 'POST', '/v3/customers/attributes', batch(40, 9))).status).toBe(422)
    expect((await ask(store, 'POST', '/v3/customers/attributes', batch(40, 8))).status).toBe(200)
    expect(store.state.customerAttributes.size).toBe(50)
  })

  it('get 429 beyond three changes at once', async () => {
    const store = shop()
    const change = () => ask(store, 'PUT', '/v3/customers', [{ id: 1, notes: 'x' }])
    const answers = await Promise.all([change(), change(), change(), change()])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429])
  })
})

describe('customer groups of an emulated store', () => {
  it('answer 204 where there are none', async () => {
    const store = shop()
    for (const { id } of store.state.customerGroups.list())
      expect((await ask(store, 'DELETE', `/v2/customer_groups/${id}`)).status).toBe(204)
    expect((await ask(store, 'GET', '/v2/customer_groups')).status).toBe(204)
    expect(store.state.customers.list().every((row) => row.customer_group_id === 0)).toBe(true)
  })

  it('have one group for guests, and one that new customers come into', async () => {
    const store = shop()
    const put = (id: number, body: object) => ask(store, 'PUT', `/v2/customer_groups/${id}`, body)
    expect((await put(1, { is_default: true })).status).toBe(200)
    expect(store.state.customerGroups.list().map((row) => row['is_default'])).toEqual([true, false, false])
    expect((await put(1, { is_group_for_guests: true })).status).toBe(200)
    expect((await put(2, { is_group_for_guests: true })).status).toBe(400)
  })
})
