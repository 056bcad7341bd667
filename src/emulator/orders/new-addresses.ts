import type { Body } from '../rules.ts'
import { invalid } from './new-lines.ts'
import type { Address } from './place.ts'

/** With every member, blank where nothing is said. */
export const addressOf = (value: unknown, name: string): Address => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid(name, 'is required')
  const given = value as Body
  const text = (member: string): string => String(given[member] ?? '')
  if (name === 'billing_address' && text('zip').length < 2) invalid('billing_address.zip', 'is invalid')
  return {
    first_name: text('first_name'),
    last_name: text('last_name'),
    company: text('company'),
    street_1: text('street_1'),
    street_2: text('street_2'),
    city: text('city'),
    state: text('state'),
    zip: text('zip'),
    country: text('country'),
    country_iso2: text('country_iso2'),
    phone: text('phone'),
    email: text('email'),
  }
}

/** Without any the billing address is the one that is sent to. */
export const placesOf = (
  value: unknown,
  billing: Address,
): { readonly address: Address; readonly method?: string }[] => {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return [{ address: billing }]
  if (!Array.isArray(value)) return invalid('shipping_addresses', 'is invalid')
  return value.map((one: Body) => ({
    address: addressOf(one, 'shipping_addresses'),
    ...(one['shipping_method'] === undefined ? {} : { method: String(one['shipping_method']) }),
  }))
}
