import { invalid, noContent, notFound, ok, refuse, tooManyRows } from '../answers.ts'
import type { Defaults } from '../defaults.ts'
import { narrow, page } from '../pages.ts'
import { arrayOf, idOf, needFields, objectOf } from '../rules.ts'
import type { ProductRow } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { productOf } from './find.ts'
import { hasFilter, includesOf, productsFor } from './product-filters.ts'
import { createProduct, deleteProduct, type Saved, savedAnswer, updateProduct } from './product-write.ts'
import { INCLUDES, productBody } from './shape.ts'

const scope = 'store_v2_products'
const path = '/v3/catalog/products'

export const productEndpoints = (defaults: Defaults): readonly Endpoint[] => [
  { method: 'GET', path, scope, handle: list },
  {
    method: 'POST',
    path,
    scope,
    handle: (call) => savedAnswer(createProduct(call, objectOf(call.body), defaults), shaper(call)),
  },
  { method: 'PUT', path, scope, handle: updateBatch },
  { method: 'DELETE', path, scope, handle: deleteMany },
  { method: 'GET', path: `${path}/:id`, scope, handle: (call) => ok(shaper(call)(productOf(call))) },
  {
    method: 'PUT',
    path: `${path}/:id`,
    scope,
    handle: (call) => savedAnswer(updateProduct(call, productOf(call), objectOf(call.body)), shaper(call)),
  },
  { method: 'DELETE', path: `${path}/:id`, scope, handle: deleteOne },
]

/** Rows a page when options or modifiers are included, whatever limit was asked for. */
const CAPPED = 10
/** Products of one batch update. */
const MOST_UPDATED = 10
/** Products of one delete by filter. */
const MOST_DELETED = 250

const list = (call: Call): Answer => {
  const includes = includesOf(call.query, INCLUDES)
  const capped = includes.includes('options') || includes.includes('modifiers')
  const asked = Number(call.query.get('limit') ?? 50)
  const rules = capped
    ? { usual: CAPPED, most: CAPPED, ...(call.settings.wrongTotalPages && { claimedLimit: asked }) }
    : {}
  return page(call, productsFor(call), shaper(call), rules)
}

/** The product as the query wants it: narrowed, with what it includes. */
const shaper = ({ query, state }: Call): ((product: ProductRow) => Record<string, unknown>) => {
  const includes = includesOf(query, INCLUDES)
  const narrowed = narrow(query, ...ALWAYS)
  return (product) => {
    const body: Record<string, unknown> = { ...narrowed(productBody(product)) }
    for (const name of includes) body[name] = INCLUDES[name]?.(state, product)
    return body
  }
}

/** Fields that are never left out. */
const ALWAYS = ['id', 'sort_order', 'gift_wrapping_options_type', 'gift_wrapping_options_list']

const updateBatch = (call: Call): Answer => {
  const rows = arrayOf(call.body)
  if (rows.length > MOST_UPDATED) refuse(tooManyRows(MOST_UPDATED))
  const saved = rows.map((row): Saved => {
    needFields(row, ['id'])
    const product = call.state.products.get(idOf(String(row['id'])))
    if (!product) return refuse(notFound(`A product with the id of ${row['id']} was not found.`))
    return updateProduct(call, product, row)
  })
  const shape = shaper(call)
  const complaint = saved.find((one) => one.complaint)?.complaint
  const data = saved.map(({ product }) => shape(product))
  return complaint
    ? { status: 207, body: { data, errors: { status: 207, title: complaint, errors: {} }, meta: {} } }
    : ok(data)
}

const deleteMany = (call: Call): Answer => {
  if (!hasFilter(call.query)) refuse(invalid('A filter is required to delete products.'))
  for (const product of productsFor(call).slice(0, MOST_DELETED)) deleteProduct(call.state, product)
  return noContent
}

const deleteOne = (call: Call): Answer => {
  deleteProduct(call.state, productOf(call))
  return noContent
}
