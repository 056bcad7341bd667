import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

/** Why there are no product files of other programs here; undefined when there are. */
export const filesAbsent = (): string | undefined => (existsSync(FOLDER) ? undefined : '../shared/data is not there')

/** Such as `shopify/apparel.csv`. */
export const realFile = (name: string): string => FOLDER + name

/** A sync of Shopify's product export into a store `main`. */
export const SHOPIFY = {
  store: 'main',
  resource: 'products',
  source: 'feed',
  key: { name: 'Title' },
  fields: { description: 'Body (HTML)', page_title: 'SEO Title' },
  images: { from: 'Image Src', position: 'Image Position' },
  group: {
    by: 'Handle',
    options: [1, 2, 3].map((at) => ({ name: `Option${at} Name`, value: `Option${at} Value` })),
    none: 'Default Title',
    variants: { sku: 'Variant SKU', price: 'Variant Price' },
  },
  create: true,
  createDefaults: { type: 'physical', weight: 1, is_visible: false, categories: [], channels: 'default' },
  guards: { maxCreates: false },
}

/** A sync of Magento's product export into a store `main`. */
export const MAGENTO = {
  store: 'main',
  resource: 'products',
  source: 'feed',
  key: { sku: 'sku' },
  fields: {
    name: 'name',
    description: 'description',
    categories: { from: 'categories', names: { list: ',', path: '/', missing: 'create' } },
    is_visible: { from: 'product_online', map: { '1': 'true', '2': 'false' } },
  },
  group: { list: 'configurable_variations', variants: { sku: 'sku', price: 'price', weight: 'weight' } },
  create: true,
  createDefaults: { type: 'physical', is_visible: false, categories: [], channels: 'default' },
  guards: { maxCreates: false },
}
