import type { Random } from '../../model/index.ts'
import { seedPrices } from '../prices/index.ts'
import type { State } from '../state.ts'
import { seedRedirects, seedStorefront } from '../storefront/index.ts'
import { seedOrderParts } from './order-parts.ts'
import { seedOrders } from './orders.ts'
import { seedProducts } from './products.ts'
import { seedShelves, seedTree } from './shelves.ts'
import { storeInformation } from './store-information.ts'

export interface SeedOptions {
  readonly random: Random
  /** ms since 1970: products were made in the two years before it, orders in the 180 days before it. */
  readonly now: number
  readonly storeHash: string
  /** 1,000 when absent; a store without products is one that nobody has put anything into. */
  readonly products?: number
  /** Half as many as products when absent. */
  readonly orders?: number
  /** Some SKUs hold commas, quotes, letters beyond ASCII or leading zeros, or are missing. */
  readonly oddSkus?: boolean
}

/**
 * Fills an empty store with a believable shop: the same seed and time give the same shop. A thousand products come with about
 * three thousand SKUs; unless odd ones are asked for, SKUs match `[A-Za-z0-9._-]+` and are unique ignoring case.
 */
export const seedStore = (
  state: State,
  { random, now, storeHash, products = 1000, orders = Math.floor(products / 2), oddSkus = false }: SeedOptions,
): void => {
  state.store = storeInformation(storeHash)
  seedStorefront(state, now)
  seedLocations(state)
  if (products === 0) {
    seedTree(state)
    return
  }
  const shelves = seedShelves(state, random)
  seedProducts(state, shelves, { random, now, count: products, oddSkus })
  seedOrders(state, { random, now, count: orders })
  seedOrderParts(state)
  seedPrices(state, now)
  seedRedirects(state)
}

/** The default location, and a disabled one that holds no stock. */
const seedLocations = (state: State): void => {
  state.locations.insert(location('BC-LOCATION-1', 'Default location', true))
  state.locations.insert(location('BC-LOCATION-2', 'Old warehouse', false))
}

/** A location of which no more is known than what its stock tells; nothing where it is there already. */
export const seedLocation = (
  state: State,
  id: number,
  known: { code?: string; label?: string; enabled?: boolean } = {},
): void => {
  const { code = `BC-LOCATION-${id}`, label = `Location ${id}`, enabled = true } = known
  if (!state.locations.has(id)) state.locations.insert({ id, ...location(code, label, enabled) })
}

const location = (code: string, label: string, enabled: boolean): Readonly<Record<string, unknown>> => ({
  code,
  label,
  description: '',
  managed_by_external_source: false,
  type_id: 'PHYSICAL',
  enabled,
  operating_hours: {},
  created_at: '2021-01-05T10:00:00Z',
  updated_at: '2021-01-05T10:00:00Z',
  time_zone: 'America/Chicago',
  address: {
    address1: '1 Mill Street',
    address2: '',
    city: 'Austin',
    state: 'TX',
    zip: '78701',
    email: 'warehouse@example.com',
    phone: '',
    geo_coordinates: { latitude: 30.2672, longitude: -97.7431 },
    country_code: 'US',
  },
  storefront_visibility: enabled,
  special_hours: [],
})
