import { invalid, noContent, ok, problem, Refusal, refuse, tooManyRows } from '../answers.ts'
import type { Defaults } from '../defaults.ts'
import { filtered, numbers, texts, textsNoCase } from '../filters.ts'
import { narrow, page } from '../pages.ts'
import { arrayOf, type Body, idOf, needFields, objectOf } from '../rules.ts'
import type { State, VariantRow } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { productOf, variantOf } from './find.ts'
import { variantBody } from './shape.ts'
import { touch } from './touch.ts'
import { insertVariant } from './variant-create.ts'
import { VARIANT_BATCH_RULES, VARIANT_RULES } from './variant-rules.ts'
import { deleteVariant, updateVariant } from './variant-write.ts'

const scope = 'store_v2_products'
const all = '/v3/catalog/variants'
const ofProduct = '/v3/catalog/products/:id/variants'
const one = `${ofProduct}/:variant`

export const variantEndpoints = (defaults: Defaults): readonly Endpoint[] => [
  { method: 'GET', path: all, scope, handle: list },
  { method: 'PUT', path: all, scope, handle: (call) => writeBatch(call, defaults) },
  { method: 'GET', path: ofProduct, scope, handle: listOfProduct },
  { method: 'POST', path: ofProduct, scope, handle: (call) => create(call, defaults) },
  { method: 'GET', path: one, scope, handle: (call) => ok(narrow(call.query)(show(call, variantOf(call).variant))) },
  { method: 'PUT', path: one, scope, handle: update },
  { method: 'DELETE', path: one, scope, handle: (call) => remove(call, defaults) },
]

/** Variants of one batch (docs/bigcommerce.md, Variants). */
const MOST = 50

const show = ({ state }: Call, variant: VariantRow): Record<string, unknown> =>
  variantBody(variant, state.products.get(variant.product_id))

const list = (call: Call): Answer => {
  const { query, state } = call
  const rows = filtered(query, candidates(query, state), {
    ...numbers('id', [''], ({ id }: VariantRow) => id),
    ...textsNoCase('sku', [''], ({ sku }: VariantRow) => sku),
    ...texts('upc', [''], (row: VariantRow) => String(row['upc'])),
    ...numbers('product_id', [':in'], (row: VariantRow) => row.product_id),
  })
  const some = narrow(query)
  return page(call, rows, (row) => some(show(call, row)))
}

/** A query by product or SKU looks only at the rows that can match. */
const candidates = (query: URLSearchParams, { variants }: State): readonly VariantRow[] => {
  const products = query.get('product_id:in')
  const sku = query.get('sku')
  if (sku) return variants.where('sku', sku.toLowerCase())
  if (!products) return variants.list()
  const ids = [...new Set(products.split(',').map(Number))]
  return ids.flatMap((id) => variants.where('product', id)).sort((a, b) => a.id - b.id)
}

const listOfProduct = (call: Call): Answer => {
  const some = narrow(call.query)
  const rows = filtered(call.query, call.state.variants.where('product', productOf(call).id), {})
  return page(call, rows, (row) => some(show(call, row)))
}

const create = (call: Call, defaults: Defaults): Answer => {
  const product = productOf(call)
  const variant = insertVariant(call.state, product, objectOf(call.body), defaults)
  touch(call.state, product.id)
  return ok(show(call, variant))
}

const update = (call: Call): Answer =>
  ok(show(call, updateVariant(call, variantOf(call).variant, objectOf(call.body), VARIANT_RULES)))

const remove = (call: Call, defaults: Defaults): Answer => {
  deleteVariant(call.state, variantOf(call).variant, defaults)
  return noContent
}

/**
 * Rows with an id change that variant, rows without one are created. One bad row refuses the whole batch, without telling its
 * place, unless the store is set to save the good ones.
 */
const writeBatch = (call: Call, defaults: Defaults): Answer => {
  const rows = arrayOf(call.body)
  if (rows.length === 0) refuse(invalid('Must supply some variants for bulk upsert'))
  if (rows.length > MOST) refuse(tooManyRows(MOST))
  const saved: unknown[] = []
  const errors: unknown[] = []
  for (const row of rows) {
    try {
      saved.push(call.state.timeline.atomically(() => show(call, writeRow(call, row, defaults))))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      errors.push({ ...(error.answer.body as object), instance: '' })
    }
  }
  if (errors.length === 0) return ok(saved)
  return {
    status: 422,
    body: call.settings.partialVariantBatch ? { data: saved, batch_errors: errors } : { batch_errors: errors },
  }
}

const writeRow = (call: Call, row: Body, defaults: Defaults): VariantRow => {
  const { state } = call
  if (row['id'] === undefined) {
    needFields(row, ['product_id', 'sku', 'option_values'])
    const product = state.products.get(idOf(String(row['product_id']))) ?? refuse(noSuch('product', row['product_id']))
    const variant = insertVariant(state, product, row, defaults)
    touch(state, product.id)
    return variant
  }
  const variant = state.variants.get(idOf(String(row['id']))) ?? refuse(noSuch('variant', row['id']))
  return updateVariant(call, variant, row, VARIANT_BATCH_RULES)
}

const noSuch = (word: string, id: unknown): Answer =>
  problem(422, `A ${word} with the id of ${id} was not found.`, { id: 'not found' })
