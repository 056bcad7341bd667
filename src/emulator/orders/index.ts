import type { Endpoint } from '../types.ts'
import { wholeOrderEndpoints } from './orders.ts'
import { partEndpoints } from './parts.ts'
import { paymentEndpoints } from './payments.ts'
import { shipmentEndpoints } from './shipments.ts'

export { refuseUnknown, v2NotFound } from './answers.ts'
export { type Address, placeOrder } from './place.ts'
export { type ShippedItem, shipmentRow } from './shipments.ts'

/** Orders in the v2 form: bare arrays, 204 for an empty page, money as text, RFC 2822 dates. */
export const orderEndpoints: readonly Endpoint[] = [
  ...wholeOrderEndpoints,
  ...partEndpoints,
  ...shipmentEndpoints,
  ...paymentEndpoints,
]
