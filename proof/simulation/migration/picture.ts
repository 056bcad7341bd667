import type { State } from '../../../src/emulator/index.ts'

/** Fields that a migration carries, by the table of the store. */
export const CARRIED = {
  brands: ['name', 'meta_description'],
  categories: ['name', 'description'],
  products: ['name', 'sku', 'price', 'weight', 'description', 'is_visible', 'inventory_level'],
  variants: ['sku', 'price', 'inventory_level'],
  customFields: ['name', 'value'],
  priceLists: ['name'],
} as const

export type Carried = keyof typeof CARRIED

/** What each table is called in the id map. */
export const RESOURCES: Readonly<Record<Carried, string>> = {
  brands: 'brands',
  categories: 'categories',
  products: 'products',
  variants: 'variants',
  customFields: 'product_custom_fields',
  priceLists: 'price_lists',
}

export const TABLES = Object.keys(CARRIED) as readonly Carried[]

type Row = { readonly id: number } & Readonly<Record<string, unknown>>

export const rowsOf = (state: State, table: Carried): readonly Row[] => state[table].list() as readonly Row[]

export const rowOf = (state: State, table: Carried, id: number): Row | undefined =>
  state[table].get(id) as Row | undefined

/** What a row holds; stock only where it is counted there. */
export const fieldValue = (state: State, table: Carried, row: Row, field: string): unknown => {
  const value = row[field] ?? null
  if (field !== 'inventory_level') return value
  const product = table === 'products' ? row : rowOf(state, 'products', Number(row['product_id']))
  return product?.['inventory_tracking'] === COUNTED[table] ? value : null
}

const COUNTED: Partial<Readonly<Record<Carried, string>>> = { products: 'product', variants: 'variant' }

/** Where a price of a list is told. */
export const pricePlace = (list: number, variant: number, currency: string): string =>
  `listPrices/${list}_${variant}_${currency}`

/** Flat values by place: `brands/35.name`. */
export const pictureOf = (state: State): Map<string, unknown> => {
  const picture = new Map<string, unknown>()
  for (const table of TABLES) {
    for (const row of rowsOf(state, table)) {
      picture.set(`${table}/${row.id}.exists`, true)
      for (const field of CARRIED[table])
        picture.set(`${table}/${row.id}.${field}`, fieldValue(state, table, row, field))
    }
  }
  for (const { price_list_id, variant_id, currency, price } of state.priceRecords.list())
    picture.set(`${pricePlace(price_list_id, Number(variant_id), currency)}.price`, price ?? null)
  return picture
}

/** What a store says without ids: two stores with the same contents say the same. */
export const contentsOf = (state: State): readonly string[] => {
  const nameOf = (table: Carried, id: unknown): string => String(rowOf(state, table, Number(id))?.['name'] ?? '-')
  const pathOf = (id: unknown): string => {
    const row = state.categories.get(Number(id))
    return row ? `${pathOf(row['parent_id'])}/${String(row['name'])}` : ''
  }
  const about: Readonly<Record<Carried, (row: Row) => unknown>> = {
    brands: () => null,
    categories: ({ id }) => pathOf(id),
    products: ({ brand_id, categories }) => [nameOf('brands', brand_id), (categories as number[]).map(pathOf).sort()],
    variants: ({ product_id }) => nameOf('products', product_id),
    customFields: ({ product_id }) => nameOf('products', product_id),
    priceLists: () => null,
  }
  return TABLES.flatMap((table) =>
    rowsOf(state, table).map((row) =>
      JSON.stringify([table, CARRIED[table].map((field) => fieldValue(state, table, row, field)), about[table](row)]),
    ),
  ).sort()
}
