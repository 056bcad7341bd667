import { createOnly, defineResource, flag, integer, json, readOnly, saveOne, text } from '../model/index.ts'

const path = '/v3/catalog/products/{product_id}/options/{option_id}/values'

export const productOptionValues = defineResource({
  name: 'product_option_values',
  about: 'Values of an option, such as Small and Large.',
  source: 'Options',
  scope: 'store_v2_products',
  settleMs: 10_000,
  key: ['id'],
  match: ['id', 'label'],
  unit: 'product_id',
  part: { parent: 'products', link: 'product_id', key: ['option_id', 'label'], initial: {} },
  fields: {
    id: readOnly(integer()),
    option_id: readOnly(integer({ at: '^id', ref: 'product_options' })),
    product_id: readOnly(integer({ ref: 'products' })),
    label: createOnly(text({ required: true, min: 1, max: 255 })),
    sort_order: integer({ required: true, min: -2_147_483_648, max: 2_147_483_647 }),
    is_default: flag({ fill: false, about: 'Not for swatches.' }),
    value_data: readOnly(json()),
  },
  moves: {
    by: [['product_id', 'option_id', 'label']],
    refused: [
      {
        what: 'colours and pictures of option values',
        instead: 'set them in the new store by hand, once their options are swatches there',
      },
    ],
  },
  api: {
    within: {
      parent: 'products',
      include: 'options',
      at: 'options[].option_values[]',
      link: 'product_id',
      pageSize: 10,
    },
    create: saveOne('POST', path, 'catalog'),
    update: [{ ...saveOne('PUT', `${path}/{id}`, 'catalog'), whole: ['label', 'sort_order'] }],
  },
})
