import { catalogTime, type State } from '../state.ts'

/** The first storefront with its site, what the store counts in and taxes as, and a note that an app keeps with it. */
export const seedStorefront = (state: State, now: number): void => {
  const at = catalogTime(now)
  const url = String(state.store['secure_url'])
  state.channels.insert({ name: 'Storefront' })
  const dates = { created_at: SITE_MADE, updated_at: SITE_MADE }
  state.sites.insert({
    url,
    channel_id: 1,
    ...dates,
    ssl_status: 'dedicated',
    urls: [{ url, type: 'primary', ...dates }],
    is_checkout_url_customized: false,
  })
  state.currencies.insert(currency('USD', 'US Dollar', '$', { is_default: true, last_updated: at }))
  state.currencies.insert(
    currency('EUR', 'Euro', '€', { currency_exchange_rate: '0.9200000000', auto_update: true, last_updated: at }),
  )
  for (const name of ['Non-Taxable Products', 'Shipping', 'Gift Wrapping'])
    state.taxClasses.insert({ name, created_at: TAX_MADE, updated_at: TAX_MADE })
  state.storeMetafields.insert({
    key: 'opening',
    value: 'Monday to Friday',
    namespace: 'counter',
    permission_set: 'read',
    resource_type: 'store',
    resource_id: String(state.store['store_id']),
    description: '',
    date_created: at,
    date_modified: at,
    owner_client_id: 'emulator',
  })
}

/** Some old paths: to a product, to a category, and to a page by its address. */
export const seedRedirects = (state: State): void => {
  const [product] = state.products.list()
  const [category] = state.categories.list()
  const put = (from_path: string, to: object): unknown => state.redirects.insert({ site_id: 1000, from_path, to })
  if (product) put('/old-favourite', { type: 'product', entity_id: product.id, url: null })
  if (category) put('/departments/old', { type: 'category', entity_id: category.id, url: null })
  put('/spring-sale', { type: 'url', entity_id: null, url: '/' })
}

const SITE_MADE = '2021-01-05T10:00:00.000Z'
const TAX_MADE = '2021-01-05 10:00:00+00:00'

const currency = (currency_code: string, name: string, token: string, more: object): Record<string, unknown> => ({
  is_default: false,
  country_iso2: '',
  default_for_country_codes: [],
  currency_code,
  currency_exchange_rate: '1.0000000000',
  auto_update: false,
  token_location: 'left',
  token,
  decimal_token: '.',
  thousands_token: ',',
  decimal_places: 2,
  name,
  enabled: true,
  is_transactional: true,
  use_default_name: false,
  ...more,
})
