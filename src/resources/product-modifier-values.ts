import { defineResource, deleteOne, flag, integer, json, readOnly, saveOne, text } from '../model/index.ts'

const path = '/v3/catalog/products/{product_id}/modifiers/{modifier_id}/values'

export const productModifierValues = defineResource({
  name: 'product_modifier_values',
  about: 'Values of a modifier, and what they do to price and weight. The store makes those of a checkbox itself.',
  source: 'Modifiers',
  scope: 'store_v2_products',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['id', 'product_id', 'modifier_id', 'label'],
  unit: 'product_id',
  fields: {
    id: readOnly(integer()),
    modifier_id: readOnly(integer({ at: '^id', ref: 'product_modifiers' })),
    product_id: readOnly(integer({ ref: 'products' })),
    label: text({ required: true, min: 1, max: 255 }),
    sort_order: integer({ required: true, min: -2_147_483_648, max: 2_147_483_647 }),
    is_default: flag({ fill: false, about: 'Not for swatches.' }),
    value_data: json({
      fill: null,
      refs: { product_id: 'products' },
      about: 'Colours or a picture of a swatch; `product_id` of a list of products; `checked_value` of a checkbox.',
    }),
    adjusters: json({
      fill: null,
      about: 'Change of price and of weight (`relative` or `percentage`), picture, and whether it stops a purchase.',
    }),
  },
  part: { parent: 'products', link: 'product_id', key: ['modifier_id', 'label'], initial: {} },
  moves: { by: [['product_id', 'modifier_id', 'label']] },
  api: {
    within: {
      parent: 'products',
      include: 'modifiers',
      at: 'modifiers[].option_values[]',
      link: 'product_id',
      pageSize: 10,
    },
    create: saveOne('POST', path, 'catalog'),
    update: [{ ...saveOne('PUT', `${path}/{id}`, 'catalog'), whole: ['label', 'sort_order'] }],
    delete: deleteOne(`${path}/{id}`, 'catalog'),
  },
})
