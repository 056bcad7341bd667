import { defineResource, deleteOne, integer, noise, type Route, readOnly, text, timestamp } from '../model/index.ts'

const path = '/v3/customers/attribute-values'

/** One request saves rows that are there and makes those that are not, by customer and attribute. */
const upsert: Route = {
  verb: 'PUT',
  path,
  batch: 10,
  lanes: 3,
  body: 'rows',
  names: [],
  whole: ['customer_id', 'attribute_id'],
  echo: 'none',
  group: 'customers',
}

export const customerAttributeValues = defineResource({
  name: 'customer_attribute_values',
  about: 'What customers hold of the store’s attributes. Pulled only when named.',
  source: 'Customer attributes',
  scope: 'store_v2_customers',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['customer_id', 'attribute_id', 'id'],
  unit: 'customer_id',
  fields: {
    id: readOnly(integer()),
    customer_id: integer({ required: true, min: 1, ref: 'customers' }),
    attribute_id: integer({ required: true, min: 1, ref: 'customer_attributes' }),
    attribute_value: text({ required: true, max: 255, writeAs: 'value' }),
    date_created: readOnly(timestamp()),
    date_modified: noise(timestamp()),
  },
  part: {
    parent: 'customers',
    link: 'customer_id',
    key: ['attribute_id'],
    initial: {},
    column: {
      prefix: 'attribute',
      pattern: /^(?<attribute_id>[1-9]\d{0,9})$/,
      written: 'attribute:ID',
      absent: {},
      field: 'attribute_value',
    },
  },
  moves: { by: [['customer_id', 'attribute_id']] },
  api: {
    within: { parent: 'customers', include: 'attributes', at: 'attributes[]', link: 'customer_id' },
    create: upsert,
    update: [upsert],
    delete: deleteOne(`${path}?id:in={id}`, 'customers'),
  },
})
