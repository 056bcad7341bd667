import { defineResource, deleteOne, flag, integer, json, noise, readOnly, saveOne, text } from '../model/index.ts'

const path = '/v3/catalog/products/{product_id}/modifiers'

export const productModifiers = defineResource({
  name: 'product_modifiers',
  about:
    'Choices of a product that make no variants, such as an engraving. Asking for them caps a page at 10 products, so they are pulled only when named.',
  source: 'Modifiers',
  scope: 'store_v2_products',
  onDemand: true,
  settleMs: 10_000,
  key: ['id'],
  match: ['id', 'product_id', 'display_name'],
  unit: 'product_id',
  fields: {
    id: readOnly(integer()),
    product_id: readOnly(integer({ ref: 'products' })),
    name: noise(text({ about: 'Made by the store from the name that is shown, the time and the product.' })),
    display_name: text({ required: true, min: 1, max: 255 }),
    type: text({
      required: true,
      values: [
        'date',
        'checkbox',
        'file',
        'text',
        'multi_line_text',
        'numbers_only_text',
        'radio_buttons',
        'rectangles',
        'dropdown',
        'product_list',
        'product_list_with_images',
        'swatch',
      ],
    }),
    required: flag({ required: true, about: 'Whether shoppers have to choose.' }),
    sort_order: integer(),
    config: json({ fill: {}, about: 'What it takes, by its type: limits of texts, dates, numbers and files.' }),
  },
  part: { parent: 'products', link: 'product_id', key: ['display_name'], initial: {} },
  moves: { by: [['product_id', 'display_name']] },
  api: {
    within: { parent: 'products', include: 'modifiers', at: 'modifiers[]', link: 'product_id', pageSize: 10 },
    create: {
      ...saveOne('POST', path, 'catalog'),
      nest: [
        {
          resource: 'product_modifier_values',
          at: 'option_values',
          fields: ['label', 'sort_order', 'is_default', 'value_data', 'adjusters'],
          made: 'label',
          most: 250,
          // The store makes Yes and No itself.
          unless: { type: 'checkbox' },
          itself: ['label', 'sort_order', 'is_default', 'value_data'],
        },
      ],
    },
    update: [{ ...saveOne('PUT', `${path}/{id}`, 'catalog'), whole: ['type', 'required'] }],
    delete: deleteOne(`${path}/{id}`, 'catalog'),
  },
})
