import { invalid, noContent, notFound, ok, Refusal, refuse, tooManyRows } from '../answers.ts'
import { type Filters, filtered, moments, numbers, texts, textsNoCase } from '../filters.ts'
import { listOf as namesIn } from '../pages.ts'
import { amount, arrayOf, type Body, idOf, objectOf, oneOf, orNull, readFields, whole } from '../rules.ts'
import { type PriceRow, priceKey, type State, type VariantRow, zuluTime } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { listOf } from './lists.ts'
import { PRICE_PAGING, pricePage } from './pages.ts'

const PATH = '/v3/pricelists/:list/records'
const ONE = `${PATH}/:variant/:currency`
const scope = 'store_v2_products'

/** Most requests at once are those of docs/bigcommerce.md, Concurrency; of upserts the lower of the two numbers told. */
export const recordEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: PATH, scope, concurrency: 10, handle: (call) => list(call) },
  { method: 'PUT', path: PATH, scope, concurrency: 1, handle: (call) => upsert(call) },
  { method: 'POST', path: PATH, scope, concurrency: 10, handle: (call) => create(call) },
  { method: 'DELETE', path: PATH, scope, handle: (call) => removeSome(call) },
  { method: 'GET', path: `${PATH}/:variant`, scope, concurrency: 40, handle: (call) => list(call) },
  { method: 'GET', path: ONE, scope, concurrency: 50, handle: (call) => ok(shapeOf(call)(wanted(call))) },
  { method: 'PUT', path: ONE, scope, concurrency: 40, handle: (call) => setOne(call) },
  { method: 'DELETE', path: ONE, scope, concurrency: 25, handle: (call) => removeOne(call) },
]

/** Most rows of a request (docs/bigcommerce.md, Price list records). */
const MOST = { upsert: 1000, create: 100 }

const list = (call: Call): Answer => {
  const { state, query, params } = call
  const all = state.priceRecords.where('list', listOf(call, params['list']).id)
  const rows = params['variant'] === undefined ? all : all.filter((row) => row.variant_id === idOf(params['variant']))
  return pricePage(call, filtered(query, rows, filtersOf(call), PRICE_PAGING), shapeOf(call))
}

const EXACT_AND_RANGE = ['', ':min', ':max'] as const

const filtersOf = ({ state, now }: Call): Filters<PriceRow> => ({
  ...numbers<PriceRow>('variant_id', [':in'], (row) => row.variant_id),
  ...numbers<PriceRow>('product_id', [':in'], (row) => row.product_id),
  ...texts<PriceRow>('sku', ['', ':in'], (row) => skuOf(state, row)),
  ...textsNoCase<PriceRow>('currency', ['', ':in'], (row) => row.currency),
  ...numbers<PriceRow>('price', EXACT_AND_RANGE, (row) => row.price),
  ...numbers<PriceRow>('sale_price', EXACT_AND_RANGE, (row) => row.sale_price ?? Number.NaN),
  ...numbers<PriceRow>('retail_price', EXACT_AND_RANGE, (row) => row.retail_price ?? Number.NaN),
  ...numbers<PriceRow>('map_price', EXACT_AND_RANGE, (row) => row.map_price ?? Number.NaN),
  ...numbers<PriceRow>('calculated_price', EXACT_AND_RANGE, (row) => row.sale_price ?? row.price),
  ...moments<PriceRow>('date_created', EXACT_AND_RANGE, (row) => row.date_created, now()),
  ...moments<PriceRow>('date_modified', EXACT_AND_RANGE, (row) => row.date_modified, now()),
})

const skuOf = (state: State, { variant_id }: PriceRow): string => state.variants.get(variant_id)?.sku ?? ''

/** A record as the API shows it; SKU and tiers only where they are asked for. */
const shapeOf = ({ state, query }: Call): ((row: PriceRow) => unknown) => {
  const include = namesIn(query, 'include')
  return ({ id: _id, bulk_pricing_tiers: tiers, ...row }) => ({
    ...row,
    calculated_price: row.sale_price ?? row.price,
    ...(include?.has('sku') && { sku: skuOf(state, row as PriceRow) }),
    ...(include?.has('bulk_pricing_tiers') && { bulk_pricing_tiers: tiers }),
  })
}

/** Saves every row that is right; those that are not are named, each with what is wrong (docs/bigcommerce.md, Price list records). */
const upsert = (call: Call): Answer => {
  const { id } = listOf(call, call.params['list'])
  const bad = rowsOf(call, MOST.upsert).flatMap((body) => refusedBy(body, () => save(call, id, body)))
  return bad.length ? { status: 422, body: { batch_errors: bad }, partial: true } : ok({})
}

/** Makes rows; none where one of them is there already. */
const create = (call: Call): Answer => {
  const { id } = listOf(call, call.params['list'])
  const bad = rowsOf(call, MOST.create).flatMap((body) =>
    refusedBy(body, () => {
      const { variant, currency } = identityOf(call.state, body)
      const there = call.state.priceRecords.where(
        'key',
        priceKey({ price_list_id: id, variant_id: variant.id, currency }),
      )
      if (there.length) refuse(invalid('The price record exists.', { variant_id: 'A record for it exists already.' }))
      save(call, id, body)
    }),
  )
  return bad.length ? { status: 422, body: { batch_errors: bad } } : ok({})
}

const rowsOf = ({ body }: Call, most: number): readonly Body[] => {
  const rows = arrayOf(body)
  return rows.length > most ? refuse(tooManyRows(most)) : rows
}

const refusedBy = (data: Body, write: () => void): readonly unknown[] => {
  try {
    write()
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { title, errors } = error.answer.body as { title: string; errors?: object }
    return [{ data, field_errors: errors ?? { '': title } }]
  }
}

/** The variant by exactly one of its id and its SKU, and the currency in small letters. @throws {Refusal} 422. */
const identityOf = (state: State, body: Body): { readonly variant: VariantRow; readonly currency: string } => {
  const { variant_id, sku, currency } = body
  if ((variant_id === undefined) === (sku === undefined))
    refuse(invalid('Missing Required Fields', { variant_id: 'Either variant_id or sku is needed.' }))
  if (typeof currency !== 'string' || !/^[a-z]{3}$/i.test(currency))
    refuse(invalid('Missing Required Fields', { currency: 'A currency of three letters is needed.' }))
  const variant =
    variant_id === undefined
      ? state.variants.where('sku', String(sku).toLowerCase())[0]
      : state.variants.get(Number(variant_id))
  const named =
    variant_id === undefined ? { sku: 'The SKU was not found.' } : { variant_id: 'The variant was not found.' }
  return { variant: variant ?? refuse(invalid('Not found', named)), currency: String(currency).toLowerCase() }
}

const RULES = {
  price: amount(),
  sale_price: amount(),
  retail_price: amount(),
  map_price: amount(),
  bulk_pricing_tiers: (value: unknown) => arrayOf(value).map(tier),
}

const tier = (body: Body): unknown => ({
  quantity_max: null,
  ...readFields(body, {
    quantity_min: whole(1),
    quantity_max: orNull(whole(1)),
    type: oneOf('fixed', 'price', 'percent'),
    amount: amount(),
  }),
})

/** The record becomes what the body says: what it leaves out is not set afterwards. @throws {Refusal} 422. */
const save = (call: Call, price_list_id: number, body: Body): PriceRow => {
  const { state } = call
  const { variant, currency } = identityOf(state, body)
  const { price, ...fields } = readFields(body, RULES)
  if (price === undefined) refuse(invalid('Missing Required Fields', { price: 'Please provide a price.' }))
  const key = { price_list_id, variant_id: variant.id, currency }
  const [there] = state.priceRecords.where('key', priceKey(key))
  const at = zuluTime(call.now())
  const row = {
    ...key,
    product_id: variant.product_id,
    price: price as number,
    sale_price: null,
    retail_price: null,
    map_price: null,
    bulk_pricing_tiers: [],
    ...fields,
    date_created: there?.date_created ?? at,
    date_modified: at,
  }
  return there ? state.priceRecords.update(there.id, row) : state.priceRecords.insert(row)
}

const setOne = (call: Call): Answer => {
  const { list: listId, variant, currency } = call.params
  const { id } = listOf(call, listId)
  if (!call.state.variants.has(idOf(variant))) refuse(notFound(`A variant with the id of ${variant} was not found.`))
  return ok(shapeOf(call)(save(call, id, { ...objectOf(call.body), variant_id: idOf(variant), currency })))
}

const wanted = (call: Call): PriceRow => {
  const { list: listId, variant, currency = '' } = call.params
  const key = { price_list_id: idOf(listId), variant_id: idOf(variant), currency: currency.toLowerCase() }
  return call.state.priceRecords.where('key', priceKey(key))[0] ?? refuse(notFound('The price record was not found.'))
}

const removeOne = (call: Call): Answer => {
  call.state.priceRecords.delete(wanted(call).id)
  return noContent
}

/** Without a filter every record of the list goes. */
const removeSome = (call: Call): Answer => {
  const { state, query, params } = call
  const filters = {
    ...numbers<PriceRow>('variant_id', [':in'], (row) => row.variant_id),
    ...texts<PriceRow>('sku', [':in'], (row) => skuOf(state, row)),
    ...textsNoCase<PriceRow>('currency', [''], (row) => row.currency),
  }
  const rows = filtered(query, state.priceRecords.where('list', listOf(call, params['list']).id), filters, [])
  for (const { id } of rows) state.priceRecords.delete(id)
  return noContent
}
