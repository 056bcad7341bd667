import type { State } from '../state.ts'
import type { Row } from '../table.ts'

export type Body = Readonly<Record<string, unknown>>

/** What a list or a single order brings along instead of a link. */
export interface Includes {
  readonly consignments: boolean
  readonly lines: boolean
  readonly fees: boolean
}

/** Consignments come along only in the object structure, which has to be asked for as well. */
export const includesOf = (query: URLSearchParams): Includes => {
  const asked = new Set(query.get('include')?.split(','))
  const structured = query.get('consignment_structure') === 'object'
  const lines = structured && asked.has('consignments.line_items')
  return { consignments: lines || (structured && asked.has('consignments')), lines, fees: asked.has('fees') }
}

/** An order as the API shows it, with links to its parts (docs/bigcommerce.md, Orders). */
export const orderShape = (state: State, { id, ...row }: Row, includes: Includes): Body => ({
  id,
  ...row,
  fees: includes.fees ? [] : link(state, id, 'fees'),
  consignments: includes.consignments ? consignmentsShape(state, id, includes.lines) : link(state, id, 'consignments'),
  products: link(state, id, 'products'),
  shipping_addresses: link(state, id, 'shippingaddresses'),
  coupons: link(state, id, 'coupons'),
})

export const lineShape = ({ id, ...row }: Row): Body => ({
  id,
  ...row,
  product_options: (row['product_options'] as readonly Body[]).map((option) => ({ ...option, order_product_id: id })),
})

/** The address in the v2 form: money as text. */
export const addressShape = (state: State, { id, order_id, ...row }: Row): Body => ({
  id,
  order_id,
  ...Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, isCost(name) ? Number(value).toFixed(4) : value]),
  ),
  shipping_quotes: link(state, Number(order_id), `shippingaddresses/${id}/shippingquotes`),
})

/** The same address as a consignment: money as numbers, with its lines or links to them. */
export const consignmentsShape = (state: State, orderId: number, withLines: boolean): Body => {
  const lines = state.orderLines.where('order', orderId)
  return {
    pickups: [],
    shipping: state.consignments.where('order', orderId).map(({ id, order_id: _order, ...row }) => ({
      id,
      ...row,
      line_items: lines
        .filter((line) => line['order_address_id'] === id)
        .map((line) => (withLines ? lineShape(line) : link(state, orderId, `products/${line.id}`))),
      shipping_quotes: link(state, orderId, `consignments/shipping/${id}/shipping_quotes`),
    })),
    downloads: [],
    email: { gift_certificates: [] },
  }
}

const isCost = (name: string): boolean => name.includes('cost') && !name.endsWith('tax_class_id')

const link = (state: State, orderId: number, part: string): Body => ({
  url: `https://api.bigcommerce.com/stores/${state.store['id']}/v2/orders/${orderId}/${part}`,
  resource: `/orders/${orderId}/${part}`,
})
