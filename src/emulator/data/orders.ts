import type { Random } from '../../model/index.ts'
import { type Address, placeOrder } from '../orders/index.ts'
import type { ProductRow, State } from '../state.ts'
import { between, chance, pick, uuid } from './dice.ts'
import { FIRST_NAMES, LAST_NAMES, PLACES, STREETS } from './words.ts'

/** Orders of the last 180 days for products that stand in the store, oldest first. */
export const seedOrders = (
  state: State,
  { random, now, count }: { readonly random: Random; readonly now: number; readonly count: number },
): void => {
  const products = state.products.list()
  const customers = Math.max(1, Math.ceil(count / 3))
  for (let index = 0; index < count; index++) {
    const created = now - DAYS * DAY_MS + Math.floor(((index + random()) / count) * DAYS * DAY_MS)
    const statusId = pick(random, STATUS_MIX)
    const settled = Math.min(now, created + Math.floor(random() * 9 * DAY_MS))
    placeOrder(state, {
      created,
      modified: statusId === 0 ? created : settled,
      statusId,
      customerId: chance(random, 0.35) ? 0 : between(random, 1, customers),
      address: anAddress(random),
      lines: someLines(state, random, products),
      paymentMethod: pick(random, ['Credit Card', 'Credit Card', 'PayPal', 'Manual', 'Bank Deposit']),
      shipping: pick(random, [0, 4.95, 7.5, 12]),
      archived: chance(random, 0.03),
      staffNotes: chance(random, 0.05) ? 'Gift, leave out the invoice.' : pick(random, [null, '']),
      cartId: chance(random, 0.8) ? uuid(random) : null,
    })
  }
}

const DAY_MS = 86_400_000
const DAYS = 180

/** Each status as often as it is met in a running shop. */
const STATUS_MIX: readonly number[] = Object.entries({
  10: 40,
  11: 16,
  2: 12,
  0: 8,
  7: 5,
  5: 5,
  9: 4,
  4: 4,
  3: 2,
  14: 2,
  1: 1,
  6: 1,
}).flatMap(([id, share]) => Array<number>(share).fill(Number(id)))

const someLines = (
  state: State,
  random: Random,
  products: readonly ProductRow[],
): Parameters<typeof placeOrder>[1]['lines'] =>
  Array.from({ length: pick(random, [1, 1, 1, 2, 2, 3, 4, 5]) }, () => {
    const product = pick(random, products)
    return {
      product,
      variant: pick(random, state.variants.where('product', product.id)),
      quantity: pick(random, [1, 1, 1, 1, 2, 2, 3, 6]),
    }
  })

const anAddress = (random: Random): Address => {
  const first_name = pick(random, FIRST_NAMES)
  const last_name = pick(random, LAST_NAMES)
  const [city, state, zip] = pick(random, PLACES)
  return {
    first_name,
    last_name,
    company: chance(random, 0.1) ? `${last_name} & Co.` : '',
    street_1: `${between(random, 1, 980)} ${pick(random, STREETS)}`,
    street_2: chance(random, 0.15) ? `Apt ${between(random, 1, 40)}` : '',
    city,
    state,
    zip,
    country: 'United States',
    country_iso2: 'US',
    phone: `512555${between(random, 1000, 9999)}`,
    email: `${first_name}.${last_name}@example.com`.toLowerCase(),
  }
}
