import { ok } from '../answers.ts'
import type { State } from '../state.ts'
import type { Answer, Endpoint } from '../types.ts'

export const summaryEndpoint: Endpoint = {
  method: 'GET',
  path: '/v3/catalog/summary',
  scope: 'store_v2_products',
  handle: ({ state }) => summary(state),
}

const summary = (state: State): Answer => {
  const variants = state.variants.list()
  const priced = variants.map((variant) => {
    const product = state.products.get(variant.product_id)
    return { level: variant.inventory_level, price: variant.price ?? product?.price ?? 0 }
  })
  const prices = priced.map(({ price }) => price)
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
  const dates = state.products.list().map((product) => String(product['date_created']).slice(0, 10))
  const [primary] = state.categories.list()
  return ok({
    inventory_count: sum(priced.map(({ level }) => level)),
    variant_count: variants.length,
    inventory_value: cents(sum(priced.map(({ level, price }) => level * price))),
    highest_variant_price: prices.reduce((most, one) => Math.max(most, one), 0),
    average_variant_price: prices.length ? cents(sum(prices) / prices.length) : 0,
    lowest_variant_price: String(prices.reduce((least, one) => Math.min(least, one), prices[0] ?? 0)),
    oldest_variant_date: dates.reduce((least, one) => (one < least ? one : least), dates[0] ?? ''),
    newest_variant_date: dates.reduce((most, one) => (one > most ? one : most), ''),
    primary_category_id: primary?.id ?? 0,
    primary_category_name: primary?.name ?? '',
  })
}

const cents = (value: number): number => Math.round(value * 100) / 100
