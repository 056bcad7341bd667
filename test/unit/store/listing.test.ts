import { describe, expect, it } from 'vitest'
import { olderCatalog } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import { oneRequest, pageRequest, totalRequest } from '../../../src/store/listing.ts'

const resource = (name: string) => catalog.resources.get(name)!
const within = (name: string) => resource(name).api.within!
const products = resource('products')

describe('the request for a page', () => {
  it('asks a keyset listing for keys beyond the last, sorted by key', () => {
    expect(pageRequest(products, { after: 76 }).path).toBe(
      '/v3/catalog/products?sort=id&direction=asc&id:greater=76&limit=250',
    )
  })

  it('asks for the keys of a range', () => {
    expect(pageRequest(products, { after: 76, upTo: 90 }).path).toBe(
      '/v3/catalog/products?sort=id&direction=asc&id:greater=76&id:max=90&limit=250',
    )
  })

  it('asks for the rows changed last instead', () => {
    expect(pageRequest(products, { newest: true }).path).toBe(
      '/v3/catalog/products?sort=date_modified&direction=desc&limit=250',
    )
  })

  it('keeps a page small where each of its rows takes requests of its own', () => {
    const older = olderCatalog(catalog).resources
    const include = [older.get('variants')!.api.within!]
    expect(pageRequest(older.get('products')!, { after: 76, include }).path).toBe('/v2/products?min_id=77&limit=25')
  })

  it('asks from the next key on where the parameter is inclusive', () => {
    expect(pageRequest(resource('orders'), { after: 100 }).path).toBe('/v2/orders?sort=id:asc&min_id=101&limit=250')
  })

  it('starts at the beginning without a key', () => {
    expect(pageRequest(resource('orders'), {}).path).toBe('/v2/orders?sort=id:asc&limit=250')
  })

  it('numbers the pages of the other listings', () => {
    expect(pageRequest(resource('brands'), { page: 3 }).path).toBe('/v3/catalog/brands?limit=250&page=3')
    expect(pageRequest(resource('inventory_items'), {}).path).toBe('/v3/inventory/items?limit=1000&page=1')
  })

  it('sends neither limit nor page where the answer is one object', () => {
    expect(pageRequest(resource('store_information'), {}).path).toBe('/v2/store')
  })

  it('names each included part once, in one parameter', () => {
    const include = [within('variants'), within('product_images'), within('variants')]
    expect(pageRequest(products, { include }).path).toContain('&include=variants,images&')
  })

  it('asks for no more rows than the smallest include allows', () => {
    const request = pageRequest(products, { include: [within('variants'), within('product_options')] })
    expect(request.path).toContain('limit=10')
    expect(request.limit).toBe(10)
  })

  it('adds what an include needs of the parent’s list', () => {
    const include = [within('order_lines'), within('order_addresses')]
    expect(pageRequest(resource('orders'), { include }).path).toBe(
      '/v2/orders?sort=id:asc&consignment_structure=object&include=consignments.line_items&limit=250',
    )
  })

  it('never asks for more rows than the listing gives, and for fewer when told', () => {
    expect(pageRequest(products, { limit: 1000 }).limit).toBe(250)
    expect(pageRequest(products, { limit: 1 }).limit).toBe(1)
  })

  it('asks for rows by key', () => {
    expect(pageRequest(resource('variants'), { ids: [3, 5] }).path).toBe(
      '/v3/catalog/variants?product_id:in=3,5&limit=250&page=1',
    )
  })

  it('narrows the fields where the listing can, and leaves the whole rows where it cannot', () => {
    expect(pageRequest(products, { only: ['id', 'date_modified'] }).path).toContain('include_fields=id,date_modified')
    expect(pageRequest(resource('inventory_items'), { only: ['sku'] }).path).not.toContain('sku')
  })

  it('N44: sends moments whole, to the second and in UTC', () => {
    expect(pageRequest(products, { since: '2026-01-31T08:00:00.123Z' }).path).toContain(
      'date_modified:min=2026-01-31T08:00:00Z',
    )
    for (const since of ['2026-01-31', '2026-01-31T08:00:00', '2026-01-31T08:00:00+01:00']) {
      expect(() => pageRequest(products, { since })).toThrow('not a full UTC time')
    }
  })

  it('encodes what has a meaning in a query', () => {
    const list = { ...products.api.list!, query: { keyword: 'a&b=c d+é#' } }
    const { path } = pageRequest({ ...products, api: { list } }, {})
    expect(path).toBe('/v3/catalog/products?keyword=a%26b%3Dc%20d%2B%C3%A9%23&limit=250')
  })

  it('refuses what the listing does not offer', () => {
    expect(() => pageRequest(resource('brands'), { since: '2026-01-31T08:00:00Z' })).toThrow('brands cannot be asked')
    expect(() => pageRequest(resource('store_information'), { ids: [1] })).toThrow('cannot be asked for ids')
    expect(() => pageRequest(resource('product_images'), {})).toThrow('product_images cannot be asked for a list')
  })
})

describe('the request for one row', () => {
  it('is its path where keys cannot be listed, with what is to come along', () => {
    expect(oneRequest(resource('orders'), 100, {})).toBe('/v2/orders/100')
    expect(oneRequest(resource('orders'), 100, { include: [within('order_lines')] })).toBe(
      '/v2/orders/100?consignment_structure=object&include=consignments.line_items',
    )
  })

  it('is none where a list of keys does it in fewer requests', () => {
    expect(oneRequest(products, 77, {})).toBeNull()
  })
})

describe('a list for each of something', () => {
  const records = resource('price_list_records')

  it('is asked for by the key of the one that is meant', () => {
    expect(pageRequest(records, { of: 3, ids: [5, 6] }).path).toBe(
      '/v3/pricelists/3/records?include=sku,bulk_pricing_tiers&variant_id:in=5,6&limit=250',
    )
    expect(totalRequest(records, { of: 3 })).toBe('/v3/pricelists/3/records?include=sku,bulk_pricing_tiers&limit=1')
  })

  it('is not asked for without one, and no other list with one', () => {
    expect(() => pageRequest(records, {})).toThrow('listed for one of price_lists each')
    expect(() => pageRequest(products, { of: 3 })).toThrow('listed all together')
  })
})

describe('the request for a total', () => {
  it('asks for the smallest page where the total comes with the pages', () => {
    expect(totalRequest(products, { since: '2026-01-31T08:00:00Z' })).toBe(
      '/v3/catalog/products?sort=id&direction=asc&date_modified:min=2026-01-31T08:00:00Z&limit=1',
    )
  })

  it('goes to the counting path where there is one', () => {
    expect(totalRequest(resource('orders'), {})).toBe('/v2/orders/count')
    expect(totalRequest(resource('orders'), { since: '2026-01-31T08:00:00Z' })).toBe(
      '/v2/orders/count?min_date_modified=2026-01-31T08:00:00Z',
    )
  })

  it('is none where the API does not tell', () => {
    expect(totalRequest(resource('store_information'), {})).toBeNull()
  })
})
