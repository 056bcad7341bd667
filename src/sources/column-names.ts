/** The field of a thing that can be bought that a column by this name most likely holds; undefined when no program calls one so. */
export const fieldOfColumn = (column: string): string | undefined => BY_NAME.get(plain(column))

/** Letters and digits, in small letters: `Variant Price`, `variant_price` and `variant-price` are one name. */
const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** What programs call them, by field; the first programs are BigCommerce, Shopify, WooCommerce and Magento. */
const NAMES = {
  sku:
    'SKU|Variant SKU|Product Code/SKU|Product SKU|Item SKU|SKU Code|Stock Code|Stock keeping unit|Item No|Item Number|' +
    'Item Code|Item ID|Article|Article No|Article Number|Article Code|Part No|Part Number|Artikelnummer|Artikel Nr|' +
    'Art Nr|Référence|Codice|Código',
  name: 'Name|Title|Product Name|Item Name|Product Title|Bezeichnung|Artikelname|Nom|Nome|Nombre',
  price:
    'Price|Variant Price|Regular price|List Price|Unit Price|Sell Price|Selling Price|Standard Price|Base Price|' +
    'Default Price|Preis|Verkaufspreis|VK|Prix|Prezzo|Precio',
  sale_price: 'Sale price|Special price|Discount Price|Promo Price|Offer Price|Aktionspreis|Sonderpreis',
  cost_price: 'Cost|Cost price|Cost per item|Unit Cost|Purchase Price|Wholesale Price|Einkaufspreis|EK',
  retail_price: 'Retail price|MSRP|MSRP price|RRP|Compare at price|Variant Compare At Price|UVP|Was Price',
  map_price: 'MAP|MAP price|Minimum advertised price',
  inventory_level:
    'Stock|Qty|Quantity|Current Stock|Current Stock Level|Stock Level|Stock Qty|Stock Quantity|On hand|Qty on hand|' +
    'Quantity on hand|Inventory|Inventory Level|Inventory Qty|Variant Inventory Qty|Available Qty|Available Stock|' +
    'Bestand|Lagerbestand|Menge|Giacenza',
  inventory_warning_level: 'Low Stock|Low Stock Level|Low stock amount|Notify on stock below|Reorder point',
  upc: 'UPC|UPC/EAN|Product UPC/EAN|EAN|EAN13|EAN Code|Barcode|Bar code|Variant Barcode|ISBN',
  gtin: 'GTIN|GTIN13|GTIN14|Global Trade Number|Global Trade Item Number|GTIN, UPC, EAN, or ISBN',
  mpn: 'MPN|Manufacturer Part Number|Manufacturer Part No|Manufacturer SKU|Google Shopping / MPN',
  weight: 'Weight|Product Weight|Variant Weight|Weight (kg)|Weight (lbs)|Gewicht|Poids|Peso',
  width: 'Width|Product Width|Width (cm)|Width (in)|Breite',
  height: 'Height|Product Height|Height (cm)|Height (in)|Höhe',
  depth: 'Depth|Product Depth|Length|Length (cm)|Length (in)|Tiefe',
  bin_picking_number: 'Bin Picking Number|Bin|Bin location|Lagerplatz',
  is_visible: 'Is Visible|Visible|Product Visible|Product Visible?|Published',
  condition: 'Condition|Product Condition',
  description: 'Description|Product Description|Body (HTML)|Beschreibung',
  product_id: 'Product ID',
  variant_id: 'Variant ID',
} as const

const BY_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([field, names]) => names.split('|').map((name) => [plain(name), field] as const)),
)
