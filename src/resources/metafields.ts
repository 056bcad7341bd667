import {
  defineResource,
  deleteOne,
  integer,
  noise,
  type Resource,
  type Route,
  readOnly,
  text,
  timestamp,
} from '../model/index.ts'

const SETS = ['app_only', 'read', 'write', 'read_and_sf_access', 'write_and_sf_access'] as const

/** Whose metafields, and where the API has them. */
interface Owner {
  /** Of the resource of metafields. */
  readonly name: string
  readonly owners: string
  /** One of them, for people. */
  readonly word: string
  /** Of all owners together. */
  readonly path: string
  /** Of one metafield. */
  readonly one: string
}

/** The metafields of one kind of owner: all kinds are listed, made and changed alike. */
export const metafieldsOf = ({ name, owners, word, path, one }: Owner): Resource => {
  const batch: Omit<Route, 'verb' | 'names'> = {
    path,
    batch: 50,
    lanes: 1,
    body: 'rows',
    echo: 'rows',
    group: 'catalog',
  }
  return defineResource({
    name,
    about: `Values that programs keep with a ${word}, by namespace and key. Pulled only when named.`,
    source: 'Metafields',
    scope: 'store_v2_products',
    onDemand: true,
    settleMs: 10_000,
    key: ['id'],
    match: ['id', 'resource_id', 'namespace', 'key'],
    unit: 'resource_id',
    fields: {
      id: readOnly(integer()),
      resource_id: integer({ required: true, ref: owners, about: `The ${word}.` }),
      resource_type: readOnly(text()),
      namespace: text({ required: true, min: 1, max: 64 }),
      key: text({ required: true, min: 1, max: 64 }),
      value: text({ required: true, min: 1, max: 65_535 }),
      permission_set: text({ required: true, values: SETS, about: 'Who else may see and change it.' }),
      description: text({ max: 255, fill: '', unset: 'empty' }),
      owner_client_id: noise(
        text({ fill: '', unset: 'empty', about: 'The API account that made it, and alone may change it.' }),
      ),
      date_created: readOnly(timestamp()),
      date_modified: noise(timestamp()),
    },
    part: {
      parent: owners,
      link: 'resource_id',
      key: ['namespace', 'key'],
      initial: { permission_set: 'app_only' },
      column: {
        prefix: 'meta',
        pattern: new RegExp(`^(?<namespace>[^.]{1,64})\\.(?<key>\\S{1,64})(?: (?<permission_set>${SETS.join('|')}))?$`),
        written: 'meta:NAMESPACE.KEY',
        absent: {},
        field: 'value',
      },
    },
    moves: { by: [['resource_id', 'namespace', 'key']] },
    api: {
      list: {
        path,
        paging: 'cursor',
        pageSize: 250,
        since: { param: 'date_modified:min', field: 'date_modified' },
        total: 'pagination',
      },
      create: { ...batch, verb: 'POST', names: [] },
      update: [{ ...batch, verb: 'PUT', names: ['id'] }],
      delete: deleteOne(one, 'catalog'),
    },
  })
}
