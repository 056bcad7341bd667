import { describe, expect, it } from 'vitest'
import { catalog } from '../../../src/resources/index.ts'
import { readWritten, writeRequest } from '../../../src/store/write.ts'

const resource = (name: string) => catalog.resources.get(name)!
const route = (name: string, nth = 0) => resource(name).api.update![nth]!
const write = (name: string, rows: Parameters<typeof writeRequest>[2], nth = 0) =>
  writeRequest(resource(name), route(name, nth), rows)

describe('the body of a write', () => {
  it('is a list of rows with what names them and what they set', () => {
    expect(
      write('products', [
        { id: { id: 77 }, set: { price: '199.95', is_visible: false } },
        { id: { id: 78 }, set: { categories: [2, 5] } },
      ]),
    ).toEqual({
      path: '/v3/catalog/products',
      body: [
        { id: 77, price: 199.95, is_visible: false },
        { id: 78, categories: [2, 5] },
      ],
    })
  })

  it('says "not set" in the API’s own way', () => {
    expect(write('products', [{ id: { id: 77 }, set: { sale_price: null, upc: null } }]).body).toEqual([
      { id: 77, sale_price: 0, upc: '' },
    ])
    expect(write('variants', [{ id: { id: 5 }, set: { sale_price: null } }]).body).toEqual([
      { id: 5, sale_price: null },
    ])
  })

  it('takes along what a request would clear by leaving it out, and leaves out what is not set', () => {
    const tiers = [{ quantity_min: 10, quantity_max: null, type: 'percent', amount: 5 }]
    const id = { price_list_id: 3, variant_id: 5, currency: 'eur' }
    const along = { price: '9', retail_price: null, bulk_pricing_tiers: tiers }
    expect(
      write('price_list_records', [
        { id, set: { sale_price: '8.5' }, along },
        { id: { price_list_id: 3, sku: 'B', currency: 'eur' }, set: { price: '4', sale_price: null } },
      ]),
    ).toEqual({
      path: '/v3/pricelists/3/records',
      body: [
        {
          variant_id: 5,
          currency: 'eur',
          price: 9,
          sale_price: 8.5,
          bulk_pricing_tiers: [{ quantity_min: 10, type: 'percent', amount: 5 }],
        },
        { sku: 'B', currency: 'eur', price: 4 },
      ],
    })
  })

  it('names each thing that rows belong to once, with all of its rows', () => {
    const id = (customer_id: number, name: string) => ({ customer_id, name })
    expect(
      write('customer_form_fields', [
        { id: id(4, 'Size'), set: { value: 'XL' } },
        { id: id(5, 'Size'), set: { value: 7 } },
        { id: id(4, 'Colours'), set: { value: ['red', 'blue'] } },
      ]),
    ).toEqual({
      path: '/v3/customers',
      body: [
        {
          id: 4,
          form_fields: [
            { name: 'Size', value: 'XL' },
            { name: 'Colours', value: ['red', 'blue'] },
          ],
        },
        { id: 5, form_fields: [{ name: 'Size', value: 7 }] },
      ],
    })
  })

  it('holds with each new row of a batch what is made with it', () => {
    const { create } = resource('customers').api
    const set = (email: string) => ({ email, first_name: 'A', last_name: 'B', force_password_reset: true })
    const nested = { addresses: [{ address1: '4 Elm Row' }] }
    const rows = [
      { id: {}, set: set('a@example.com'), nested },
      { id: {}, set: set('b@example.com') },
    ]
    const told = { first_name: 'A', last_name: 'B', authentication: { force_password_reset: true } }
    expect(writeRequest(resource('customers'), create!, rows).body).toEqual([
      { email: 'a@example.com', ...told, ...nested },
      { email: 'b@example.com', ...told },
    ])
  })

  it('is of one path only', () => {
    const rows = [3, 4].map((list) => ({
      id: { price_list_id: list, variant_id: 5, currency: 'eur' },
      set: { price: '9' },
    }))
    expect(() => write('price_list_records', rows)).toThrow('rows of several paths')
  })

  it('is one row whose keys are in the path', () => {
    expect(write('variants', [{ id: { id: 5, product_id: 77 }, set: { mpn: 'M' } }], 1)).toEqual({
      path: '/v3/catalog/products/77/variants/5',
      body: { mpn: 'M' },
    })
  })

  it('wraps the rows, writes under the other name and names the row by the first key that it has', () => {
    const set = { total_inventory_onhand: 12 }
    expect(
      write('inventory_items', [
        { id: { location_id: 1, product_id: 77, variant_id: 5 }, set },
        { id: { location_id: 1, product_id: 78 }, set },
        { id: { location_id: 1, product_id: 79, variant_id: 0 }, set },
      ]).body,
    ).toEqual({
      items: [
        { location_id: 1, variant_id: 5, quantity: 12 },
        { location_id: 1, product_id: 78, quantity: 12 },
        { location_id: 1, product_id: 79, quantity: 12 },
      ],
    })
  })

  it('nests a field that lies deeper in the body', () => {
    const fields = { ...resource('brands').fields, path: { kind: 'text', at: 'url.path' } as const }
    const brands = { ...resource('brands'), fields }
    expect(writeRequest(brands, route('brands'), [{ id: { id: 1 }, set: { path: '/x/' } }])).toEqual({
      path: '/v3/catalog/brands/1',
      body: { url: { path: '/x/' } },
    })
  })

  it('holds what only a create sets, and of that what the store does not know by itself', () => {
    const { create, createOther, update = [] } = resource('variants').api
    const choice = { id: 11, label: 'S', option_id: 1, option_display_name: 'Size' }
    const row = { id: { product_id: 77 }, set: { sku: 'A-S', option_values: [choice], price: '5' } }
    const body = { sku: 'A-S', option_values: [{ id: 11, option_id: 1 }], price: 5 }
    expect(writeRequest(resource('variants'), create!, [row]).body).toEqual([{ product_id: 77, ...body }])
    expect(writeRequest(resource('variants'), createOther!, [row])).toEqual({
      path: '/v3/catalog/products/77/variants',
      body,
    })
    expect(() => writeRequest(resource('variants'), update[1]!, [{ ...row, id: { product_id: 77, id: 5 } }])).toThrow(
      'variants.option_values, which is read-only',
    )
  })

  it('is none for a delete', () => {
    expect(writeRequest(resource('brands'), resource('brands').api.delete!, [{ id: { id: 9 }, set: {} }])).toEqual({
      path: '/v3/catalog/brands/9',
      body: undefined,
    })
  })

  it('S32, S7: keeps a key from reaching another path', () => {
    expect(write('brands', [{ id: { id: '1/../2?x' }, set: {} }]).path).toBe('/v3/catalog/brands/1%2F..%2F2%3Fx')
  })

  it('refuses rows that do not fit', () => {
    const row = { id: { id: 1 }, set: {} }
    expect(() => write('products', [])).toThrow('0 rows instead of 1 to 10')
    expect(() => write('products', Array(11).fill(row))).toThrow('11 rows instead of 1 to 10')
    expect(() => write('brands', [row, row])).toThrow('2 rows instead of 1 to 1')
    expect(() => write('products', [{ id: {}, set: {} }])).toThrow('a row without id')
    expect(() => write('products', [{ id: { id: 1 }, set: { prize: 1 } }])).toThrow(
      'products.prize, which does not exist',
    )
    expect(() => write('products', [{ id: { id: 1 }, set: { total_sold: 1 } }])).toThrow('which is read-only')
    expect(() => write('inventory_items', [{ id: { location_id: 1 }, set: {} }])).toThrow(
      'without variant_id or product_id',
    )
  })
})

describe('what an answer says was written', () => {
  const read = (name: string, rows: number, status: number, json: unknown, nth = 0) =>
    readWritten(route(name, nth), rows, 'URL was not saved', { status, json, text: '', header: () => null })

  it('is the saved rows', () => {
    expect(read('products', 2, 200, { data: [{ id: 1 }, { id: 2 }], meta: {} })).toEqual({
      kind: 'yes',
      status: 200,
      echo: [{ id: 1 }, { id: 2 }],
    })
  })

  it('is the one saved row of v3, and the bare object of v2', () => {
    expect(read('brands', 1, 200, { data: { id: 1 }, meta: null })).toMatchObject({ kind: 'yes', echo: [{ id: 1 }] })
    expect(read('orders', 1, 200, { id: 100 })).toMatchObject({ kind: 'yes', echo: [{ id: 100 }] })
  })

  it('is nothing where the route promises no rows', () => {
    expect(read('inventory_items', 2, 200, { transaction_id: 'x' })).toEqual({ kind: 'yes', status: 200, echo: null })
    expect(read('categories', 2, 200, { meta: {} })).toMatchObject({ kind: 'yes', echo: null })
  })

  it('is partial on 207, with what was saved and what was not', () => {
    expect(read('products', 1, 207, { data: [{ id: 1 }], errors: {} })).toEqual({
      kind: 'partial',
      status: 207,
      echo: [{ id: 1 }],
      message: 'URL was not saved',
    })
    expect(read('categories', 2, 207, { errors: {}, meta: {} })).toMatchObject({ kind: 'partial', echo: [] })
  })

  it('is partial when the answer lacks rows', () => {
    expect(read('products', 3, 200, { data: [{ id: 1 }] })).toMatchObject({
      kind: 'partial',
      message: 'the answer holds 1 of 3 rows',
    })
    expect(read('products', 3, 204, undefined)).toMatchObject({ kind: 'partial', echo: [] })
  })

  it.each([{}, { data: null }, { data: [null] }, [], null, 'ok', { data: {} }])('is not to be told from %j', (json) => {
    expect(() => read('products', 1, 200, json)).toThrow('without the rows that it saved')
  })
})
