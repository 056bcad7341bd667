import { noContent, refuse } from '../answers.ts'
import { v2Page } from '../pages.ts'
import type { Body } from '../rules.ts'
import type { State } from '../state.ts'
import type { Row } from '../table.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { orderOf, v2NotFound } from './answers.ts'
import { NOTHING, orderTime } from './formats.ts'
import { invalid } from './new-lines.ts'
import { SHIPPED, statusName } from './statuses.ts'

const scope = 'store_v2_orders'
const path = '/v2/orders/:id/shipments'

export const shipmentEndpoints: readonly Endpoint[] = [
  { method: 'GET', path, scope, handle: (call) => v2Page(call, shipmentsOf(call), (row) => row) },
  { method: 'POST', path, scope, handle: (call) => ({ status: 201, body: ship(call, orderOf(call)) }) },
  {
    method: 'GET',
    path: `${path}/count`,
    scope,
    handle: (call) => ({ status: 200, body: { count: shipmentsOf(call).length } }),
  },
  { method: 'GET', path: `${path}/:shipment`, scope, handle: (call) => ({ status: 200, body: shipmentOf(call) }) },
  { method: 'DELETE', path: `${path}/:shipment`, scope, handle: (call) => remove(call) },
]

const shipmentsOf = (call: Call): readonly Row[] => call.state.shipments.where('order', orderOf(call).id)
const shipmentOf = (call: Call): Row =>
  shipmentsOf(call).find(({ id }) => id === Number(call.params['shipment'])) ?? refuse(v2NotFound)

/** Longest texts (docs/bigcommerce.md, Shipments). */
const TEXTS: Readonly<Record<string, number>> = {
  tracking_number: 50,
  tracking_link: 500,
  comments: 65_535,
  shipping_method: 255,
  shipping_provider: 255,
  tracking_carrier: 255,
  merchant_shipping_cost: 50,
}
const PROVIDERS = /^(auspost|canadapost|endicia|usps|fedex|royalmail|ups|upsready|shipperhq|carrier_\d+)?$/

/** A parcel ships pieces of lines that go to its address, and moves the order on. */
const ship = ({ state, body, now }: Call, order: Row): Row => {
  const given = (body ?? {}) as Body
  for (const [name, value] of Object.entries(given)) {
    if (name in TEXTS && !(typeof value === 'string' && value.length <= (TEXTS[name] ?? 0))) invalid(name, 'is invalid')
    if (!(name in TEXTS || ['order_address_id', 'items'].includes(name)))
      invalid(name, 'cannot be written to. Please remove it from your request before trying again')
  }
  if (!PROVIDERS.test(String(given['shipping_provider'] ?? ''))) invalid('shipping_provider', 'is invalid')
  const address = state.consignments.get(Number(given['order_address_id']))
  if (address?.['order_id'] !== order.id) return invalid('order_address_id', 'is invalid')
  const shipment = state.shipments.insert({
    ...shipmentRow(state, order, address, itemsOf(state, given['items'], address.id), orderTime(now())),
    ...Object.fromEntries(Object.keys(TEXTS).flatMap((name) => (name in given ? [[name, given[name]]] : []))),
  })
  move(state, order, address, shipment, 1)
  settle(state, order.id, orderTime(now()))
  return shipment
}

/** A parcel as the API shows it, with nothing said of how it travels. */
export const shipmentRow = (
  state: State,
  order: Row,
  { id, ...address }: Row,
  items: readonly ShippedItem[],
  date_created: string,
): Body => ({
  order_id: order.id,
  customer_id: order['customer_id'],
  order_address_id: id,
  date_created,
  tracking_number: '',
  merchant_shipping_cost: NOTHING,
  shipping_method: address['shipping_method'],
  comments: '',
  shipping_provider: '',
  shipping_provider_display_name: '',
  tracking_carrier: '',
  tracking_link: '',
  generated_tracking_link: '',
  billing_address: state.orders.get(order.id)?.['billing_address'],
  shipping_address: Object.fromEntries(ADDRESS.map((name) => [name, address[name]])),
  items,
})

export interface ShippedItem {
  readonly order_product_id: number
  readonly product_id: number
  readonly quantity: number
}

const ADDRESS = [
  ...['first_name', 'last_name', 'company', 'street_1', 'street_2', 'city', 'state', 'zip', 'country', 'country_iso2'],
  ...['phone', 'email'],
]

const itemsOf = (state: State, items: unknown, addressId: number): readonly ShippedItem[] => {
  if (!Array.isArray(items) || items.length === 0) return invalid('items', 'is required')
  return items.map(({ order_product_id, quantity }: Body) => {
    const line = state.orderLines.get(Number(order_product_id))
    if (line?.['order_address_id'] !== addressId) return invalid('items', 'is invalid')
    const left = Number(line['quantity']) - Number(line['quantity_shipped'])
    if (!(Number.isInteger(quantity) && Number(quantity) > 0 && Number(quantity) <= left))
      return invalid('items', 'asks for more pieces than are left to ship')
    return { order_product_id: line.id, product_id: Number(line['product_id']), quantity: Number(quantity) }
  })
}

/** Counts pieces as shipped, or no longer so. */
const move = (state: State, order: Row, address: Row, shipment: Row, sign: 1 | -1): void => {
  const items = shipment['items'] as readonly ShippedItem[]
  for (const { order_product_id, quantity } of items) {
    const shipped = Number(state.orderLines.get(order_product_id)?.['quantity_shipped'] ?? 0)
    state.orderLines.update(order_product_id, { quantity_shipped: shipped + sign * quantity })
  }
  const pieces = sign * items.reduce((sum, { quantity }) => sum + quantity, 0)
  state.consignments.update(address.id, { items_shipped: Number(address['items_shipped']) + pieces })
  state.orders.update(order.id, { items_shipped: Number(order['items_shipped']) + pieces })
}

const PARTIALLY_SHIPPED = 3

const settle = (state: State, id: number, moment: string): void => {
  const lines = state.orderLines.where('order', id)
  const isWhole = lines.every((line) => Number(line['quantity_shipped']) >= Number(line['quantity']))
  const status_id = isWhole ? SHIPPED : PARTIALLY_SHIPPED
  state.orders.update(id, {
    status_id,
    status: statusName(status_id),
    custom_status: statusName(status_id),
    date_modified: moment,
    ...(isWhole ? { date_shipped: moment } : {}),
  })
}

/** The status stays what it is. */
const remove = (call: Call): Answer => {
  const [order, shipment] = [orderOf(call), shipmentOf(call)]
  const address = call.state.consignments.get(Number(shipment['order_address_id']))
  if (address) move(call.state, order, address, shipment, -1)
  call.state.shipments.delete(shipment.id)
  call.state.orders.update(order.id, { date_modified: orderTime(call.now()) })
  return noContent
}
