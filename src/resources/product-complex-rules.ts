import { defineResource, deleteOne, flag, integer, json, readOnly, saveOne, text } from '../model/index.ts'

const path = '/v3/catalog/products/{product_id}/complex-rules'
const adjuster = { fill: null, about: '`adjuster` (`relative` or `percentage`) and `adjuster_value`.' } as const

export const productComplexRules = defineResource({
  name: 'product_complex_rules',
  about:
    'What a combination of chosen values does to a product. One request for each product, so pulled only when named.',
  source: 'Complex rules',
  scope: 'store_v2_products',
  onDemand: true,
  settleMs: 10_000,
  key: ['id', 'product_id'],
  match: ['id', 'product_id', 'sort_order'],
  unit: 'product_id',
  fields: {
    id: readOnly(integer()),
    product_id: readOnly(integer({ ref: 'products' })),
    sort_order: integer({ min: -2_147_483_648, max: 2_147_483_647, fill: 0 }),
    enabled: flag({ fill: true }),
    stop: flag({ fill: false, about: 'No further rule counts after it.' }),
    purchasing_disabled: flag({ fill: false }),
    purchasing_disabled_message: text({ max: 255, fill: '', unset: 'empty' }),
    purchasing_hidden: flag({ fill: false }),
    image_url: text({ fill: '', unset: 'empty' }),
    price_adjuster: json(adjuster),
    weight_adjuster: json(adjuster),
    conditions: json({
      required: true,
      fill: [],
      sends: ['modifier_id', 'modifier_value_id', 'variant_id'],
      refs: {
        '[].modifier_id': 'product_modifiers',
        '[].modifier_value_id': 'product_modifier_values',
        '[].variant_id': 'variants',
      },
      about: 'Two values of different modifiers at least, or a variant and a value; they hold ids of this store.',
    }),
  },
  moves: { by: [['product_id', 'conditions']] },
  api: {
    list: {
      path,
      per: 'products',
      paging: 'page',
      pageSize: 250,
      one: `${path}/{id}`,
      total: 'pagination',
    },
    create: saveOne('POST', path, 'catalog'),
    update: [saveOne('PUT', `${path}/{id}`, 'catalog')],
    delete: deleteOne(`${path}/{id}`, 'catalog'),
  },
})
