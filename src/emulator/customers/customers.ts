import { invalid, noContent, ok, refuse } from '../answers.ts'
import { type Filters, filtered, moments, numbers, texts, textsNoCase } from '../filters.ts'
import { cursorPage } from '../pages.ts'
import { type CustomerRow, type State, zuluTime } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { allOrNone, refuseRow } from './batch.ts'
import { made } from './customer-create.ts'
import { changes, withFormFields } from './customer-rules.ts'
import { customerShape } from './shape.ts'

const path = '/v3/customers'
const scope = 'store_v2_customers'

/** For creates the limit on requests at once is not told; that of changes is taken (docs/bigcommerce.md, Concurrency). */
export const wholeCustomerEndpoints: readonly Endpoint[] = [
  { method: 'GET', path, scope, handle: (call) => list(call) },
  { method: 'POST', path, scope, concurrency: 3, handle: (call) => create(call) },
  { method: 'PUT', path, scope, concurrency: 3, handle: (call) => update(call) },
  { method: 'DELETE', path, scope, handle: (call) => removeSome(call) },
]

const list = (call: Call): Answer => {
  const { query, state } = call
  const rows = filtered(query, state.customers.list(), filtersOf(call), PAGING)
  return cursorPage(call, sorted(query.get('sort'), rows), customerShape(state, query))
}

const PAGING = ['page', 'limit', 'before', 'after', 'include', 'sort']
const RANGE = ['', ':min', ':max'] as const

const filtersOf = ({ now }: Call): Filters<CustomerRow> => ({
  ...numbers<CustomerRow>('id', [':in'], ({ id }) => id),
  ...numbers<CustomerRow>('customer_group_id', [':in'], (row) => row.customer_group_id),
  ...textsNoCase<CustomerRow>('email', [':in'], ({ email }) => email),
  ...texts<CustomerRow>('company', [':in'], (row) => String(row['company'])),
  ...texts<CustomerRow>('phone', [':in'], (row) => String(row['phone'])),
  ...texts<CustomerRow>('registration_ip_address', [':in'], (row) => String(row['registration_ip_address'])),
  ...textsNoCase<CustomerRow>('name', [':in', ':like'], (row) => `${row.first_name} ${row.last_name}`),
  ...moments<CustomerRow>('date_created', RANGE, (row) => String(row['date_created']), now()),
  ...moments<CustomerRow>('date_modified', RANGE, (row) => String(row['date_modified']), now()),
})

const sorted = (sort: string | null, rows: readonly CustomerRow[]): readonly CustomerRow[] => {
  if (sort === null) return rows
  const [, field = '', direction] = /^(date_created|date_modified|last_name):(asc|desc)$/.exec(sort) ?? []
  if (!field) refuse(invalid('Invalid value for sort.', { sort: 'not a field and a direction' }))
  const sign = direction === 'desc' ? -1 : 1
  return [...rows].sort((a, b) => (String(a[field]) < String(b[field]) ? -sign : a[field] === b[field] ? 0 : sign))
}

const create = (call: Call): Answer => {
  const rows = allOrNone(call.body, 'Create customers failed.', (body) => made(call, body))
  return ok(rows.map(customerShape(call.state)))
}

/** Addresses and attributes in the body are passed over: they have routes of their own. */
const update = (call: Call): Answer => {
  const { state } = call
  const rows = allOrNone(call.body, 'Update customers failed.', (body) => {
    const row = state.customers.get(Number(body['id'])) ?? refuseRow('id', 'invalid customer ID')
    return state.customers.update(row.id, {
      ...changes(state, body, row),
      form_fields: withFormFields(row.form_fields, body['form_fields']),
      date_modified: zuluTime(call.now()),
    })
  })
  return ok(rows.map(customerShape(state)))
}

/** Without a filter nothing happens, and the answer is the same (docs/bigcommerce.md, Customers). */
const removeSome = ({ query, state }: Call): Answer => {
  if (query.has('id:in')) {
    const filters = numbers<CustomerRow>('id', [':in'], ({ id }) => id)
    for (const row of filtered(query, state.customers.list(), filters, [])) dissolve(state, row)
  }
  return noContent
}

/** What is a customer's own goes along; orders stay. */
const dissolve = (state: State, { id }: CustomerRow): void => {
  for (const row of state.customerAddresses.where('customer', id)) state.customerAddresses.delete(row.id)
  for (const row of state.customerAttributeValues.where('customer', id)) state.customerAttributeValues.delete(row.id)
  state.customers.delete(id)
}
