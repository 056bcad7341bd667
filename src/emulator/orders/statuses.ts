export interface OrderStatus {
  readonly id: number
  readonly name: string
  readonly about: string
  /** Place among the statuses in the control panel. */
  readonly order: number
}

/** The fifteen statuses (docs/bigcommerce.md, Order statuses). */
export const STATUSES: readonly OrderStatus[] = [
  {
    id: 0,
    name: 'Incomplete',
    order: 0,
    about: 'The shopper reached the payment page but did not complete the order.',
  },
  { id: 1, name: 'Pending', order: 1, about: 'The shopper started the checkout but did not complete it.' },
  { id: 2, name: 'Shipped', order: 8, about: 'The order was shipped; receipt is not confirmed.' },
  { id: 3, name: 'Partially Shipped', order: 6, about: 'Only some items of the order were shipped.' },
  { id: 4, name: 'Refunded', order: 11, about: 'The order was refunded.' },
  { id: 5, name: 'Cancelled', order: 9, about: 'The order was cancelled by the seller.' },
  { id: 6, name: 'Declined', order: 10, about: 'The order was declined by the seller.' },
  { id: 7, name: 'Awaiting Payment', order: 2, about: 'The checkout is complete; payment is not confirmed.' },
  { id: 8, name: 'Awaiting Pickup', order: 5, about: 'The order waits to be picked up by the shopper.' },
  { id: 9, name: 'Awaiting Shipment', order: 4, about: 'The order is packed and waits for the carrier.' },
  { id: 10, name: 'Completed', order: 7, about: 'The order was received, or its files are available.' },
  { id: 11, name: 'Awaiting Fulfillment', order: 3, about: 'The checkout is complete and the payment confirmed.' },
  { id: 12, name: 'Manual Verification Required', order: 13, about: 'The order waits for a check by hand.' },
  { id: 13, name: 'Disputed', order: 12, about: 'The shopper disputes the payment.' },
  { id: 14, name: 'Partially Refunded', order: 14, about: 'Part of the order was refunded.' },
]

/** Every piece is under way. */
export const SHIPPED = 2

export const statusName = (id: number): string => STATUSES.find((status) => status.id === id)?.name ?? ''
