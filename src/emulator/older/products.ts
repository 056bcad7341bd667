import { refuse, v2Error } from '../answers.ts'
import { v2Page } from '../pages.ts'
import type { ProductRow } from '../state.ts'
import type { Call, Endpoint } from '../types.ts'
import { olderProduct } from './product-shape.ts'

const scope = 'store_v2_products'

export const olderProductEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v2/products',
    scope,
    handle: (call) => v2Page(call, matching(call, PAGING), shapeFor(call)),
  },
  { method: 'GET', path: '/v2/products/count', scope, handle: (call) => ({ status: 200, body: countOf(call) }) },
  {
    method: 'GET',
    path: '/v2/products/:id',
    scope,
    handle: (call) => ({ status: 200, body: shapeFor(call)(wanted(call)) }),
  },
]

/** The product that the path names. @throws {Refusal} 404. */
export const wanted = ({ state, params }: Call): ProductRow =>
  state.products.get(Number(params['id'])) ?? refuse(v2Error(404, 'The requested resource was not found.'))

const PAGING = ['page', 'limit']

const shapeFor =
  ({ state }: Call) =>
  (product: ProductRow): unknown =>
    olderProduct(state, product)

const countOf = (call: Call): unknown => ({ count: matching(call, []).length })

/** By id, from the lowest on. */
const matching = ({ query, state }: Call, known: readonly string[]): readonly ProductRow[] => {
  const tests: ((row: ProductRow) => boolean)[] = []
  for (const [name, text] of query) {
    const test = FILTERS[name]?.(text)
    if (test) tests.push(test)
    else if (!known.includes(name)) refuse(v2Error(400, `The field '${name}' is not supported by this resource.`))
  }
  return state.products.list().filter((row) => tests.every((test) => test(row)))
}

const FILTERS: Readonly<Record<string, (text: string) => (row: ProductRow) => boolean>> = {
  min_id: (text) => (row) => row.id >= Number(text),
  max_id: (text) => (row) => row.id <= Number(text),
  name: (text) => (row) => row.name === text,
  sku: (text) => (row) => row.sku === text,
  brand_id: (text) => (row) => row.brand_id === Number(text),
  is_visible: (text) => (row) => String(row['is_visible']) === text,
  min_date_modified: (text) => (row) => Date.parse(row.date_modified) >= moment(text),
  max_date_modified: (text) => (row) => Date.parse(row.date_modified) <= moment(text),
}

/** RFC 2822 or ISO-8601. */
const moment = (text: string): number => {
  const millis = Date.parse(text)
  return Number.isNaN(millis) ? refuse(v2Error(400, 'The field is invalid.')) : millis
}
