import { decimal, defineResource, flag, integer, json, money, readOnly, text } from '../model/index.ts'

const amount = () => readOnly(money())

export const orderLines = defineResource({
  name: 'order_lines',
  about: 'What was bought. Lines come with the orders’ own list, not with a request per order.',
  source: 'Order lines',
  scope: 'store_v2_orders',
  settleMs: 10_000,
  // Incomplete, Cancelled, Declined.
  takes: { quantity: 'quantity', placed: 'date_created', status: 'status_id', idle: [0, 5, 6] },
  key: ['id'],
  match: ['id'],
  unit: 'order_id',
  fields: {
    id: readOnly(integer()),
    order_id: readOnly(integer({ ref: 'orders' })),
    order_address_id: readOnly(integer({ at: '^id', ref: 'order_addresses' })),
    product_id: readOnly(integer({ ref: 'products', about: '0 on a custom line.' })),
    variant_id: readOnly(integer({ ref: 'variants' })),
    name: readOnly(text()),
    sku: readOnly(text({ unset: 'empty' })),
    upc: readOnly(text({ unset: 'empty' })),
    type: readOnly(text()),
    quantity: readOnly(integer()),
    quantity_shipped: readOnly(integer()),
    quantity_refunded: readOnly(integer()),
    is_refunded: readOnly(flag()),
    base_price: amount(),
    price_ex_tax: amount(),
    price_inc_tax: amount(),
    price_tax: amount(),
    total_ex_tax: amount(),
    total_inc_tax: amount(),
    total_tax: amount(),
    cost_price_ex_tax: amount(),
    weight: readOnly(decimal()),
    product_options: readOnly(json()),
  },
  api: {
    within: {
      parent: 'orders',
      include: 'consignments.line_items',
      at: 'consignments.shipping[].line_items[]',
      link: 'order_id',
      query: { consignment_structure: 'object' },
    },
  },
})
