import { conflict, partly, refuse } from '../answers.ts'
import type { Defaults } from '../defaults.ts'
import { deleteMetafields } from '../delete-metafields.ts'
import { changeStock, DEFAULT_LOCATION } from '../inventory/index.ts'
import { brandNamed } from '../listings/index.ts'
import { type Body, needFields, readFields, text } from '../rules.ts'
import { catalogTime, type ProductRow, type State } from '../state.ts'
import type { Answer, Call } from '../types.ts'
import { freeUrl, type UrlWish, urlWish } from './custom-url.ts'
import { writeNested } from './nested.ts'
import { PRODUCT_NEEDS, PRODUCT_RULES } from './product-rules.ts'
import { claimName, claimSku } from './uniqueness.ts'
import { insertBaseVariant, insertInlineVariants } from './variant-create.ts'

/** A product that was saved; `complaint` tells what else was asked for and could not be done. */
export interface Saved {
  readonly product: ProductRow
  readonly complaint?: string
}

/** Creates one product with everything that is nested in it. @throws {Refusal} 422 or 409. */
export const createProduct = (call: Call, body: Body, defaults: Defaults): Saved => {
  const { state } = call
  needFields(body, PRODUCT_NEEDS)
  const fields = readFields(body, PRODUCT_RULES)
  claimName(state, String(fields['name']))
  claimSku(state, String(fields['sku'] ?? ''))
  checkReferences(state, fields)
  const wish = urlWish(body, String(fields['name']))
  const { custom_url, complaint } = resolveUrl(state, wish)
  const now = catalogTime(state.now())
  const product = state.products.insert({
    ...defaults('products'),
    ...fields,
    ...brandOf(state, body),
    custom_url,
    date_created: now,
    date_modified: now,
  } as unknown as ProductRow)
  writeNested(state, product, body)
  if (Array.isArray(body['variants']) && body['variants'].length)
    insertInlineVariants(state, product, body['variants'], defaults)
  else insertBaseVariant(state, product, defaults)
  return { product: reread(state, product), ...(complaint && { complaint }) }
}

/** Changes what the body names and nothing else. @throws {Refusal} 422 or 409. */
export const updateProduct = (call: Call, product: ProductRow, body: Body): Saved => {
  const { state, settings } = call
  const { inventory_level, ...fields } = readFields(body, PRODUCT_RULES)
  if (typeof fields['name'] === 'string') claimName(state, fields['name'], product.id)
  if (typeof fields['sku'] === 'string') {
    claimSku(state, fields['sku'], { product })
    if (product.base_variant_id !== null) state.variants.update(product.base_variant_id, { sku: fields['sku'] })
  }
  checkReferences(state, fields)
  const wish = body['custom_url'] === undefined ? undefined : urlWish(body, product.name)
  const { custom_url, complaint } = wish ? resolveUrl(state, wish, product) : { custom_url: product.custom_url }
  state.products.update(product.id, {
    ...fields,
    ...brandOf(state, body),
    custom_url,
    date_modified: catalogTime(state.now()),
  })
  writeNested(state, product, body)
  if (typeof inventory_level === 'number') {
    const change = { productId: product.id, variantId: product.base_variant_id, locationId: DEFAULT_LOCATION }
    changeStock(state, settings, [{ ...change, mode: 'set', quantity: inventory_level }])
  }
  return { product: reread(state, product), ...(complaint && { complaint }) }
}

/** Deletes a product and all its parts; its name and SKUs are free at once. */
export const deleteProduct = (state: State, { id }: ProductRow): void => {
  for (const variant of state.variants.where('product', id)) deleteMetafields(state, 'variant', variant.id)
  deleteMetafields(state, 'product', id)
  for (const table of [
    state.variants,
    state.options,
    state.images,
    state.customFields,
    state.bulkRules,
    state.videos,
    state.reviews,
    state.modifiers,
    state.complexRules,
    state.inventory,
    state.channelAssignments,
  ]) {
    for (const row of table.where('product', id)) table.delete(row.id)
  }
  state.products.delete(id)
}

/** 200 with the product, or 207 where a side of it failed. */
export const savedAnswer = ({ product, complaint }: Saved, shape: (product: ProductRow) => unknown): Answer =>
  complaint
    ? partly(shape(product), complaint, { custom_url: complaint })
    : { status: 200, body: { data: shape(product), meta: {} } }

const reread = (state: State, { id }: ProductRow): ProductRow => state.products.get(id) as ProductRow

const checkReferences = (state: State, fields: Readonly<Record<string, unknown>>): void => {
  for (const id of (fields['categories'] as readonly number[] | undefined) ?? []) {
    if (!state.categories.has(id)) missing('categories', `The category with the id of ${id} does not exist.`)
  }
  const brand = fields['brand_id']
  if (typeof brand === 'number' && brand > 0 && !state.brands.has(brand)) {
    missing('brand_id', `The brand with the id of ${brand} does not exist.`)
  }
}

/** `brand_name` finds a brand or makes it; the name itself is not stored. */
const brandOf = (state: State, body: Body): { brand_id?: number } => {
  const { brand_name: name } = readFields(body, { brand_name: text(255) })
  return name ? { brand_id: brandNamed(state, String(name)).id } : {}
}

const missing = (field: string, title: string): never => refuse(conflict(title, { [field]: title }))

/** A customised address that is taken is not given, and the product is saved all the same. */
const resolveUrl = (
  state: State,
  { url, is_customized }: UrlWish,
  product?: ProductRow,
): { custom_url: ProductRow['custom_url']; complaint?: string } => {
  const taken = state.products.where('url', url).some(({ id }) => id !== product?.id)
  if (!taken) return { custom_url: { url, is_customized } }
  const fallback = product?.custom_url ?? { url: freeUrl(state, url), is_customized: false }
  return is_customized
    ? { custom_url: fallback, complaint: 'The custom URL is already in use.' }
    : { custom_url: { url: freeUrl(state, url, product), is_customized } }
}
