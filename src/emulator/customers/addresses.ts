import { noContent, ok } from '../answers.ts'
import { filtered, numbers, PAGING, texts, textsNoCase } from '../filters.ts'
import { listOf, page } from '../pages.ts'
import { type Body, needFields, oneOf, type Rule, readFields, text } from '../rules.ts'
import type { OfCustomer, State } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { allOrNone, refuseRow } from './batch.ts'
import { countryOf } from './countries.ts'

const path = '/v3/customers/addresses'
const scope = 'store_v2_customers'

export const addressEndpoints: readonly Endpoint[] = [
  { method: 'GET', path, scope, handle: (call) => list(call) },
  { method: 'POST', path, scope, concurrency: 10, handle: (call) => create(call) },
  { method: 'PUT', path, scope, concurrency: 3, handle: (call) => update(call) },
  { method: 'DELETE', path, scope, handle: (call) => removeSome(call) },
]

/** Codes are not taken for a state (docs/bigcommerce.md, Customer addresses). */
const stateName: Rule = (value) => text(100)(typeof value === 'string' && /^[A-Z]{2,3}$/.test(value) ? null : value)

const RULES = {
  first_name: text(255, 1),
  last_name: text(255, 1),
  company: text(255),
  address1: text(),
  address2: text(),
  city: text(100),
  state_or_province: stateName,
  postal_code: text(30),
  country_code: text(2, 2),
  phone: text(50),
  address_type: oneOf('residential', 'commercial'),
}

const NEEDED = ['first_name', 'last_name', 'address1', 'city', 'country_code', 'state_or_province', 'postal_code']

const BLANK = {
  company: '',
  address2: '',
  state_or_province: '',
  postal_code: '',
  phone: '',
  address_type: 'residential',
}

/** The new address; undefined where the customer has the same one. @throws {Refusal} 422. */
export const addAddress = (
  state: State,
  customer_id: number,
  body: Body,
  needed: readonly string[] = NEEDED,
): OfCustomer | undefined => {
  needFields(body, needed)
  const row = withCountry({ ...BLANK, ...readFields(body, RULES), customer_id })
  return hasSame(state, row) ? undefined : state.customerAddresses.insert(row)
}

const list = (call: Call): Answer => {
  const filters = {
    ...numbers<OfCustomer>('id', [':in'], ({ id }) => id),
    ...numbers<OfCustomer>('customer_id', [':in'], (row) => row.customer_id),
    ...texts<OfCustomer>('company', [':in'], (row) => String(row['company'])),
    ...textsNoCase<OfCustomer>('name', [':in'], (row) => `${row['first_name']} ${row['last_name']}`),
  }
  const rows = filtered(call.query, call.state.customerAddresses.list(), filters, [...PAGING.slice(0, 2), 'include'])
  const hasFields = listOf(call.query, 'include')?.has('formfields')
  return page(call, rows, (row) => ({ ...row, ...(hasFields && { form_fields: [] }) }))
}

const create = ({ body, state }: Call): Answer => {
  const rows = allOrNone(body, 'Create customer addresses failed.', (one) => {
    needFields(one, ['customer_id'])
    const id = Number(one['customer_id'])
    return state.customers.has(id) ? addAddress(state, id, one) : refuseRow('customer_id', 'invalid customer ID')
  })
  return ok(rows.filter((row) => row !== undefined))
}

/** An address that would become the same as another one of its customer stays as it is, and is left out of the answer. */
const update = ({ body, state }: Call): Answer => {
  const rows = allOrNone(body, 'Update customer addresses failed.', (one) => {
    const before = state.customerAddresses.get(Number(one['id'])) ?? refuseRow('id', 'invalid address ID')
    const row = withCountry({ ...before, ...readFields(one, RULES), customer_id: before.customer_id })
    return hasSame(state, row, before.id) ? undefined : state.customerAddresses.update(before.id, row)
  })
  return ok(rows.filter((row) => row !== undefined))
}

const removeSome = ({ query, state }: Call): Answer => {
  if (query.has('id:in')) {
    const filters = numbers<OfCustomer>('id', [':in'], ({ id }) => id)
    for (const { id } of filtered(query, state.customerAddresses.list(), filters, []))
      state.customerAddresses.delete(id)
  }
  return noContent
}

type AddressOf = Body & { readonly customer_id: number }

const withCountry = (row: AddressOf): AddressOf => ({ ...row, country: countryOf(String(row['country_code'])) })

const CORE = Object.keys(RULES)

const hasSame = (state: State, row: AddressOf, except?: number): boolean =>
  state.customerAddresses
    .where('customer', row.customer_id)
    .some((other) => other.id !== except && CORE.every((name) => other[name] === row[name]))
