import { type State, zuluTime } from '../state.ts'

/** Two lists: trade prices of some variants in two currencies, one row with tiers, and a sale that is not active. */
export const seedPrices = (state: State, now: number): void => {
  const at = zuluTime(now)
  const dates = { date_created: at, date_modified: at }
  const [trade, sale] = [
    { name: 'Trade', active: true },
    { name: 'Clearance', active: false },
  ].map((row) => state.priceLists.insert({ ...row, ...dates }).id)
  state.priceAssignments.insert({ price_list_id: trade, customer_group_id: 1, channel_id: 1 })
  const some = state.variants.list().slice(0, MOST)
  for (const [place, variant] of some.entries()) {
    const listed = variant.price ?? state.products.get(variant.product_id)?.price ?? 10
    const put = (list: number | undefined, currency: string, factor: number): unknown =>
      state.priceRecords.insert({
        price_list_id: list ?? 0,
        variant_id: variant.id,
        product_id: variant.product_id,
        currency,
        price: Math.round(listed * factor * 100) / 100,
        sale_price: null,
        retail_price: null,
        map_price: null,
        bulk_pricing_tiers: place === 0 ? TIERS : [],
        ...dates,
      })
    put(trade, 'usd', 0.8)
    if (place % 2 === 0) put(trade, 'eur', 0.75)
    if (place % 5 === 0) put(sale, 'usd', 0.5)
  }
}

const MOST = 40

const TIERS = [
  { quantity_min: 10, quantity_max: 49, type: 'percent', amount: 5 },
  { quantity_min: 50, quantity_max: null, type: 'percent', amount: 10 },
]
