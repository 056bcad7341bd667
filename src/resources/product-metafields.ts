import { defineResource, deleteOne, integer, noise, readOnly, text, timestamp } from '../model/index.ts'

export const productMetafields = defineResource({
  name: 'product_metafields',
  about: 'Values that programs keep with a product, by namespace and key. Pulled only when named.',
  source: 'Metafields',
  scope: 'store_v2_products',
  settleMs: 10_000,
  key: ['id'],
  match: ['id', 'namespace', 'key'],
  unit: 'resource_id',
  fields: {
    id: readOnly(integer()),
    resource_id: integer({ required: true, ref: 'products', about: 'The product.' }),
    resource_type: readOnly(text()),
    namespace: text({ required: true, min: 1, max: 64 }),
    key: text({ required: true, min: 1, max: 64 }),
    value: text({ required: true, min: 1, max: 65_535 }),
    permission_set: text({
      required: true,
      values: ['app_only', 'read', 'write', 'read_and_sf_access', 'write_and_sf_access'],
      about: 'Who else may see and change it.',
    }),
    description: text({ max: 255, fill: '', unset: 'empty' }),
    owner_client_id: noise(
      text({ fill: '', unset: 'empty', about: 'The API account that made it, and alone may change it.' }),
    ),
    date_created: readOnly(timestamp()),
    date_modified: noise(timestamp()),
  },
  part: {
    parent: 'products',
    link: 'resource_id',
    key: ['namespace', 'key'],
    initial: { permission_set: 'app_only' },
    column: {
      prefix: 'meta',
      pattern:
        /^(?<namespace>[^.]{1,64})\.(?<key>\S{1,64})(?: (?<permission_set>app_only|read|write|read_and_sf_access|write_and_sf_access))?$/,
      written: 'meta:NAMESPACE.KEY',
      absent: {},
      field: 'value',
    },
  },
  api: {
    list: {
      path: '/v3/catalog/products/metafields',
      paging: 'cursor',
      pageSize: 250,
      since: { param: 'date_modified:min', field: 'date_modified' },
      total: 'pagination',
      onlyNamed: true,
    },
    create: {
      verb: 'POST',
      path: '/v3/catalog/products/metafields',
      batch: 50,
      lanes: 1,
      body: 'rows',
      names: [],
      echo: 'rows',
      group: 'catalog',
    },
    update: [
      {
        verb: 'PUT',
        path: '/v3/catalog/products/metafields',
        batch: 50,
        lanes: 1,
        body: 'rows',
        names: ['id'],
        echo: 'rows',
        group: 'catalog',
      },
    ],
    delete: deleteOne('/v3/catalog/products/{resource_id}/metafields/{id}', 'catalog'),
  },
})
