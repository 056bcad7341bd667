import type { Random } from '../../model/index.ts'
import type { ProductRow, State } from '../state.ts'
import { between, chance, pick, run } from './dice.ts'
import { CUSTOM_FIELDS } from './words.ts'

/** What hangs on a product: pictures with made-up addresses, custom fields, bulk prices. */
export const seedExtras = (state: State, random: Random, product: ProductRow): void => {
  const slug = product.name.toLowerCase().replace(/[^a-z0-9]+/g, '_')
  for (let picture = 0; picture < between(random, 0, 3); picture++) {
    const file = `${slug}_${picture + 1}__${between(random, 10_000, 99_999)}`
    const at = (size: string): string =>
      `https://cdn11.bigcommerce.com/s-emulator/products/${product.id}/images/${file}.${size}.jpg`
    state.images.insert({
      product_id: product.id,
      is_thumbnail: picture === 0,
      sort_order: picture,
      description: picture === 0 ? product.name : '',
      image_file: `${slug.charAt(0)}/${file}.jpg`,
      url_zoom: at('1280.1280'),
      url_standard: at('386.513'),
      url_thumbnail: at('220.290'),
      url_tiny: at('44.58'),
      date_modified: product['date_created'],
    })
  }
  for (const [name, values] of run(random, CUSTOM_FIELDS, between(random, 0, 3))) {
    state.customFields.insert({ product_id: product.id, name, value: pick(random, values) })
  }
  if (chance(random, 0.12)) seedBulkPrices(state, product)
  if (product.id % SHELVED === 0) seedMetafield(state, product)
}

/** Every so many products an app keeps a note with. */
const SHELVED = 20

const seedMetafield = (state: State, { id, date_created }: ProductRow): void => {
  const dates = { date_created, date_modified: date_created }
  const field = {
    namespace: 'warehouse',
    key: 'shelf',
    value: `R${id % 7}`,
    permission_set: 'app_only',
    description: '',
  }
  const owner = { resource_type: 'product', resource_id: id, owner_client_id: 'emulator' }
  state.metafields.insert({ ...field, ...owner, ...dates } as never)
}

const seedBulkPrices = (state: State, { id }: ProductRow): void => {
  state.bulkRules.insert({ product_id: id, quantity_min: 10, quantity_max: 24, type: 'percent', amount: 5 })
  state.bulkRules.insert({ product_id: id, quantity_min: 25, quantity_max: 0, type: 'percent', amount: 12 })
}
