import { invalid, refuse } from '../answers.ts'
import { type Filters, filtered, flags, moments, numbers, PAGING, texts, textsNoCase } from '../filters.ts'
import { listOf } from '../pages.ts'
import type { ProductRow, State } from '../state.ts'
import type { Call } from '../types.ts'
import { productBody } from './shape.ts'

/** The products that a query asks for, in its order. @throws {Refusal} 422 for a filter or an order that does not exist. */
export const productsFor = (call: Call): readonly ProductRow[] => {
  const { query, state } = call
  return sorted(query, filtered(query, state.products.list(), productFilters(state, call.now()), OTHERS))
}

/** Whether the query holds a filter at all. */
export const hasFilter = (query: URLSearchParams): boolean => [...query.keys()].some((name) => !OTHERS.includes(name))

const OTHERS = [...PAGING, 'include', 'sort', 'direction']

const productFilters = (state: State, now: number): Filters<ProductRow> => ({
  ...numbers('id', ['', ':in', ':not_in', ':min', ':max', ':greater', ':less'], ({ id }) => id),
  ...numbers('channel_id', [':in'], () => 1),
  ...texts('name', [''], ({ name }) => name),
  ...textsNoCase('sku', ['', ':in'], ({ sku }) => sku),
  ...texts('mpn', [''], (row) => String(row['mpn'])),
  ...texts('upc', [''], (row) => String(row['upc'])),
  ...numbers('price', [''], ({ price }) => price),
  ...numbers('weight', [''], (row) => Number(row['weight'])),
  ...textsNoCase('condition', [''], (row) => String(row['condition'])),
  ...numbers('brand_id', [''], ({ brand_id }) => brand_id),
  ...moments('date_modified', ['', ':min', ':max'], ({ date_modified }) => date_modified, now),
  ...moments('date_last_imported', ['', ':not', ':min', ':max'], (row) => String(row['date_last_imported']), now),
  ...flags('is_visible', (row) => row['is_visible'] === true),
  ...flags('is_featured', (row) => row['is_featured'] === true),
  ...flags('is_free_shipping', (row) => row['is_free_shipping'] === true),
  ...numbers(
    'inventory_level',
    ['', ':in', ':not_in', ':min', ':max', ':greater', ':less'],
    (row) => row.inventory_level,
  ),
  ...flags('inventory_low', (row) => isTracked(row) && row.inventory_level <= Number(row['inventory_warning_level'])),
  ...flags('out_of_stock', (row) => isTracked(row) && row.inventory_level === 0),
  ...numbers('total_sold', [''], (row) => Number(row['total_sold'])),
  ...texts('type', [''], (row) => String(row['type'])),
  ...texts('availability', [''], (row) => String(row['availability'])),
  // Alone, `categories` finds products in no other category; with `:in`, products in any of them.
  categories: (text) => (row) => row.categories.length === 1 && row.categories[0] === Number(text),
  'categories:in': (text) => {
    const wanted = new Set(text.split(',').map(Number))
    return (row) => row.categories.some((id) => wanted.has(id))
  },
  keyword: (text) => {
    const wanted = text.toLowerCase()
    return (row) => searched(state, row).some((one) => String(one).toLowerCase().includes(wanted))
  },
  keyword_context: () => () => true,
})

const isTracked = (row: ProductRow): boolean => row.inventory_tracking !== 'none'

const searched = (state: State, row: ProductRow): readonly unknown[] => [
  row.name,
  row['description'],
  row.sku,
  state.brands.get(row.brand_id)?.name ?? '',
]

const SORTS = new Set([
  'id',
  'name',
  'sku',
  'price',
  'date_modified',
  'date_last_imported',
  'inventory_level',
  'is_visible',
  'total_sold',
  'calculated_price',
])

const sorted = (query: URLSearchParams, rows: readonly ProductRow[]): readonly ProductRow[] => {
  const by = query.get('sort') ?? 'id'
  const direction = query.get('direction') ?? 'asc'
  if (!SORTS.has(by)) refuse(invalid('Invalid sort.', { sort: `${by} is not a sort field` }))
  if (direction !== 'asc' && direction !== 'desc') refuse(invalid('Invalid direction.', { direction: 'asc or desc' }))
  if (by === 'id') return direction === 'asc' ? rows : rows.toReversed()
  const sign = direction === 'asc' ? 1 : -1
  const value = (row: ProductRow) => productBody(row)[by] as string | number
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)]
    return left < right ? -sign : left > right ? sign : a.id - b.id
  })
}

/** The sub-resources that `include` names. @throws {Refusal} 422 for one that does not exist. */
export const includesOf = (query: URLSearchParams, known: Readonly<Record<string, unknown>>): readonly string[] => {
  const names = [...(listOf(query, 'include') ?? [])].filter(Boolean)
  const unknown = names.filter((name) => !Object.hasOwn(known, name))
  return unknown.length ? refuse(invalid(`Invalid include: ${unknown.join(', ')}`, { include: 'unknown' })) : names
}
