import { type Catalog, catalogOf } from '../model/index.ts'
import { brands } from './brands.ts'
import { categories } from './categories.ts'
import { inventoryItems } from './inventory-items.ts'
import { orderAddresses } from './order-addresses.ts'
import { orderLines } from './order-lines.ts'
import { orders } from './orders.ts'
import { productBulkPrices } from './product-bulk-prices.ts'
import { productCustomFields } from './product-custom-fields.ts'
import { productImages } from './product-images.ts'
import { productMetafields } from './product-metafields.ts'
import { productOptionValues } from './product-option-values.ts'
import { productOptions } from './product-options.ts'
import { products } from './products.ts'
import { skus } from './skus.ts'
import { storeInformation } from './store-information.ts'
import { variants } from './variants.ts'

/** Every resource that Skiff knows. A new one is its file and one line here. */
export const catalog: Catalog = catalogOf(
  [
    storeInformation,
    categories,
    brands,
    products,
    variants,
    productImages,
    productCustomFields,
    productBulkPrices,
    productMetafields,
    productOptions,
    productOptionValues,
    inventoryItems,
    orders,
    orderLines,
    orderAddresses,
  ],
  [skus],
)
