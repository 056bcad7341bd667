import { type Catalog, catalogOf } from '../model/index.ts'
import { brandMetafields } from './brand-metafields.ts'
import { brands } from './brands.ts'
import { categories } from './categories.ts'
import { categoryMetafields } from './category-metafields.ts'
import { categoryTrees } from './category-trees.ts'
import { channels } from './channels.ts'
import { currencies } from './currencies.ts'
import { customerAddresses } from './customer-addresses.ts'
import { customerAttributeValues } from './customer-attribute-values.ts'
import { customerAttributes } from './customer-attributes.ts'
import { customerFormFields } from './customer-form-fields.ts'
import { customerGroups } from './customer-groups.ts'
import { customers } from './customers.ts'
import { inventoryItems } from './inventory-items.ts'
import { locations } from './locations.ts'
import { orderAddresses } from './order-addresses.ts'
import { orderCoupons } from './order-coupons.ts'
import { orderLines } from './order-lines.ts'
import { orderMessages } from './order-messages.ts'
import { orderRefunds } from './order-refunds.ts'
import { orderShipments } from './order-shipments.ts'
import { orderStatuses } from './order-statuses.ts'
import { orderTransactions } from './order-transactions.ts'
import { orders } from './orders.ts'
import { priceListAssignments } from './price-list-assignments.ts'
import { priceListRecords } from './price-list-records.ts'
import { priceLists } from './price-lists.ts'
import { productBulkPrices } from './product-bulk-prices.ts'
import { productCategoryAssignments } from './product-category-assignments.ts'
import { productChannelAssignments } from './product-channel-assignments.ts'
import { productComplexRules } from './product-complex-rules.ts'
import { productCustomFields } from './product-custom-fields.ts'
import { productImages } from './product-images.ts'
import { productMetafields } from './product-metafields.ts'
import { productModifierValues } from './product-modifier-values.ts'
import { productModifiers } from './product-modifiers.ts'
import { productOptionValues } from './product-option-values.ts'
import { productOptions } from './product-options.ts'
import { productReviews } from './product-reviews.ts'
import { productVideos } from './product-videos.ts'
import { products } from './products.ts'
import { redirects } from './redirects.ts'
import { sites } from './sites.ts'
import { skus } from './skus.ts'
import { storeInformation } from './store-information.ts'
import { storeMetafields } from './store-metafields.ts'
import { taxClasses } from './tax-classes.ts'
import { variantMetafields } from './variant-metafields.ts'
import { variants } from './variants.ts'

/** Every resource that Skiff knows. A new one is its file and one line here. */
export const catalog: Catalog = catalogOf(
  [
    storeInformation,
    storeMetafields,
    channels,
    sites,
    currencies,
    taxClasses,
    categoryTrees,
    categories,
    brands,
    products,
    variants,
    productImages,
    productCustomFields,
    productBulkPrices,
    productChannelAssignments,
    productCategoryAssignments,
    productVideos,
    productReviews,
    productMetafields,
    variantMetafields,
    categoryMetafields,
    brandMetafields,
    productOptions,
    productOptionValues,
    locations,
    productModifiers,
    productModifierValues,
    productComplexRules,
    inventoryItems,
    orders,
    orderLines,
    orderAddresses,
    orderShipments,
    orderCoupons,
    orderMessages,
    orderTransactions,
    orderRefunds,
    orderStatuses,
    priceLists,
    priceListRecords,
    priceListAssignments,
    redirects,
    customerGroups,
    customerAttributes,
    customers,
    customerAddresses,
    customerAttributeValues,
    customerFormFields,
  ],
  [skus],
)
