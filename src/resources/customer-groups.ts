import {
  defineResource,
  deleteOne,
  flag,
  integer,
  json,
  noise,
  readOnly,
  saveOne,
  text,
  timestamp,
} from '../model/index.ts'

const path = '/v2/customer_groups'

export const customerGroups = defineResource({
  name: 'customer_groups',
  about: 'Groups of customers, with what they may see and what they save. Pulled only when named.',
  source: 'Customer groups',
  scope: 'store_v2_customers',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['name', 'id'],
  fields: {
    id: readOnly(integer()),
    name: text({ required: true, min: 1 }),
    is_default: flag({ fill: false, about: 'New customers come into it; one group at most.' }),
    is_group_for_guests: flag({ fill: false, about: 'Who is not logged in belongs to it; one group at most.' }),
    category_access: json({
      fill: { type: 'all' },
      refs: { 'categories[]': 'categories' },
      about: '`all`, `none`, or `specific` with the categories.',
    }),
    discount_rules: json({
      fill: [],
      refs: { '[].price_list_id': 'price_lists', '[].category_id': 'categories', '[].product_id': 'products' },
      about: 'The whole list: what is not sent is removed.',
    }),
    date_created: readOnly(timestamp()),
    date_modified: noise(timestamp()),
  },
  moves: { by: [['name']] },
  api: {
    list: {
      path,
      paging: 'page',
      pageSize: 250,
      since: { param: 'date_modified:min', field: 'date_modified' },
      one: `${path}/{id}`,
      total: { path: `${path}/count`, at: 'count' },
    },
    create: saveOne('POST', path, 'customers'),
    update: [saveOne('PUT', `${path}/{id}`, 'customers')],
    delete: deleteOne(`${path}/{id}`, 'customers'),
  },
})
