import { defineResource, integer, json, type Route, readOnly, text } from '../model/index.ts'

/** A customer is saved with the fields that are sent; the others of his stay. */
const save: Route = {
  verb: 'PUT',
  path: '/v3/customers',
  batch: 10,
  lanes: 3,
  body: { into: 'form_fields', of: { id: 'customer_id' } },
  names: ['name'],
  echo: 'none',
  group: 'customers',
}

export const customerFormFields = defineResource({
  name: 'customer_form_fields',
  about: 'What customers answered in the fields that the store added to its sign-up form. Pulled only when named.',
  source: 'Customer form fields',
  scope: 'store_v2_customers',
  onDemand: true,
  settleMs: 10_000,
  key: ['customer_id', 'name'],
  match: ['customer_id', 'name'],
  unit: 'customer_id',
  fields: {
    customer_id: readOnly(integer({ ref: 'customers' })),
    name: text({ required: true, min: 1 }),
    value: json({ required: true, plain: true, about: 'A text, a number, or a list of texts.' }),
  },
  part: {
    parent: 'customers',
    link: 'customer_id',
    key: ['name'],
    initial: {},
    column: { prefix: 'form', pattern: /^(?<name>.+)$/, written: 'form:NAME', absent: {}, field: 'value' },
  },
  moves: { by: [['customer_id', 'name']] },
  api: {
    within: { parent: 'customers', include: 'formfields', at: 'form_fields[]', link: 'customer_id' },
    create: save,
    update: [save],
  },
})
