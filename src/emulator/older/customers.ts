import { refuse, v2Error } from '../answers.ts'
import { v2Page } from '../pages.ts'
import type { CustomerRow, State } from '../state.ts'
import type { Row } from '../table.ts'
import type { Call, Endpoint } from '../types.ts'
import { olderTime } from './formats.ts'

const scope = 'store_v2_customers'
const path = '/v2/customers'

/** Customers as the older API shows them, to be read (docs/bigcommerce.md, The older customers). */
export const olderCustomerEndpoints: readonly Endpoint[] = [
  { method: 'GET', path, scope, handle: (call) => v2Page(call, matching(call, PAGING), shapeFor(call)) },
  {
    method: 'GET',
    path: `${path}/count`,
    scope,
    handle: (call) => ({ status: 200, body: { count: matching(call, []).length } }),
  },
  {
    method: 'GET',
    path: `${path}/:id`,
    scope,
    handle: (call) => ({ status: 200, body: shapeFor(call)(wanted(call)) }),
  },
  {
    method: 'GET',
    path: `${path}/:id/addresses`,
    scope,
    handle: (call) => v2Page(call, call.state.customerAddresses.where('customer', wanted(call).id), address),
  },
]

const PAGING = ['page', 'limit']

const wanted = ({ state, params }: Call): CustomerRow =>
  state.customers.get(Number(params['id'])) ?? refuse(v2Error(404, 'The requested resource was not found.'))

/** By id, from the lowest on. */
const matching = ({ query, state }: Call, known: readonly string[]): readonly CustomerRow[] => {
  const tests: ((row: CustomerRow) => boolean)[] = []
  for (const [name, text] of query) {
    const test = FILTERS[name]?.(text)
    if (test) tests.push(test)
    else if (!known.includes(name)) refuse(v2Error(400, `The field '${name}' is not supported by this resource.`))
  }
  return state.customers.list().filter((row) => tests.every((test) => test(row)))
}

const FILTERS: Readonly<Record<string, (text: string) => (row: CustomerRow) => boolean>> = {
  min_id: (text) => (row) => row.id >= Number(text),
  max_id: (text) => (row) => row.id <= Number(text),
  email: (text) => (row) => row.email.toLowerCase() === text.toLowerCase(),
  customer_group_id: (text) => (row) => row.customer_group_id === Number(text),
  min_date_modified: (text) => (row) => Date.parse(String(row['date_modified'])) >= moment(text),
  max_date_modified: (text) => (row) => Date.parse(String(row['date_modified'])) <= moment(text),
}

const moment = (text: string): number => {
  const millis = Date.parse(text)
  return Number.isNaN(millis) ? refuse(v2Error(400, 'The field is invalid.')) : millis
}

const shapeFor =
  ({ state }: Call) =>
  (row: CustomerRow): unknown => ({
    ...Object.fromEntries(SAME.map((name) => [name, row[name] ?? ''])),
    id: row.id,
    customer_group_id: row.customer_group_id,
    date_created: olderTime(row['date_created']),
    date_modified: olderTime(row['date_modified']),
    store_credit: '0.0000',
    accepts_marketing: row['accepts_product_review_abandoned_cart_emails'] ?? false,
    addresses: link(state, row.id),
    form_fields: row.form_fields.length ? row.form_fields.map(answer) : null,
    reset_pass_on_login: false,
  })

/** Several answers are one text. */
const answer = ({ name, value }: CustomerRow['form_fields'][number]): unknown => ({
  name,
  value: Array.isArray(value) ? value.join(', ') : String(value),
})

const SAME = [
  ...['company', 'first_name', 'last_name', 'email', 'phone', 'notes'],
  ...['tax_exempt_category', 'registration_ip_address'],
]

const link = (state: State, id: number): unknown => ({
  url: `https://store-${state.store['id']}.mybigcommerce.com/api/v2/customers/${id}/addresses.json`,
  resource: `/customers/${id}/addresses`,
})

const address = (row: Row): unknown => ({
  id: row.id,
  customer_id: row['customer_id'],
  first_name: row['first_name'],
  last_name: row['last_name'],
  company: row['company'] ?? '',
  street_1: row['address1'],
  street_2: row['address2'] ?? '',
  city: row['city'],
  state: row['state_or_province'],
  zip: row['postal_code'],
  country: row['country'],
  country_iso2: row['country_code'],
  phone: row['phone'] ?? '',
  address_type: row['address_type'] ?? 'residential',
  form_fields: null,
})
