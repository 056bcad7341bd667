import { conflict, problem, refuse } from '../answers.ts'
import { type Body, needFields, oneOf, readFields, text } from '../rules.ts'
import { catalogTime, type MetafieldRow, ownerKey, type State } from '../state.ts'

/** @throws {Refusal} 422, 409 when the owner has one of that namespace and key, 403 above the limit. */
export const addMetafield = (state: State, type: string, owner: number, body: Body): MetafieldRow => {
  needFields(body, ['permission_set', 'namespace', 'key', 'value'])
  const fields = readFields(body, RULES)
  const others = state.metafields.where('owner', ownerKey(type, owner))
  if (others.length >= MOST) refuse(problem(403, `A ${type} can have at most ${MOST} metafields.`))
  claim(others, String(fields['namespace']), String(fields['key']))
  const now = catalogTime(state.now())
  return state.metafields.insert({
    ...fields,
    description: fields['description'] ?? '',
    resource_type: type,
    resource_id: owner,
    date_created: now,
    date_modified: now,
    owner_client_id: 'emulator',
  } as unknown as MetafieldRow)
}

/** @throws {Refusal} as `addMetafield`. */
export const changeMetafield = (state: State, row: MetafieldRow, body: Body): MetafieldRow => {
  const fields = readFields(body, RULES)
  const { namespace, key } = { ...row, ...fields }
  const others = state.metafields.where('owner', ownerKey(row.resource_type, row.resource_id))
  claim(
    others.filter(({ id }) => id !== row.id),
    namespace,
    key,
  )
  return state.metafields.update(row.id, { ...fields, date_modified: catalogTime(state.now()) })
}

const RULES = {
  permission_set: oneOf('app_only', 'read', 'write', 'read_and_sf_access', 'write_and_sf_access'),
  namespace: text(64, 1),
  key: text(64, 1),
  value: text(65_535, 1),
  description: text(255),
}

/** Metafields of one owner, at most (docs/bigcommerce.md, Catalog limits). */
const MOST = 250

const claim = (others: readonly MetafieldRow[], namespace: string, key: string): void => {
  const title = 'A metafield of this namespace and key exists.'
  const taken = others.some((row) => row.namespace === namespace && row.key === key)
  if (taken) refuse(conflict(title, { key: title }))
}
