import { describe, expect, it } from 'vitest'
import { openShop } from './shop.ts'

const STRUCTURED = 'include=consignments.line_items&consignment_structure=object'

describe('the list of orders', () => {
  const shop = openShop({ orders: 120 })
  const rows = shop.state.orders.list()

  it('is a bare array by ascending id, fifty a page', async () => {
    const { status, body } = await shop.get('/v2/orders')
    expect(status).toBe(200)
    expect(body).toHaveLength(50)
    const ids = body.map(({ id }: { id: number }) => id)
    expect(ids).toEqual([...ids].sort((a: number, b: number) => a - b))
  })

  it('answers an empty page with 204 and no body', async () => {
    expect(await shop.get('/v2/orders?min_id=999999')).toMatchObject({ status: 204, body: undefined })
    expect(await shop.get('/v2/orders?page=9&limit=50')).toMatchObject({ status: 204, body: undefined })
  })

  it('hides archived orders unless they are asked for, incomplete ones never', async () => {
    const archived = rows.filter((row) => row['is_deleted'] === true).map(({ id }) => id)
    const listed = await shop.get('/v2/orders?limit=250')
    expect(archived.length).toBeGreaterThan(0)
    expect(listed.body).toHaveLength(rows.length - archived.length)
    expect(listed.body.some((order: { status_id: number }) => order.status_id === 0)).toBe(true)
    const { body } = await shop.get('/v2/orders?is_deleted=true&limit=250')
    expect(body.map(({ id }: { id: number }) => id)).toEqual(archived)
  })

  it.each([
    ['min_id=150&max_id=160', (order: Order) => order.id >= 150 && order.id <= 160],
    ['status_id=10', (order: Order) => order.status_id === 10],
    ['customer_id=0', (order: Order) => order.customer_id === 0],
    ['min_total=200', (order: Order) => Number(order.total_inc_tax) >= 200],
    ['max_total=200', (order: Order) => Number(order.total_inc_tax) <= 200],
    ['payment_method=PayPal', (order: Order) => order.payment_method === 'PayPal'],
    ['channel_id=2', () => false],
    [
      'min_date_created=2026-01-10T00:00:00Z',
      (order: Order) => Date.parse(order.date_created) >= Date.parse('2026-01-10T00:00:00Z'),
    ],
    [
      `max_date_modified=${encodeURIComponent('Sat, 10 Jan 2026 00:00:00 +0000')}`,
      (order: Order) => Date.parse(order.date_modified) <= Date.parse('2026-01-10T00:00:00Z'),
    ],
  ])('filters by %s', async (query, passes) => {
    const all = (await shop.get('/v2/orders?limit=250')).body as Order[]
    const expected = all.filter(passes).map(({ id }) => id)
    const { body = [] } = await shop.get(`/v2/orders?limit=250&${query}`)
    expect(body.map(({ id }: Order) => id)).toEqual(expected)
  })

  it('finds orders by e-mail and by cart', async () => {
    const [first] = (await shop.get('/v2/orders?limit=250')).body
    const { body } = await shop.get(`/v2/orders?email=${encodeURIComponent(first.billing_address.email)}&limit=250`)
    expect(body.map(({ id }: Order) => id)).toContain(first.id)
    const withCart = rows.find((row) => row['cart_id'] !== null && row['is_deleted'] === false)
    expect((await shop.get(`/v2/orders?cart_id=${withCart?.['cart_id']}`)).body).toHaveLength(1)
  })

  it('sorts by the field and direction of one parameter', async () => {
    const { body } = await shop.get('/v2/orders?sort=date_modified:desc&limit=250')
    const times = body.map((order: Order) => Date.parse(order.date_modified))
    expect(times).toEqual([...times].sort((a, b) => b - a))
    expect((await shop.get('/v2/orders?sort=total')).status).toBe(400)
  })

  it('refuses a parameter that it does not know, in the v2 form', async () => {
    expect(await shop.get('/v2/orders?date_modified=1')).toMatchObject({
      status: 400,
      body: [{ status: 400, message: "The field 'date_modified' is not supported by this resource." }],
    })
    expect((await shop.get('/v2/orders?min_date_modified=soon')).status).toBe(400)
  })

  it('gives money as text with four places and dates in RFC 2822', async () => {
    const [order] = (await shop.get('/v2/orders?limit=1')).body
    for (const field of ['total_inc_tax', 'subtotal_ex_tax', 'discount_amount'])
      expect(order[field]).toMatch(/^\d+\.\d{4}$/)
    expect(order.date_created).toMatch(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000$/)
    const cents = (value: string) => Math.round(Number(value) * 10_000)
    expect(cents(order.total_ex_tax) + cents(order.total_tax)).toBe(cents(order.total_inc_tax))
  })

  it('links to the parts, or brings the lines along when both parameters ask for it', async () => {
    const [linked] = (await shop.get('/v2/orders?limit=1')).body
    expect(linked.consignments.resource).toBe(`/orders/${linked.id}/consignments`)
    expect((await shop.get('/v2/orders?limit=1&include=consignments.line_items')).body[0].consignments).toEqual(
      linked.consignments,
    )
    const [whole] = (await shop.get(`/v2/orders?limit=1&${STRUCTURED}`)).body
    const lines = (await shop.get(`/v2/orders/${linked.id}/products`)).body
    expect(whole.consignments.shipping[0].line_items).toEqual(lines)
    expect(whole.consignments.shipping[0].cost_ex_tax).toBeTypeOf('number')
    const [short] = (await shop.get('/v2/orders?limit=1&include=consignments&consignment_structure=object')).body
    expect(short.consignments.shipping[0].line_items[0].resource).toBe(`/orders/${linked.id}/products/${lines[0].id}`)
    expect((await shop.get('/v2/orders?limit=1&include=fees')).body[0].fees).toEqual([])
  })
})

describe('the count of orders', () => {
  it('tells every status and their sum, with the filters of the list', async () => {
    const shop = openShop({ orders: 80 })
    const { body } = await shop.get('/v2/orders/count')
    const listed = (await shop.get('/v2/orders?limit=250')).body as Order[]
    expect(body.statuses).toHaveLength(15)
    expect(body.count).toBe(listed.length)
    const completed = body.statuses.find(({ id }: { id: number }) => id === 10)
    expect(completed.count).toBe(listed.filter(({ status_id }) => status_id === 10).length)
    expect((await shop.get('/v2/orders/count?status_id=10')).body.count).toBe(completed.count)
  })
})

describe('one order', () => {
  it('has lines, addresses in both spellings, and empty lists as 204', async () => {
    const shop = openShop({ orders: 5 })
    const lines = (await shop.get('/v2/orders/100/products')).body
    expect(lines[0]).toMatchObject({ order_id: 100, quantity: expect.any(Number) })
    expect((await shop.get(`/v2/orders/100/products/${lines[0].id}`)).body).toEqual(lines[0])
    const addresses = await shop.get('/v2/orders/100/shipping_addresses')
    expect(addresses.body[0].cost_ex_tax).toMatch(/^\d+\.\d{4}$/)
    expect((await shop.get('/v2/orders/100/shippingaddresses')).body).toEqual(addresses.body)
    expect((await shop.get('/v2/orders/100/fees')).status).toBe(204)
    expect((await shop.get('/v2/order_statuses')).body).toHaveLength(15)
  })

  it('that is unknown is 404 as an array', async () => {
    const shop = openShop({ orders: 1 })
    const missing = [{ status: 404, message: 'The requested resource was not found.' }]
    for (const path of ['/v2/orders/9', '/v2/orders/9/products', '/v2/orders/100/products/9']) {
      expect(await shop.get(path)).toMatchObject({ status: 404, body: missing })
    }
  })

  it('takes a new status, which changes its labels and its date', async () => {
    const shop = openShop({ orders: 5 })
    shop.pass(60_000)
    const { status, body } = await shop.ask('PUT', '/v2/orders/101', { status_id: 2, staff_notes: 'Packed.' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: 101,
      status_id: 2,
      status: 'Shipped',
      custom_status: 'Shipped',
      staff_notes: 'Packed.',
    })
    expect(body.date_modified).toBe('Sun, 01 Mar 2026 12:01:00 +0000')
    const since = await shop.get('/v2/orders?min_date_modified=2026-03-01T12:01:00Z')
    expect(since.body.map(({ id }: Order) => id)).toEqual([101])
  })

  it('refuses what only the server writes, and changes nothing', async () => {
    const shop = openShop({ orders: 5 })
    const before = (await shop.get('/v2/orders/101')).body
    expect(await shop.ask('PUT', '/v2/orders/101', { staff_notes: 'x', total_tax: '1.0000' })).toMatchObject({
      status: 400,
      body: [
        {
          status: 400,
          message:
            "The field 'total_tax' cannot be written to. Please remove it from your request before trying again.",
        },
      ],
    })
    expect((await shop.ask('PUT', '/v2/orders/101', { status_id: 15 })).status).toBe(400)
    expect((await shop.get('/v2/orders/101')).body).toEqual(before)
  })

  it('is archived by DELETE and stays readable by its id', async () => {
    const shop = openShop({ orders: 5 })
    expect((await shop.ask('DELETE', '/v2/orders/102')).status).toBe(204)
    expect((await shop.get('/v2/orders/102')).body.is_deleted).toBe(true)
    const { body } = await shop.get('/v2/orders?limit=250')
    expect(body.map(({ id }: Order) => id)).not.toContain(102)
  })
})

interface Order {
  readonly id: number
  readonly status_id: number
  readonly customer_id: number
  readonly total_inc_tax: string
  readonly payment_method: string
  readonly date_created: string
  readonly date_modified: string
}
