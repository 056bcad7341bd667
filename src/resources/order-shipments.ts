import { createOnly, defineResource, integer, json, money, readOnly, saveOne, text, timestamp } from '../model/index.ts'

const word = { unset: 'empty' } as const

export const orderShipments = defineResource({
  name: 'order_shipments',
  about:
    'Parcels of an order. One request for each order that has shipped items; after the first pull, for those that changed since. A ' +
    'new one makes its order shipped, or partially shipped.',
  source: 'Shipments',
  scope: 'store_v2_orders',
  onDemand: true,
  settleMs: 10_000,
  key: ['order_id', 'id'],
  match: ['order_id', 'comments', 'tracking_number'],
  fields: {
    order_id: readOnly(integer({ ref: 'orders' })),
    id: readOnly(integer()),
    customer_id: readOnly(integer()),
    order_address_id: createOnly(integer({ ref: 'order_addresses', required: true })),
    date_created: readOnly(timestamp()),
    tracking_number: createOnly(text({ ...word, max: 50 })),
    tracking_link: createOnly(text({ ...word, max: 500 })),
    generated_tracking_link: readOnly(text(word)),
    tracking_carrier: createOnly(text({ ...word, about: 'The short name that AfterShip has for it.' })),
    shipping_provider: createOnly(text({ ...word, about: 'One of BigCommerce’s own words, such as usps, or blank.' })),
    shipping_provider_display_name: readOnly(text(word)),
    shipping_method: createOnly(text(word)),
    merchant_shipping_cost: createOnly(money({ min: 0, v2: true })),
    comments: createOnly(text({ ...word, max: 65_535 })),
    items: createOnly(
      json({
        required: true,
        sends: ['order_product_id', 'quantity'],
        refs: { '[].order_product_id': 'order_lines' },
        about: 'Lines of the order by their id, and how many pieces of each.',
      }),
    ),
    billing_address: readOnly(json()),
    shipping_address: readOnly(json()),
  },
  moves: {
    by: [['order_id', 'comments']],
    noted: { field: 'comments', text: 'Shipment {id} of {date_created} in the old store' },
    // Lines of a new order are all at its first address.
    first: { field: 'order_address_id', of: 'order_id' },
    stirs: { link: 'order_id', field: 'status_id', makes: [2, 3] },
    refused: [
      { what: 'dates of shipments', instead: 'the date is in the comments of the new shipment, with the old number' },
    ],
  },
  api: {
    list: {
      path: '/v2/orders/{order_id}/shipments',
      per: 'orders',
      having: 'items_shipped',
      paging: 'page',
      pageSize: 250,
      one: '/v2/orders/{order_id}/shipments/{id}',
    },
    create: saveOne('POST', '/v2/orders/{order_id}/shipments', 'orders'),
  },
})
