/** Rows that belong to another row of the file, in the manner of the program that wrote it. */
export interface Families {
  /** To be shown every row before any is judged. */
  see(cells: readonly string[]): void
  /** The column that names the parent, and what is wrong, to follow "is"; undefined for a row that is in order. */
  orphan(cells: readonly string[]): { readonly column: number; readonly problem: string } | undefined
}

/** The families of a file, by its header; undefined where the header is of no program that has any. */
export const familiesOf = (columns: readonly string[]): Families | undefined => {
  const layout = LAYOUTS.find(({ header }) => header.every((name) => columns.includes(name)))
  return layout?.families((name) => columns.indexOf(name))
}

interface Layout {
  readonly header: readonly string[]
  families(place: (column: string) => number): Families
}

const LAYOUTS: readonly Layout[] = [
  {
    // Shopify: the first row of a handle is the product, the others are its variants and images.
    header: ['Handle', 'Title', 'Option1 Value'],
    families: (place) => {
      const titled = new Set<string>()
      return {
        see: (cells) => {
          if (cells[place('Title')]) titled.add(cells[place('Handle')] ?? '')
        },
        orphan: (cells) => {
          const handle = cells[place('Handle')] ?? ''
          if (handle === '' || titled.has(handle)) return undefined
          return { column: place('Handle'), problem: 'a variant or image of a product that has no row with a title' }
        },
      }
    },
  },
  {
    // WooCommerce: a variation names its parent by SKU, or as `id:77`.
    header: ['Type', 'SKU', 'Parent'],
    families: (place) => {
      const parents = new Set<string>()
      return {
        see: (cells) => {
          if (cells[place('Type')] === 'variation') return
          if (cells[place('SKU')]) parents.add(cells[place('SKU')] ?? '')
          if (cells[place('ID')]) parents.add(`id:${cells[place('ID')]}`)
        },
        orphan: (cells) => {
          const parent = cells[place('Parent')] ?? ''
          if (cells[place('Type')] !== 'variation' || parents.has(parent)) return undefined
          return { column: place('Parent'), problem: 'the parent of a variation, and no row of the file' }
        },
      }
    },
  },
  {
    // Magento: a configurable product lists its variants; they are not visible by themselves.
    header: ['sku', 'product_type', 'visibility', 'configurable_variations'],
    families: (place) => {
      const named = new Set<string>()
      return {
        see: (cells) => {
          const list = cells[place('configurable_variations')] ?? ''
          for (const [, sku = ''] of list.matchAll(/(?:^|\|)sku=([^,|]+)/g)) named.add(sku)
        },
        orphan: (cells) => {
          const sku = cells[place('sku')] ?? ''
          const isHidden = cells[place('visibility')] === 'Not Visible Individually'
          if (cells[place('product_type')] !== 'simple' || !isHidden || named.has(sku)) return undefined
          return { column: place('sku'), problem: 'a variant that no configurable product lists' }
        },
      }
    },
  },
  // BigCommerce: variants, images and rules follow their product.
  ...['Item', 'Item Type'].map(
    (column): Layout => ({
      header: [column],
      families: (place) => {
        let hasProduct = false
        return {
          see: () => undefined,
          orphan: (cells) => {
            const item = (cells[place(column)] ?? '').trim()
            if (item === 'Product') hasProduct = true
            if (hasProduct || !PARTS.has(item)) return undefined
            return { column: place(column), problem: 'a part of a product, and no product is above it' }
          },
        }
      },
    }),
  ),
]

const PARTS: ReadonlySet<string> = new Set(['Variant', 'SKU', 'Rule', 'Image', 'Video', 'Modifier'])
