import { invalid, noContent, refuse, tooManyRows } from '../answers.ts'
import { filtered, numbers } from '../filters.ts'
import { page } from '../pages.ts'
import { arrayOf } from '../rules.ts'
import type { State } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'

const path = '/v3/catalog/products/category-assignments'
const scope = 'store_v2_products'

/** The products' categories, pair by pair. Products do not count as changed (docs/bigcommerce.md, Category assignments). */
export const categoryAssignmentEndpoints: readonly Endpoint[] = [
  { method: 'GET', path, scope, handle: (call) => page(call, chosen(call), (pair) => pair) },
  { method: 'PUT', path, scope, handle: (call) => assign(call) },
  { method: 'DELETE', path, scope, handle: (call) => unassign(call) },
]

/** Pairs of one request; undocumented. */
const MOST_PAIRS = 50

interface Pair {
  readonly product_id: number
  readonly category_id: number
}

const chosen = ({ query, state }: Call): readonly Pair[] => {
  const pairs = state.products
    .list()
    .flatMap(({ id, categories }) => categories.map((category_id) => ({ product_id: id, category_id })))
  return filtered(query, pairs, {
    ...numbers<Pair>('product_id', [':in'], ({ product_id }) => product_id),
    ...numbers<Pair>('category_id', [':in'], ({ category_id }) => category_id),
  })
}

/** Adds pairs; one that is there already stays, and no pair is taken away. */
const assign = ({ body, state }: Call): Answer => {
  const rows = arrayOf(body).map((row) => [Number(row['product_id']), Number(row['category_id'])] as const)
  if (rows.length > MOST_PAIRS) refuse(tooManyRows(MOST_PAIRS))
  const errors = Object.fromEntries(
    rows.flatMap(([product, category], place) => [
      ...(state.products.has(product) ? [] : [[`${place}.product_id`, `Product ${product} does not exist.`]]),
      ...(state.categories.has(category) ? [] : [[`${place}.category_id`, `Category ${category} does not exist.`]]),
    ]),
  )
  if (Object.keys(errors).length) refuse(invalid('The assignments are not valid.', errors))
  for (const [product, category] of rows) putInCategory(state, product, category)
  return noContent
}

/** Lists a product in a category, once. */
export const putInCategory = ({ products }: State, product: number, category: number): void => {
  const { categories = [] } = products.get(product) ?? {}
  if (!categories.includes(category)) products.update(product, { categories: [...categories, category] })
}

/** Takes away every pair that the filters name. */
const unassign = (call: Call): Answer => {
  if (!call.query.has('product_id:in') && !call.query.has('category_id:in'))
    refuse(invalid('A filter is required to delete assignments.'))
  const { products } = call.state
  for (const { product_id, category_id } of chosen(call)) {
    const { categories = [] } = products.get(product_id) ?? {}
    products.update(product_id, { categories: categories.filter((id) => id !== category_id) })
  }
  return noContent
}
