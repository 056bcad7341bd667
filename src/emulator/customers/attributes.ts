import { noContent, ok } from '../answers.ts'
import { filtered, moments, numbers, PAGING, texts, textsNoCase } from '../filters.ts'
import { page } from '../pages.ts'
import { needFields, oneOf, readFields, text } from '../rules.ts'
import { type NamedRow, type State, zuluTime } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { allOrNone, refuseRow } from './batch.ts'

const path = '/v3/customers/attributes'
const scope = 'store_v2_customers'

export const attributeEndpoints: readonly Endpoint[] = [
  { method: 'GET', path, scope, handle: (call) => list(call) },
  { method: 'POST', path, scope, concurrency: 3, handle: (call) => create(call) },
  { method: 'PUT', path, scope, concurrency: 3, handle: (call) => update(call) },
  { method: 'DELETE', path, scope, handle: (call) => removeSome(call) },
]

/** Most attributes of a store. */
const MOST_OF_A_STORE = 50
const RULES = { name: text(255, 1), type: oneOf('string', 'number', 'date') }
const RANGE = ['', ':min', ':max'] as const

const list = (call: Call): Answer => {
  const filters = {
    ...textsNoCase<NamedRow>('name', ['', ':like'], ({ name }) => name),
    ...texts<NamedRow>('type', [''], (row) => String(row['type'])),
    ...moments<NamedRow>('date_created', RANGE, (row) => String(row['date_created']), call.now()),
    ...moments<NamedRow>('date_modified', RANGE, (row) => String(row['date_modified']), call.now()),
  }
  return page(
    call,
    filtered(call.query, call.state.customerAttributes.list(), filters, PAGING.slice(0, 2)),
    (row) => row,
  )
}

const create = (call: Call): Answer => {
  const { state, body } = call
  const at = zuluTime(call.now())
  return ok(
    allOrNone(body, 'Create customer attributes failed.', (one) => {
      needFields(one, ['name', 'type'])
      const fields = claimed(state, readFields(one, RULES))
      if (state.customerAttributes.size >= MOST_OF_A_STORE)
        refuseRow('name', `a store has at most ${MOST_OF_A_STORE} attributes`)
      return state.customerAttributes.insert({ name: '', ...fields, date_created: at, date_modified: at })
    }),
  )
}

const update = (call: Call): Answer => {
  const { state, body } = call
  return ok(
    allOrNone(body, 'Update customer attributes failed.', (one) => {
      const row = state.customerAttributes.get(Number(one['id'])) ?? refuseRow('id', 'invalid attribute ID')
      needFields(one, ['name'])
      const fields = claimed(state, readFields(one, RULES), row.id)
      if (one['type'] !== undefined && one['type'] !== row['type']) refuseRow('type', 'cannot be changed')
      return state.customerAttributes.update(row.id, { ...fields, date_modified: zuluTime(call.now()) })
    }),
  )
}

const claimed = (state: State, fields: Record<string, unknown>, self?: number): Record<string, unknown> => {
  const same = state.customerAttributes.where('name', String(fields['name']).toLowerCase())
  return same.some(({ id }) => id !== self) ? refuseRow('name', 'is the name of another attribute') : fields
}

/** An attribute takes its values with it. */
const removeSome = ({ query, state }: Call): Answer => {
  if (query.has('id:in')) {
    const filters = numbers<NamedRow>('id', [':in'], ({ id }) => id)
    for (const { id } of filtered(query, state.customerAttributes.list(), filters, [])) {
      for (const row of state.customerAttributeValues.where('attribute', id))
        state.customerAttributeValues.delete(row.id)
      state.customerAttributes.delete(id)
    }
  }
  return noContent
}
