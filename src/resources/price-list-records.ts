import {
  defineResource,
  deleteOne,
  integer,
  json,
  money,
  noise,
  type Route,
  readOnly,
  text,
  timestamp,
} from '../model/index.ts'

const price = { min: 0, nullable: true } as const

/** One request saves rows that are there and makes those that are not. One at a time: the documentation says two, and one. */
const upsert: Route = {
  verb: 'PUT',
  path: '/v3/pricelists/{price_list_id}/records',
  batch: 1000,
  lanes: 1,
  body: 'rows',
  names: { always: ['currency'], oneOf: ['variant_id', 'sku'] },
  whole: ['price', 'sale_price', 'retail_price', 'map_price', 'bulk_pricing_tiers'],
  echo: 'none',
  group: 'prices',
}

export const priceListRecords = defineResource({
  name: 'price_list_records',
  about: 'Prices of variants in a price list, one row for each currency. A row goes before the prices of the catalog.',
  source: 'Price list records',
  scope: 'store_v2_products',
  onDemand: true,
  settleMs: 10_000,
  key: ['price_list_id', 'variant_id', 'currency'],
  match: ['sku', 'variant_id'],
  unit: 'variant_id',
  fields: {
    price_list_id: readOnly(integer({ ref: 'price_lists' })),
    variant_id: readOnly(integer({ ref: 'variants' })),
    currency: readOnly(text({ min: 3, max: 3, lower: true, about: 'Three letters, such as eur.' })),
    product_id: readOnly(integer({ ref: 'products' })),
    sku: readOnly(text({ unset: 'empty' })),
    price: money({
      min: 0,
      role: 'price',
      required: true,
      about: '0 is a real price of nothing. It cannot be cleared: delete the row instead.',
    }),
    sale_price: money({ ...price, role: 'price', reduced: true }),
    retail_price: money(price),
    map_price: money({ ...price, role: 'floor' }),
    calculated_price: noise(money({ nullable: true, role: 'paid' })),
    bulk_pricing_tiers: json({ fill: [], about: 'Prices by quantity. They stay as they are when prices are set.' }),
    date_created: readOnly(timestamp()),
    date_modified: noise(timestamp()),
  },
  moves: { by: [['price_list_id', 'variant_id', 'currency']] },
  api: {
    list: {
      path: '/v3/pricelists/{price_list_id}/records',
      per: 'price_lists',
      paging: 'cursor',
      pageSize: 250,
      query: { include: 'sku,bulk_pricing_tiers' },
      since: { param: 'date_modified:min', field: 'date_modified' },
      ids: 'variant_id:in',
      total: 'pagination',
    },
    create: upsert,
    update: [upsert],
    delete: deleteOne('/v3/pricelists/{price_list_id}/records/{variant_id}/{currency}', 'prices'),
  },
})
