import { listOf } from '../pages.ts'
import type { CustomerRow, State } from '../state.ts'

/** What a new customer holds that the request does not say (docs/bigcommerce.md, Customers). */
export const BLANK = {
  company: '',
  phone: '',
  notes: '',
  tax_exempt_category: '',
  customer_group_id: 0,
  accepts_product_review_abandoned_cart_emails: false,
  authentication: { force_password_reset: false },
  store_credit_amounts: [{ amount: 0 }],
  origin_channel_id: 1,
  channel_ids: null,
  registration_ip_address: '',
  form_fields: [],
} as const

/** A customer as the API shows it; parts only where the query asks for them. */
export const customerShape = (state: State, query?: URLSearchParams): ((row: CustomerRow) => unknown) => {
  const include = (query && listOf(query, 'include')) ?? new Set<string>()
  return ({ form_fields, store_credit_amounts, ...row }) => {
    const addresses = state.customerAddresses.where('customer', row.id)
    const attributes = state.customerAttributeValues.where('customer', row.id)
    return {
      ...row,
      address_count: addresses.length,
      attribute_count: attributes.length,
      ...(include.has('addresses') && { addresses }),
      ...(include.has('attributes') && { attributes }),
      ...(include.has('formfields') && { form_fields: form_fields.map((one) => ({ ...one, customer_id: row.id })) }),
      ...(include.has('storecredit') && { store_credit_amounts }),
    }
  }
}
