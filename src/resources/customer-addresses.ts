import { createOnly, defineResource, deleteOne, integer, type Route, readOnly, text } from '../model/index.ts'

const path = '/v3/customers/addresses'

// How many rows a request may hold is not told; ten is what a request of customers holds.
const batch = { path, batch: 10, body: 'rows', echo: 'rows', omits: 'same', group: 'customers' } as const
const create: Route = { ...batch, verb: 'POST', lanes: 10, names: [] }
const update: Route = { ...batch, verb: 'PUT', lanes: 3, names: ['id'] }

const own = {
  first_name: text({ required: true, min: 1, max: 255 }),
  last_name: text({ required: true, min: 1, max: 255 }),
  company: text({ max: 255, fill: '', unset: 'empty' }),
  address1: text({ required: true }),
  address2: text({ fill: '', unset: 'empty' }),
  city: text({ required: true, max: 100 }),
  state_or_province: text({
    required: true,
    max: 100,
    about: 'The name in full, no code. A new row says it even where the country has none.',
  }),
  postal_code: text({
    required: true,
    max: 30,
    about: 'A new row says it even where the country has none.',
  }),
  country_code: text({ required: true, min: 2, max: 2 }),
  phone: text({ max: 50, fill: '', unset: 'empty' }),
  address_type: text({ values: ['residential', 'commercial'], fill: 'residential' }),
} as const

/** What makes an address what it is: two of one customer that are the same in all of these are one. */
export const ADDRESS_FIELDS: readonly string[] = Object.keys(own)

export const customerAddresses = defineResource({
  name: 'customer_addresses',
  about: 'The address book of each customer. Pulled only when named.',
  source: 'Customer addresses',
  scope: 'store_v2_customers',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: [
    'customer_id',
    'address1',
    'postal_code',
    'city',
    'state_or_province',
    'country_code',
    'last_name',
    'first_name',
    'company',
    'id',
  ],
  unit: 'customer_id',
  fields: {
    id: readOnly(integer()),
    customer_id: createOnly(integer({ required: true, min: 1, ref: 'customers' })),
    ...own,
    country: readOnly(text({ about: 'The name of the country, as the store has it.' })),
  },
  part: { parent: 'customers', link: 'customer_id', key: ['address1', 'postal_code'], initial: {} },
  moves: {
    by: [['customer_id', 'address1', 'postal_code', 'city', 'last_name']],
    alike: true,
  },
  api: {
    within: { parent: 'customers', include: 'addresses', at: 'addresses[]', link: 'customer_id' },
    create,
    update: [update],
    delete: deleteOne(`${path}?id:in={id}`, 'customers'),
  },
  older: {
    apart: { path: '/v2/customers/{id}/addresses' },
    told: {
      address1: 'street_1',
      address2: 'street_2',
      state_or_province: 'state',
      postal_code: 'zip',
      country_code: 'country_iso2',
    },
  },
})
