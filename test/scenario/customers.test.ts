import { afterEach, describe, expect, it } from 'vitest'
import { planSync, pullStore, pushPlan, rehearsePlan, syncOne, undoRun, verifyStore } from '../../src/app/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, ends, writes } from '../support/shop-tools.ts'

let shop: Shop
/** What lies between the client and the store. */
let between: ((inner: Fetch, ...request: Parameters<Fetch>) => ReturnType<Fetch>) | null = null
afterEach(() => {
  between = null
  shop.close()
})

const LOOSE = { maxChanges: false, allChanged: false, maxCreates: false, maxSourceDrop: false } as const
const ALL = [
  'customer_groups',
  'customer_attributes',
  'customers',
  'customer_addresses',
  'customer_attribute_values',
  'customer_form_fields',
]

const common = { store: 'main', source: 'feed', guards: LOOSE } as const
const people = {
  ...common,
  resource: 'customers',
  key: { email: 'Email' },
  fields: {
    first_name: 'First',
    last_name: 'Last',
    company: 'Company',
    notes: { from: 'Notes', blank: 'clear' },
    customer_group_id: { from: 'Group', names: true },
  },
  create: true,
} as const
const SYNCS = {
  people,
  parts: {
    ...people,
    fields: { ...people.fields, 'attribute:1': 'Manager', 'attribute:2': 'Limit', 'form:Heard of us': 'Heard' },
  },
  book: {
    ...common,
    resource: 'customer_addresses',
    key: { customer_id: { from: 'Email', names: true }, postal_code: 'Zip' },
    fields: {
      first_name: 'First',
      last_name: 'Last',
      address1: 'Street',
      city: 'City',
      state_or_province: 'State',
      country_code: 'Country',
    },
    create: true,
  },
  answers: {
    ...common,
    resource: 'customer_form_fields',
    key: { customer_id: { from: 'Email', names: true }, name: 'Field' },
    fields: { value: 'Answer' },
    create: true,
  },
  groups: {
    ...common,
    resource: 'customer_groups',
    key: { name: 'Group' },
    fields: { discount_rules: 'Rules' },
    create: true,
  },
  attributes: {
    ...common,
    resource: 'customer_attributes',
    key: { name: 'Attribute' },
    fields: { type: 'Type' },
    create: true,
  },
}

const open = async (
  sync: keyof typeof SYNCS,
  { customers = 12, resources = ALL }: { customers?: number; resources?: readonly string[] } = {},
): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, customers, plan: 'unlimited' },
    store: { resources: ['store_information', ...resources] },
    fetch: (inner) => (url, init) => (between ? between(inner, url, init) : inner(url, init)),
    syncs: resources === ALL ? { [sync]: SYNCS[sync] } : {},
  })
  shop.clock.advance(60_000)
  await pullStore(shop.workspace, 'main', { full: true })
}

const sync = async (name: string) => {
  shop.clock.advance(60_000)
  return syncOne(shop.workspace, name, { approvedBy: 'test', dryRun: false, allow: [] })
}
const plan = async (name: string) =>
  (await planSync(shop.workspace, name, { allow: [], staleOk: false, only: null })).plan
const push = (id: string) => pushPlan(shop.workspace, id, { approvedBy: 'test', allow: [], only: null })
const pull = async (full = true) => {
  shop.clock.advance(60_000)
  await pullStore(shop.workspace, 'main', { full })
}
const customer = (email: string) => {
  const [row] = shop.emulator.state.customers.where('email', email.toLowerCase())
  if (!row) throw new Error(`nobody is ${email}`)
  return row
}
const sent = (mark: number) => writes(shop, mark).map(({ method, path, body }) => `${method} ${path} ${body?.length}`)
const HEAD = ['Email', 'First', 'Last', 'Company', 'Notes', 'Group']

describe('a pull', () => {
  it('brings customers with what belongs to them in one request, and groups and attributes', async () => {
    await open('people')
    const counts = ALL.map((name) => [name, shop.rows(`SELECT count(*) AS n FROM ${name}`)[0]?.['n']])
    const { state } = shop.emulator
    const answers = state.customers.list().reduce((sum, { form_fields }) => sum + form_fields.length, 0)
    expect(Object.fromEntries(counts)).toEqual({
      customer_groups: 3,
      customer_attributes: 2,
      customers: 12,
      customer_addresses: state.customerAddresses.size,
      customer_attribute_values: state.customerAttributeValues.size,
      customer_form_fields: answers,
    })
    const asked = shop.emulator.requests.filter(({ path }) => path.startsWith('/v3/customers?'))
    expect(asked.map(({ path }) => path)).toEqual(['/v3/customers?include=addresses,attributes,formfields&limit=250'])
  })

  it('leaves the address book out where only customers are named', async () => {
    await open('people', { resources: ['customers'] })
    expect(shop.rows('SELECT count(*) AS n FROM customers')).toEqual([{ n: 12 }])
    expect(shop.rows('SELECT count(*) AS n FROM customer_addresses')).toEqual([{ n: 0 }])
  })

  it('asks nothing of customers where nobody names them', async () => {
    await open('people', { resources: ['brands'] })
    expect(shop.emulator.requests.filter(({ path }) => path.includes('customer'))).toEqual([])
  })

  it('of changes brings who changed, and a full one finds who is gone', async () => {
    await open('people')
    const [first, second] = shop.emulator.state.customers.list()
    await elsewhere(shop, 'PUT', '/v3/customers', [{ id: first?.id, notes: 'Called.' }])
    await elsewhere(shop, 'DELETE', `/v3/customers?id:in=${second?.id}`)
    await pull(false)
    expect(shop.rows(`SELECT notes FROM customers WHERE id = ${first?.id}`)).toEqual([{ notes: 'Called.' }])
    await pull()
    expect(shop.rows('SELECT count(*) AS n FROM customers')).toEqual([{ n: 11 }])
  })

  it('reads three thousand customers in pages of 250', async () => {
    await open('people', { customers: 3000 })
    expect(shop.rows('SELECT count(*) AS n FROM customers')).toEqual([{ n: 3000 }])
    expect(shop.emulator.requests.filter(({ path }) => path.startsWith('/v3/customers?include'))).toHaveLength(12)
  })
})

describe('a sync of customers', () => {
  it('updates them by e-mail whatever its case, makes new ones, and has nothing to do afterwards', async () => {
    await open('people')
    const [first, second] = shop.emulator.state.customers.list()
    const mark = shop.emulator.log.length
    shop.feed([
      HEAD,
      [first?.email.toUpperCase() ?? '', 'Ann', 'Bell', 'Bell Ltd', '', 'friends'],
      [second?.email ?? '', second?.first_name ?? '', second?.last_name ?? '', 'Same & Co.', 'Pays late', 'Trade'],
      ['new@example.com', 'Nora', 'New', '', 'Met at the fair', 'Retail'],
    ])
    expect(await sync('people')).toMatchObject({ state: 'complete', counts: { applied: 3 } })
    expect(customer(first?.email ?? '')).toMatchObject({ first_name: 'Ann', company: 'Bell Ltd', customer_group_id: 2 })
    expect(customer('new@example.com')).toMatchObject({ notes: 'Met at the fair', customer_group_id: 3 })
    expect(sent(mark).sort()).toEqual(['POST /v3/customers 1', 'PUT /v3/customers 2'])
    expect(await sync('people')).toMatchObject({ summary: { create: 0, update: 0, unchanged: 3 } })
    expect(sent(mark)).toHaveLength(2)
    await pull()
    expect(await verifyStore(shop.workspace, 'main', { syncs: ['people'] })).toMatchObject({ exit: 0, drift: {} })
  })

  it('splits a batch of ten that holds an e-mail somebody took meanwhile until that row is known', async () => {
    await open('people')
    const emails = Array.from({ length: 10 }, (_, place) => `n${place}@example.com`)
    shop.feed([HEAD, ...emails.map((email, place) => [email, 'N', `No ${place}`, '', '', 'Retail'])])
    const { plan: id } = await plan('people')
    await elsewhere(shop, 'POST', '/v3/customers', [{ email: 'N7@Example.com', first_name: 'X', last_name: 'Y' }])
    const mark = shop.emulator.log.length
    const report = await push(id)
    expect(ends(report)).toEqual({ applied: 9, failed: 1 })
    expect(report.rows.find(({ state }) => state === 'failed')).toMatchObject({
      key: { email: 'n7@example.com' },
      reason: expect.stringContaining('already in use'),
    })
    const asked = shop.emulator.requests.filter(({ method }) => method === 'POST').slice(1)
    expect(asked.map(({ status }) => status).sort()).toEqual([200, 200, 200, 422, 422, 422, 422])
    expect(sent(mark).every((one) => one.startsWith('POST /v3/customers '))).toBe(true)
    expect(emails.map((email) => customer(email).last_name)).toEqual(
      emails.map((_, place) => (place === 7 ? 'Y' : `No ${place}`)),
    )
  })

  it('knows each new one by its e-mail, in whatever order the store answers', async () => {
    await open('people')
    between = async (inner, url, init) => {
      const answer = await inner(url, init)
      if (init?.method !== 'POST') return answer
      const { data, meta } = JSON.parse(Buffer.from(await answer.arrayBuffer()).toString())
      return new Response(JSON.stringify({ data: data.reverse(), meta }), { status: answer.status })
    }
    const emails = ['a@example.com', 'b@example.com', 'c@example.com']
    shop.feed([HEAD, ...emails.map((email) => [email, 'First', email, '', '', 'Retail'])])
    const report = await sync('people')
    // One taken for another would count as altered by the store.
    expect(report.rows.map(({ state, reason }) => [state, reason])).toEqual(emails.map(() => ['applied', null]))
    for (const email of emails) {
      const [row] = shop.rows(`SELECT id, last_name FROM customers WHERE email = '${email}'`)
      expect(row).toEqual({ id: customer(email).id, last_name: email })
    }
  })

  it('is foretold by a rehearsal, and undone where it changed somebody', async () => {
    await open('people')
    const [first] = shop.emulator.state.customers.list()
    shop.feed([HEAD, [first?.email ?? '', first?.first_name ?? '', first?.last_name ?? '', 'Other', '', 'Trade']])
    const { plan: id } = await plan('people')
    expect(await rehearsePlan(shop.workspace, id, undefined)).toMatchObject({ counts: { applied: 1 } })
    const { run } = await push(id)
    expect(customer(first?.email ?? '')['company']).toBe('Other')
    await pull()
    const { plan: back } = await undoRun(shop.workspace, run, { store: undefined, allow: [] })
    await push(back.plan)
    expect(customer(first?.email ?? '')).toMatchObject({
      company: first?.['company'],
      customer_group_id: first?.customer_group_id,
    })
  })

  it('rejects a group that the store does not have', async () => {
    await open('people')
    shop.feed([HEAD, ['new@example.com', 'N', 'N', '', '', 'Wholesale']])
    expect((await plan('people')).rejected).toMatchObject([
      { column: 'Group', reason: 'no name among the customer_groups of the store' },
    ])
  })
})

describe('columns that belong to customers', () => {
  const MORE = [...HEAD, 'Manager', 'Limit', 'Heard']
  const valuesOf = (email: string) =>
    Object.fromEntries(
      shop.emulator.state.customerAttributeValues
        .where('customer', customer(email).id)
        .map(({ attribute_id, attribute_value }) => [attribute_id, attribute_value]),
    )

  it('ride in the request that makes them, are saved for those that are there, and settle', async () => {
    await open('parts')
    const two = shop.emulator.state.customers.list().slice(0, 2)
    const mark = shop.emulator.log.length
    const there = two.map(({ email, first_name, last_name, ...row }) => [
      ...[email, first_name, last_name, String(row['company']), '', ''],
      ...['P. Ito', '750', 'Radio'],
    ])
    shop.feed([MORE, ...there, ['new@example.com', 'N', 'New', '', '', 'Retail', 'P. Ito', '900', 'Radio']])
    expect(await sync('parts')).toMatchObject({
      state: 'complete',
      counts: { applied: 1 },
      parts: [{ sync: 'parts.customer_attribute_values' }, { sync: 'parts.customer_form_fields' }],
    })
    for (const { email } of two) expect(valuesOf(email)).toEqual({ 1: 'P. Ito', 2: '750' })
    expect(valuesOf('new@example.com')).toEqual({ 1: 'P. Ito', 2: '900' })
    expect(sent(mark).slice(0, 2)).toEqual(['POST /v3/customers 1', 'PUT /v3/customers/attribute-values 4'])
    // Those who just got a value wait for the next run with their answers.
    await sync('parts')
    for (const email of [...two.map((row) => row.email), 'new@example.com'])
      expect(customer(email).form_fields).toContainEqual({ name: 'Heard of us', value: 'Radio' })
    await pull()
    const all = sent(mark)
    expect(await sync('parts')).toMatchObject({
      summary: { create: 0, update: 0 },
      parts: [{ summary: { create: 0, update: 0 } }, { summary: { create: 0, update: 0 } }],
    })
    expect(sent(mark)).toEqual(all)
  })

  it('with a text that the attribute does not take fail by row, and the others go through', async () => {
    await open('parts')
    const rows = shop.emulator.state.customers.list().slice(0, 4)
    shop.feed([
      MORE,
      ...rows.map(({ email, first_name, last_name, ...row }, place) => [
        ...[email, first_name, last_name, String(row['company']), '', ''],
        ...['', place === 2 ? 'plenty' : '321', ''],
      ]),
    ])
    const report = await sync('parts')
    expect(report.parts?.[0]).toMatchObject({ counts: { applied: 3, failed: 1 } })
    expect(rows.map(({ email }) => valuesOf(email)[2] === '321')).toEqual([true, true, false, true])
  })

  it('lie together by customer in a request, so that a place which a refusal names is no place of a row', async () => {
    await open('answers')
    const [a, b] = shop.emulator.state.customers.list()
    shop.feed([
      ['Email', 'Field', 'Answer'],
      [a?.email ?? '', 'Size', 'S'],
      [a?.email ?? '', 'Hat', 'yes'],
      [b?.email ?? '', 'Size', 'vast'],
    ])
    between = async (inner, url, init) => {
      const sent = init?.method === 'PUT' ? (JSON.parse(String(init.body)) as object[]) : []
      const place = sent.findIndex((one) => JSON.stringify(one).includes('vast'))
      if (place < 0) return inner(url, init)
      const refusal = { status: 422, title: 'Refused.', errors: { [`${place}.form_fields`]: 'no such choice' } }
      return new Response(JSON.stringify(refusal), { status: 422, headers: { 'Content-Type': 'application/json' } })
    }
    const report = await sync('answers')
    expect(report.rows.map(({ key, state }) => [key['customer_id'], key['name'], state])).toEqual([
      [a?.id, 'Size', 'applied'],
      [a?.id, 'Hat', 'applied'],
      [b?.id, 'Size', 'failed'],
    ])
  })

  it('are counted as made after a lost answer only when they are there', async () => {
    await open('parts')
    let lost = 0
    between = async (inner, url, init) => {
      const answer = await inner(url, init)
      if (init?.method !== 'POST' || lost) return answer
      lost += 1
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
    }
    shop.feed([MORE, ['new@example.com', 'N', 'New', '', '', 'Retail', 'P. Ito', '900', 'Radio']])
    const mark = shop.emulator.log.length
    expect(await sync('parts')).toMatchObject({ counts: { applied: 1 } })
    expect(sent(mark)).toEqual(['POST /v3/customers 1'])
  })
})

describe('a sync of addresses', () => {
  const BOOK = ['Email', 'Zip', 'First', 'Last', 'Street', 'City', 'State', 'Country']
  const booked = (email: string) => shop.emulator.state.customerAddresses.where('customer', customer(email).id)
  const ofBook = (email: string, street: string, zip?: string) => {
    const row = booked(email)[0] ?? {}
    const { first_name, last_name, postal_code, city, state_or_province } = row as Record<string, string>
    return [email, zip ?? postal_code, first_name, last_name, street, city, state_or_province, 'US'] as string[]
  }
  const withBook = () => {
    const [row] = shop.emulator.state.customerAddresses.list()
    return shop.emulator.state.customers.get(row?.customer_id ?? 0)?.email ?? ''
  }

  it('updates an address by the e-mail and the postal code, and makes one that is not there', async () => {
    await open('book')
    const email = withBook()
    const before = booked(email).length
    const mark = shop.emulator.log.length
    shop.feed([BOOK, ofBook(email, '7 New Road'), ofBook(email, '8 Far Lane', '00501')])
    expect(await sync('book')).toMatchObject({ state: 'complete', counts: { applied: 2 } })
    expect(sent(mark).sort()).toEqual(['POST /v3/customers/addresses 1', 'PUT /v3/customers/addresses 1'])
    expect(booked(email)).toHaveLength(before + 1)
    expect(booked(email)[0]).toMatchObject({ address1: '7 New Road' })
    expect(booked(email).at(-1)).toMatchObject({ address1: '8 Far Lane', postal_code: '00501' })
    await pull()
    expect(await sync('book')).toMatchObject({ summary: { create: 0, update: 0, unchanged: 2 } })
  })

  it('tells of an address that would be the same as another, which the store leaves as it was', async () => {
    await open('book')
    const email = withBook()
    const { id: _id, customer_id, country: _country, ...twin } = booked(email)[0] ?? { id: 0, customer_id: 0 }
    await elsewhere(shop, 'POST', '/v3/customers/addresses', [
      { ...twin, customer_id, postal_code: '99999', address1: '7 New Road' },
    ])
    await pull()
    const other = booked(email).at(-1)
    shop.feed([BOOK, ofBook(email, '9 Third Way', '99999')])
    const { plan: id } = await plan('book')
    await elsewhere(shop, 'POST', '/v3/customers/addresses', [
      { ...twin, customer_id, postal_code: '99999', address1: '9 Third Way' },
    ])
    const report = await push(id)
    expect(report.rows).toMatchObject([{ state: 'failed', reason: expect.stringContaining('left this one as it was') }])
    expect(booked(email).find((row) => row.id === other?.id)).toMatchObject({ address1: '7 New Road' })
  })

  it('counts a new address as made where the store had it already and left it out of the answer', async () => {
    await open('book')
    const email = withBook()
    const { id: _id, customer_id, country: _country, ...one } = booked(email)[0] ?? { id: 0, customer_id: 0 }
    shop.feed([BOOK, ofBook(email, '9 Third Way', '11111'), ofBook(email, '10 Fourth Way', '22222')])
    const { plan: id } = await plan('book')
    between = async (inner, url, init) => {
      // Right after the reading of the rows, somebody types the same address in.
      if (init?.method === 'POST' && !booked(email).some((row) => row['postal_code'] === '11111'))
        shop.emulator.state.customerAddresses.insert({
          ...one,
          ...{ customer_id, company: '', phone: '', address2: '', address_type: 'residential' },
          ...{ country: 'United States', postal_code: '11111', address1: '9 Third Way' },
        })
      return inner(url, init)
    }
    expect(ends(await push(id))).toEqual({ applied: 2 })
    expect(booked(email).filter((row) => row['postal_code'] === '11111')).toHaveLength(1)
  })
})

describe('a rehearsal', () => {
  it('of orders goes through where their customers are not mirrored', async () => {
    shop = openShop({
      emulator: { products: 10, orders: 6, plan: 'unlimited' },
      store: { resources: ['store_information', 'orders'] },
      syncs: { notes: { ...common, resource: 'orders', key: { id: 'Order' }, fields: { staff_notes: 'Note' } } },
    })
    shop.clock.advance(60_000)
    await pullStore(shop.workspace, 'main', { full: true })
    shop.feed([['Order', 'Note'], ...shop.emulator.state.orders.list().map(({ id }) => [id, 'Packed'])])
    const { plan: id } = await plan('notes')
    expect(await rehearsePlan(shop.workspace, id, undefined)).toMatchObject({ counts: { failed: 0 } })
  })

  it('of attributes’ values goes through where the attributes are not mirrored', async () => {
    shop = openShop({
      emulator: { products: 0, customers: 12, plan: 'unlimited' },
      store: { resources: ['store_information', 'customers', 'customer_attribute_values'] },
      syncs: {
        limits: {
          ...common,
          resource: 'customer_attribute_values',
          key: { customer_id: { from: 'Email', names: true }, attribute_id: { value: '2' } },
          fields: { attribute_value: 'Limit' },
          create: true,
        },
      },
    })
    shop.clock.advance(60_000)
    await pullStore(shop.workspace, 'main', { full: true })
    const emails = shop.emulator.state.customers.list().map(({ email }) => email)
    shop.feed([['Email', 'Limit'], ...emails.map((email) => [email, '77'])])
    const { plan: id } = await plan('limits')
    expect(await rehearsePlan(shop.workspace, id, undefined)).toMatchObject({ counts: { applied: 12, failed: 0 } })
    expect(ends(await push(id))).toEqual({ applied: 12 })
    await pull()
    expect(await sync('limits')).toMatchObject({ summary: { create: 0, update: 0, unchanged: 12 } })
  })
})

describe('syncs of groups and attributes', () => {
  it('make groups with their discounts, and replace the whole list of one that is there', async () => {
    await open('groups')
    const rule = (amount: string) => JSON.stringify([{ type: 'all', method: 'percent', amount }])
    shop.feed([
      ['Group', 'Rules'],
      ['Friends', rule('15.0000')],
      ['Staff', rule('30.0000')],
    ])
    const mark = shop.emulator.log.length
    expect(await sync('groups')).toMatchObject({ counts: { applied: 2 } })
    expect(
      writes(shop, mark)
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    ).toEqual(['POST /v2/customer_groups', 'PUT /v2/customer_groups/2'])
    const held = Object.fromEntries(
      shop.emulator.state.customerGroups.list().map(({ name, ...row }) => [name, row['discount_rules']]),
    )
    expect(held).toMatchObject({ Friends: [{ amount: '15.0000' }], Staff: [{ amount: '30.0000' }] })
    expect(await sync('groups')).toMatchObject({ summary: { create: 0, update: 0 } })
  })

  it('make attributes once, and never change their type', async () => {
    await open('attributes')
    shop.feed([
      ['Attribute', 'Type'],
      ['Credit limit', 'number'],
      ['Region', 'string'],
    ])
    expect(await sync('attributes')).toMatchObject({ counts: { applied: 1 } })
    expect(await sync('attributes')).toMatchObject({ summary: { create: 0, update: 0, unchanged: 2 } })
    shop.feed([
      ['Attribute', 'Type'],
      ['Credit limit', 'string'],
      ['Region', 'string'],
    ])
    const { changes, rejected } = await plan('attributes')
    expect(changes).toEqual([])
    expect(rejected).toMatchObject([{ column: 'Type', reason: expect.stringContaining('in new rows only') }])
    expect(shop.emulator.state.customerAttributes.list().map(({ name }) => name)).toEqual([
      'Account manager',
      'Credit limit',
      'Region',
    ])
  })
})
