import { refuse, v2Error } from '../answers.ts'
import { v2Page } from '../pages.ts'
import type { NamedRow, State } from '../state.ts'
import type { Table } from '../table.ts'
import type { Endpoint } from '../types.ts'
import { joined } from './formats.ts'

const scope = 'store_v2_products'

const readEndpoints = (
  name: string,
  rows: (state: State) => Table<NamedRow>,
  shape: (row: NamedRow, table: Table<NamedRow>) => unknown,
): readonly Endpoint[] => [
  {
    method: 'GET',
    path: `/v2/${name}`,
    scope,
    handle: (call) => {
      const unknown = [...call.query.keys()].find((key) => key !== 'page' && key !== 'limit')
      if (unknown !== undefined) refuse(v2Error(400, `The field '${unknown}' is not supported by this resource.`))
      const table = rows(call.state)
      return v2Page(call, table.list(), (row) => shape(row, table))
    },
  },
  {
    method: 'GET',
    path: `/v2/${name}/count`,
    scope,
    handle: ({ state }) => ({ status: 200, body: { count: rows(state).size } }),
  },
  {
    method: 'GET',
    path: `/v2/${name}/:id`,
    scope,
    handle: ({ state, params }) => {
      const table = rows(state)
      const row = table.get(Number(params['id'])) ?? refuse(v2Error(404, 'The requested resource was not found.'))
      return { status: 200, body: shape(row, table) }
    },
  },
]

const brand = (row: NamedRow): unknown => ({
  id: row.id,
  name: row.name,
  page_title: row['page_title'] ?? '',
  meta_keywords: joined(row['meta_keywords']),
  meta_description: row['meta_description'] ?? '',
  image_file: '',
  search_keywords: row['search_keywords'] ?? '',
})

const category = (row: NamedRow, all: Table<NamedRow>): unknown => ({
  id: row.id,
  parent_id: row['parent_id'],
  name: row.name,
  description: row['description'] ?? '',
  sort_order: row['sort_order'] ?? 0,
  page_title: row['page_title'] ?? '',
  meta_keywords: joined(row['meta_keywords']),
  meta_description: row['meta_description'] ?? '',
  layout_file: row['layout_file'] ?? 'category.html',
  parent_category_list: lineOf(row, all),
  image_file: '',
  is_visible: row['is_visible'],
  search_keywords: row['search_keywords'] ?? '',
  url: (row['url'] as { readonly path?: string } | null)?.path ?? '',
})

/** From the top down to the category itself. */
const lineOf = (row: NamedRow, all: Table<NamedRow>): readonly number[] => {
  const parent = all.get(Number(row['parent_id']))
  return [...(parent ? lineOf(parent, all) : []), row.id]
}

export const olderListingEndpoints: readonly Endpoint[] = [
  ...readEndpoints('brands', ({ brands }) => brands, brand),
  ...readEndpoints('categories', ({ categories }) => categories, category),
]
