import {
  defineResource,
  deleteOne,
  flag,
  ids,
  integer,
  noise,
  type Route,
  readOnly,
  text,
  timestamp,
} from '../model/index.ts'
import { ADDRESS_FIELDS } from './customer-addresses.ts'

const path = '/v3/customers'

const batch = { path, batch: 10, lanes: 3, body: 'rows', echo: 'rows', group: 'customers' } as const
const create: Route = { ...batch, verb: 'POST', names: [] }

const changing = [
  'email',
  'first_name',
  'last_name',
  'company',
  'phone',
  'notes',
  'tax_exempt_category',
  'customer_group_id',
  'accepts_product_review_abandoned_cart_emails',
  'force_password_reset',
  'channel_ids',
]
const update: Route = { ...batch, verb: 'PUT', names: ['id'], fields: changing }

export const customers = defineResource({
  name: 'customers',
  about: 'Who has an account. Pulled only when named; a password is never read, and never kept.',
  source: 'Customers',
  scope: 'store_v2_customers',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['email', 'id'],
  called: 'email',
  indexes: [['date_modified']],
  fields: {
    id: readOnly(integer()),
    email: text({ required: true, min: 3, max: 250, unique: 'nocase' }),
    first_name: text({ required: true, min: 1, max: 100 }),
    last_name: text({ required: true, min: 1, max: 100 }),
    company: text({ max: 255, fill: '', unset: 'empty' }),
    phone: text({ max: 50, fill: '', unset: 'empty' }),
    notes: text({ fill: '', unset: 'empty' }),
    tax_exempt_category: text({ max: 255, fill: '', unset: 'empty' }),
    customer_group_id: integer({ min: 0, ref: 'customer_groups', fill: 0, unset: 'zero' }),
    accepts_product_review_abandoned_cart_emails: flag({ fill: false }),
    force_password_reset: flag({
      at: 'authentication.force_password_reset',
      fill: false,
      about: 'A new password is asked for at the next login.',
    }),
    channel_ids: ids({
      ref: 'channels',
      nullable: true,
      unordered: true,
      fill: null,
      about: 'Channels that the account is for; empty is all of them.',
    }),
    origin_channel_id: integer({
      min: 1,
      fill: 1,
      ref: 'channels',
      about: 'Where it was made; set in new rows only.',
    }),
    registration_ip_address: noise(text({ fill: '', unset: 'empty' })),
    address_count: noise(integer({ fill: 0 })),
    attribute_count: noise(integer({ fill: 0 })),
    date_created: readOnly(timestamp()),
    date_modified: noise(timestamp()),
  },
  moves: {
    by: [['email']],
    // Of accounts that were there before, it would ask for no reason.
    leave: ['force_password_reset'],
    refused: [
      {
        what: 'passwords: the API tells no hash and takes none',
        instead:
          'let customers ask for a new one (a mail with the link of the login page), or set force_password_reset',
      },
      {
        what: 'dates of registration, addresses that people registered from (IP), and store credit',
        instead: 'keep the old mirror; store credit is entered by hand or through another app',
      },
    ],
  },
  api: {
    list: {
      path,
      paging: 'cursor',
      pageSize: 250,
      since: { param: 'date_modified:min', field: 'date_modified' },
      ids: 'id:in',
      total: 'pagination',
    },
    create: {
      ...create,
      nest: [
        { resource: 'customer_addresses', fields: ADDRESS_FIELDS, made: 'address1', most: 10 },
        {
          resource: 'customer_attribute_values',
          fields: ['attribute_id', 'attribute_value'],
          made: 'attribute_id',
          most: 10,
        },
        // How many is not told; a sign-up form has fewer.
        { resource: 'customer_form_fields', fields: ['name', 'value'], made: 'name', most: 50 },
      ],
    },
    update: [update],
    delete: deleteOne(`${path}?id:in={id}`, 'customers'),
  },
  older: {
    list: {
      path: '/v2/customers',
      paging: 'page',
      pageSize: 250,
      one: '/v2/customers/{id}',
      since: { param: 'min_date_modified', field: 'date_modified' },
      total: { path: '/v2/customers/count', at: 'count' },
    },
    // One storefront only, and of parts it tells no number.
    told: {
      accepts_product_review_abandoned_cart_emails: 'accepts_marketing',
      force_password_reset: 'reset_pass_on_login',
      channel_ids: null,
      origin_channel_id: null,
      address_count: null,
      attribute_count: null,
    },
  },
})
