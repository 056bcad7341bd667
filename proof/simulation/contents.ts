import type { State } from '../../src/emulator/index.ts'
import type { Change, FieldChange } from '../../src/model/index.ts'
import { FIELD } from './extras.ts'
import { fieldPlace, recordPlace } from './history.ts'

/** What a request is about to do to the store. */
export type Content =
  | { readonly kind: 'value'; readonly place: string; readonly value: unknown }
  | { readonly kind: 'create'; readonly sku: string }
  | { readonly kind: 'removal'; readonly place: string }
  | { readonly kind: 'picture'; readonly body: Row }
  | { readonly kind: 'strange' }

export interface Row {
  readonly [name: string]: unknown
}

/** What a request that writes holds, as the store stands before it. */
export const contentOf = (state: State, method: string, path: string, body: unknown): readonly Content[] => {
  if (EXTRAS.test(path)) return contentOfExtras(state, method, path, body)
  if (method === 'PUT' && path.startsWith('/v3/catalog/products'))
    return (body as Row[]).flatMap((row) => valuesOf('products', row))
  if (method === 'PUT' && path.startsWith('/v3/catalog/variants'))
    return (body as Row[]).flatMap((row) => valuesOf('variants', row))
  if (method === 'POST' && path.startsWith('/v3/catalog/products'))
    return [{ kind: 'create', sku: String((body as Row)['sku']) }]
  if (method === 'PUT' && path === '/v3/inventory/adjustments/absolute') {
    return (body as { items: Row[] }).items.map(({ product_id: product, variant_id: variant, quantity }) => ({
      kind: 'value',
      place: `${variant === undefined ? `products/${String(product)}` : `variants/${String(variant)}`}.inventory_level`,
      value: quantity,
    }))
  }
  return [{ kind: 'strange' }]
}

const EXTRAS = /^\/v3\/(?:catalog\/products\/(\d+)\/(custom-fields|images)(?:\/(\d+))?|pricelists\/(\d+)\/records)$/

/** The same of what only some worlds have. */
const contentOfExtras = (state: State, method: string, path: string, body: unknown): readonly Content[] => {
  const [, product, kind, id, list] = EXTRAS.exec(path) ?? []
  if (list !== undefined)
    return (body as Row[]).map((row) => {
      const sku = row['sku'] ?? state.variants.get(Number(row['variant_id']))?.sku ?? ''
      const place = recordPlace(Number(list), String(sku), String(row['currency']))
      return { kind: 'value', place: `${place}.price`, value: row['price'] }
    })
  if (kind === 'images') return [{ kind: 'picture', body: body as Row }]
  if (kind !== 'custom-fields') return []
  // One that somebody deleted a moment ago was the feed's: no other is written.
  const { name, value } = { name: FIELD, ...state.customFields.get(Number(id)), ...(body as Row) } as Row
  const place = fieldPlace(Number(product), String(name))
  return [method === 'DELETE' ? { kind: 'removal', place } : { kind: 'value', place: `${place}.value`, value }]
}

const valuesOf = (table: string, row: Row): readonly Content[] =>
  Object.entries(row)
    .filter(([name]) => !['id', 'product_id', 'sku'].includes(name))
    .map(([name, value]) => ({ kind: 'value', place: `${table}/${String(row['id'])}.${name}`, value }))

/** Where in the store the new value of a change may show. */
export const placesOf = (change: Change, { field }: FieldChange): readonly string[] => {
  const { resource, entity, key } = change
  if (resource === 'product_images') return []
  if (resource === 'product_custom_fields') return field === 'value' ? [`${partPlace(change)}.value`] : []
  if (resource === 'price_list_records')
    return [`${recordPlace(Number(key['price_list_id']), String(key['sku']), String(key['currency']))}.${field}`]
  return resource === 'skus'
    ? [`products/${String(entity['product_id'])}.${field}`, `variants/${String(entity['variant_id'])}.${field}`]
    : [`${resource}/${String(entity['id'])}.${field}`]
}

/** Where a custom field of a product shows. */
export const partPlace = ({ key }: Change): string => fieldPlace(Number(key['product_id']), String(key['name']))

/** Whether a value of a plan and one of the store are the same: decimals are text here and numbers there. */
export const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if ((a === null || a === undefined) !== (b === null || b === undefined)) return false
  const [x, y] = [Number(a), Number(b)]
  return a !== '' && b !== '' && Number.isFinite(x) && Number.isFinite(y)
    ? Math.abs(x - y) < 1e-9
    : String(a ?? '') === String(b ?? '')
}
