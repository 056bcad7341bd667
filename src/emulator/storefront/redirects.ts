import { invalid, noContent, refuse, tooManyRows } from '../answers.ts'
import { filtered, numbers } from '../filters.ts'
import { listOf, page } from '../pages.ts'
import { arrayOf, type Body } from '../rules.ts'
import { placeKey, type State } from '../state.ts'
import type { Row, Table } from '../table.ts'
import type { Answer, Call, Endpoint } from '../types.ts'

const path = '/v3/storefront/redirects'
const scope = 'store_v2_content'

export const redirectEndpoints: readonly Endpoint[] = [
  { method: 'GET', path, scope, handle: (call) => list(call) },
  { method: 'PUT', path, scope, handle: (call) => upsert(call) },
  { method: 'DELETE', path, scope, handle: (call) => remove(call) },
]

/** Rows of one request; undocumented (docs/bigcommerce.md, Redirects). */
const MOST = 50

const list = (call: Call): Answer => {
  const { query, state } = call
  const rows = filtered(
    query,
    state.redirects.list(),
    {
      ...numbers<Row>('site_id', [''], (row) => Number(row['site_id'])),
      ...numbers<Row>('id', [':in', ':min', ':max'], ({ id }) => id),
      keyword: (text) => (row) => String(row['from_path']).replace(/^\//, '').startsWith(text.replace(/^\//, '')),
    },
    ['page', 'limit', 'sort', 'direction', 'include'],
  )
  const isFull = listOf(query, 'include')?.has('to_url') ?? false
  return page(call, sorted(rows, query), (row) => (isFull ? { ...row, to_url: destination(state, row) } : row))
}

const sorted = (rows: readonly Row[], query: URLSearchParams): readonly Row[] => {
  const by = query.get('sort') ?? 'id'
  if (!['from_path', 'type', 'site_id', 'id'].includes(by)) refuse(invalid('The sort is not valid.', { sort: by }))
  const of = (row: Row): unknown => (by === 'type' ? targetOf(row).type : row[by])
  const order = (a: Row, b: Row): number => {
    const [x, y] = [of(a), of(b)]
    return typeof x === 'number' ? x - Number(y) : String(x) < String(y) ? -1 : 1
  }
  return rows.toSorted(query.get('direction') === 'desc' ? (a, b) => order(b, a) : order)
}

interface Target {
  readonly type: string
  readonly entity_id: number | null
  readonly url: string | null
}

const targetOf = (row: Row): Target => row['to'] as Target

const destination = ({ sites, products, brands, categories }: State, row: Row): string => {
  const { type, entity_id, url } = targetOf(row)
  const id = entity_id ?? 0
  const paths: Record<string, unknown> = {
    url,
    product: products.get(id)?.custom_url?.url,
    brand: (brands.get(id)?.['custom_url'] as Body | undefined)?.['url'],
    category: (categories.get(id)?.['url'] as Body | undefined)?.['path'],
  }
  const to = String(paths[type] ?? '/')
  return URL.canParse(to) ? to : `${sites.get(Number(row['site_id']))?.['url'] ?? 'https://store.example.com'}${to}`
}

/** Makes rows, or writes over those of the same site and path; nothing where one of them is wrong. */
const upsert = ({ body, state }: Call): Answer => {
  const rows = arrayOf(body)
  if (rows.length > MOST) refuse(tooManyRows(MOST))
  const errors = Object.fromEntries(rows.flatMap((row, place) => complaints(state, row, place)))
  if (Object.keys(errors).length) refuse(invalid('The redirects are not valid.', errors))
  const data = rows.map((row) => put(state.redirects, row))
  return { status: 201, body: { data, meta: {} } }
}

const TYPES = ['product', 'brand', 'category', 'page', 'post', 'url']

const complaints = (state: State, row: Body, place: number): [string, string][] => {
  const to = (row['to'] ?? {}) as Body
  const type = String(to['type'])
  const say = (field: string, message: string): [string, string][] => [[`${place}.${field}`, message]]
  if (typeof row['from_path'] !== 'string' || row['from_path'] === '') return say('from_path', 'A path is needed.')
  if (!isSite(state, row['site_id'])) return say('site_id', `Site ${row['site_id']} does not exist.`)
  if (!TYPES.includes(type)) return say('to.type', `must be one of ${TYPES.join(', ')}`)
  if (type !== 'url')
    return isThere(state, type, Number(to['entity_id'] ?? Number.NaN))
      ? []
      : say('to.entity_id', `${type} ${to['entity_id']} does not exist.`)
  const { url } = to
  return typeof url === 'string' && url !== '' && url.length <= 2048
    ? []
    : say('to.url', 'must be between 1 and 2048 characters long')
}

/** Of a store that nobody gave sites, any is taken. */
const isSite = ({ sites }: State, id: unknown): boolean => typeof id === 'number' && (sites.size === 0 || sites.has(id))

const isThere = ({ products, brands, categories }: State, type: string, id: number): boolean => {
  switch (type) {
    case 'product':
      return products.has(id)
    case 'brand':
      return brands.has(id)
    case 'category':
      return categories.has(id)
    default:
      return id > 0
  }
}

/** A path is kept without the slash at its end, and a target with what its type needs. */
const put = (redirects: Table, row: Body): Row => {
  const from_path = String(row['from_path']).replace(/(?<=[^/])\/+$/, '')
  const { type, entity_id = null, url = null } = row['to'] as Body
  const to = type === 'url' ? { type, entity_id: null, url } : { type, entity_id, url: null }
  const [there] = redirects.where('place', placeKey(Number(row['site_id']), from_path))
  return there ? redirects.update(there.id, { to }) : redirects.insert({ site_id: row['site_id'], from_path, to })
}

const remove = (call: Call): Answer => {
  const { query, state } = call
  if (!query.get('id:in')) return invalid('The ids of the redirects are needed.', { 'id:in': 'is required' })
  const filters = {
    ...numbers<Row>('id', [':in'], ({ id }) => id),
    ...numbers<Row>('site_id', [''], (row) => Number(row['site_id'])),
  }
  for (const { id } of filtered(query, state.redirects.list(), filters, [])) state.redirects.delete(id)
  return noContent
}
