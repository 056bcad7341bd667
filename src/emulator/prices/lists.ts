import { conflict, invalid, noContent, notFound, ok, refuse } from '../answers.ts'
import { filtered, moments, numbers, texts } from '../filters.ts'
import { flag, idOf, needFields, objectOf, readFields, text } from '../rules.ts'
import { type NamedRow, type State, zuluTime } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { PRICE_PAGING, pricePage } from './pages.ts'

const PATH = '/v3/pricelists'
const scope = 'store_v2_products'

export const listEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: PATH, scope, handle: (call) => list(call) },
  { method: 'POST', path: PATH, scope, handle: (call) => create(call) },
  { method: 'DELETE', path: PATH, scope, handle: (call) => removeSome(call) },
  { method: 'GET', path: `${PATH}/:id`, scope, handle: (call) => ok(listOf(call, call.params['id'])) },
  { method: 'PUT', path: `${PATH}/:id`, scope, handle: (call) => update(call) },
  { method: 'DELETE', path: `${PATH}/:id`, scope, concurrency: 1, handle: (call) => remove(call) },
]

/** @throws {Refusal} 404. */
export const listOf = ({ state }: Call, id: string | undefined): NamedRow =>
  state.priceLists.get(idOf(id)) ?? refuse(notFound(`A price list with the id of ${id} was not found.`))

const RULES = { name: text(Number.POSITIVE_INFINITY, 1), active: flag }

const list = (call: Call): Answer => {
  const now = call.now()
  const rows = filtered(
    call.query,
    call.state.priceLists.list(),
    {
      ...numbers<NamedRow>('id', [':in'], ({ id }) => id),
      ...texts<NamedRow>('name', ['', ':like'], ({ name }) => name),
      ...moments<NamedRow>('date_created', ['', ':min', ':max'], (row) => String(row['date_created']), now),
      ...moments<NamedRow>('date_modified', ['', ':min', ':max'], (row) => String(row['date_modified']), now),
    },
    PRICE_PAGING,
  )
  return pricePage(call, rows, (row) => row)
}

const create = (call: Call): Answer => {
  const body = objectOf(call.body)
  needFields(body, ['name'])
  const at = zuluTime(call.now())
  const fields = claimed(call.state, readFields(body, RULES))
  return ok(call.state.priceLists.insert({ name: '', active: true, date_created: at, date_modified: at, ...fields }))
}

const update = (call: Call): Answer => {
  const { id } = listOf(call, call.params['id'])
  const fields = claimed(call.state, readFields(objectOf(call.body), RULES), id)
  return ok(call.state.priceLists.update(id, { ...fields, date_modified: zuluTime(call.now()) }))
}

const claimed = (state: State, fields: Record<string, unknown>, self?: number): Record<string, unknown> => {
  const same = state.priceLists.where('name', String(fields['name'] ?? '').toLowerCase())
  return same.some(({ id }) => id !== self)
    ? refuse(conflict('The price list name is a duplicate', { name: 'The name is in use by another price list.' }))
    : fields
}

const remove = (call: Call): Answer => {
  dissolve(call.state, idOf(call.params['id']))
  return noContent
}

const removeSome = (call: Call): Answer => {
  const filters = {
    ...numbers<NamedRow>('id', [':in'], ({ id }) => id),
    ...texts<NamedRow>('name', [''], ({ name }) => name),
  }
  if (![...call.query.keys()].length) return invalid('A filter is needed.')
  for (const { id } of filtered(call.query, call.state.priceLists.list(), filters, [])) dissolve(call.state, id)
  return noContent
}

/** A list takes its prices and its assignments with it. */
const dissolve = ({ priceLists, priceRecords, priceAssignments }: State, id: number): void => {
  for (const row of priceRecords.where('list', id)) priceRecords.delete(row.id)
  for (const row of priceAssignments.list()) if (row['price_list_id'] === id) priceAssignments.delete(row.id)
  priceLists.delete(id)
}
