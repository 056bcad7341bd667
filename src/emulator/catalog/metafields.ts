import { noContent, notFound, ok, refuse } from '../answers.ts'
import { each } from '../batches.ts'
import { filtered, moments, PAGING, texts } from '../filters.ts'
import { cursorPage, narrow } from '../pages.ts'
import { idOf, objectOf } from '../rules.ts'
import { type MetafieldRow, ownerKey } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { addMetafield, changeMetafield } from './metafield-write.ts'

/** Whose metafields: the paths that lead to them. */
interface Owner {
  readonly type: keyof typeof TABLES
  /** Of one owner, whose id is the last parameter. */
  readonly single: string
  readonly param: string
  /** Of all owners. */
  readonly batch: string
}

const OWNERS: readonly Owner[] = [
  {
    type: 'product',
    single: '/v3/catalog/products/:id/metafields',
    param: 'id',
    batch: '/v3/catalog/products/metafields',
  },
  {
    // The product id of this path is not looked at.
    type: 'variant',
    single: '/v3/catalog/products/:id/variants/:variant/metafields',
    param: 'variant',
    batch: '/v3/catalog/variants/metafields',
  },
  {
    type: 'category',
    single: '/v3/catalog/categories/:id/metafields',
    param: 'id',
    batch: '/v3/catalog/categories/metafields',
  },
  {
    type: 'brand',
    single: '/v3/catalog/brands/:id/metafields',
    param: 'id',
    batch: '/v3/catalog/brands/metafields',
  },
]

/** Where the owners are. */
const TABLES = { product: 'products', variant: 'variants', category: 'categories', brand: 'brands' } as const

/** Metafields of products, variants, categories and brands, one owner's and all together (docs/bigcommerce.md, Metafields). */
export const metafieldEndpoints = (): readonly Endpoint[] => OWNERS.flatMap(endpointsOf)

const endpointsOf = (owner: Owner): readonly Endpoint[] => {
  const scope = 'store_v2_products'
  const { single, batch } = owner
  return [
    { method: 'GET', path: single, scope, handle: (call) => list(call, rowsOf(call, owner)) },
    { method: 'POST', path: single, scope, handle: (call) => create(call, owner) },
    { method: 'GET', path: `${single}/:metafield`, scope, handle: (call) => ok(named(call, owner)) },
    { method: 'PUT', path: `${single}/:metafield`, scope, handle: (call) => update(call, owner) },
    { method: 'DELETE', path: `${single}/:metafield`, scope, handle: (call) => remove(call, owner) },
    { method: 'GET', path: batch, scope, handle: (call) => list(call, allOf(call, owner)) },
    { method: 'POST', path: batch, scope, handle: (call) => each(call, (row) => addFor(call, owner, row)) },
    { method: 'PUT', path: batch, scope, handle: (call) => each(call, (row) => changeOne(call, owner, row)) },
    { method: 'DELETE', path: batch, scope, handle: (call) => each(call, (id) => deleteOne(call, owner, id)) },
  ]
}

const ownerId = ({ state, params }: Call, { type, param }: Owner): number => {
  const id = idOf(params[param])
  const known = state[TABLES[type]].has(id)
  return known ? id : refuse(notFound(`A ${type} with the id of ${params[param]} was not found.`))
}

const rowsOf = (call: Call, owner: Owner): readonly MetafieldRow[] =>
  call.state.metafields.where('owner', ownerKey(owner.type, ownerId(call, owner)))

const allOf = ({ state }: Call, { type }: Owner): readonly MetafieldRow[] =>
  state.metafields.list().filter((row) => row.resource_type === type)

const named = (call: Call, owner: Owner): MetafieldRow =>
  find(call, owner, call.params['metafield'], ownerId(call, owner))

const find = ({ state }: Call, { type }: Owner, id: unknown, of?: number): MetafieldRow => {
  const row = state.metafields.get(idOf(String(id)))
  const fits = row?.resource_type === type && (of === undefined || row.resource_id === of)
  return row && fits ? row : refuse(notFound(`A metafield with the id of ${id} was not found.`))
}

const list = (call: Call, rows: readonly MetafieldRow[]): Answer => {
  const { query } = call
  const found = filtered(
    query,
    rows,
    {
      ...texts('key', ['', ':in'], (row: MetafieldRow) => row.key),
      ...texts('namespace', ['', ':in'], (row: MetafieldRow) => row.namespace),
      ...texts('resource_id', [':in'], (row: MetafieldRow) => String(row.resource_id)),
      ...moments('date_created', [':min', ':max'], (row: MetafieldRow) => String(row['date_created']), call.now()),
      ...moments('date_modified', [':min', ':max'], (row: MetafieldRow) => String(row['date_modified']), call.now()),
    },
    [...PAGING, 'direction', 'before', 'after'],
  )
  const ordered = query.get('direction') === 'desc' ? found.toReversed() : found
  return cursorPage(call, ordered, narrow(query))
}

const create = (call: Call, owner: Owner): Answer =>
  ok(addMetafield(call.state, owner.type, ownerId(call, owner), objectOf(call.body)))

const update = (call: Call, owner: Owner): Answer =>
  ok(changeMetafield(call.state, named(call, owner), objectOf(call.body)))

const remove = (call: Call, owner: Owner): Answer => {
  call.state.metafields.delete(named(call, owner).id)
  return noContent
}

const addFor = (call: Call, owner: Owner, row: unknown): MetafieldRow => {
  const body = objectOf(row)
  const params = { [owner.param]: String(body['resource_id']) }
  return addMetafield(call.state, owner.type, ownerId({ ...call, params }, owner), body)
}

const changeOne = (call: Call, owner: Owner, row: unknown): MetafieldRow => {
  const body = objectOf(row)
  return changeMetafield(call.state, find(call, owner, body['id']), body)
}

const deleteOne = (call: Call, owner: Owner, id: unknown): number => {
  const row = find(call, owner, id)
  call.state.metafields.delete(row.id)
  return row.id
}
