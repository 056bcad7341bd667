import { defineResource, integer, noise, readOnly, text, timestamp } from '../model/index.ts'

export const taxClasses = defineResource({
  name: 'tax_classes',
  about: 'What products are taxed as; a product’s `tax_class_id` names one, and 0 is the default.',
  source: 'Tax classes',
  scope: 'store_v2_information',
  onDemand: true,
  settleMs: 0,
  key: ['id'],
  match: ['id', 'name'],
  fields: {
    id: readOnly(integer()),
    name: readOnly(text()),
    created_at: readOnly(timestamp()),
    updated_at: noise(timestamp()),
  },
  moves: { by: [['name']] },
  api: { list: { path: '/v2/tax_classes', paging: 'page', pageSize: 250 } },
})
