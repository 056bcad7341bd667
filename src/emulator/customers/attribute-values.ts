import { noContent, ok } from '../answers.ts'
import { filtered, moments, numbers, PAGING, texts } from '../filters.ts'
import { page } from '../pages.ts'
import { type Body, needFields, readFields, text } from '../rules.ts'
import { type AttributeValueRow, zuluTime } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { allOrNone, refuseRow } from './batch.ts'

const path = '/v3/customers/attribute-values'
const scope = 'store_v2_customers'

export const attributeValueEndpoints: readonly Endpoint[] = [
  { method: 'GET', path, scope, handle: (call) => list(call) },
  { method: 'PUT', path, scope, concurrency: 3, handle: (call) => upsert(call) },
  { method: 'DELETE', path, scope, handle: (call) => removeSome(call) },
]

const RANGE = ['', ':min', ':max'] as const

const list = (call: Call): Answer => {
  const { state, query } = call
  const nameOf = ({ attribute_id }: AttributeValueRow) => state.customerAttributes.get(attribute_id)?.name ?? ''
  const filters = {
    ...numbers<AttributeValueRow>('customer_id', [':in'], (row) => row.customer_id),
    ...numbers<AttributeValueRow>('attribute_id', [':in'], (row) => row.attribute_id),
    ...texts<AttributeValueRow>('name', [''], nameOf),
    ...moments<AttributeValueRow>('date_created', RANGE, (row) => String(row['date_created']), call.now()),
    ...moments<AttributeValueRow>('date_modified', RANGE, (row) => String(row['date_modified']), call.now()),
  }
  return page(call, filtered(query, state.customerAttributeValues.list(), filters, PAGING.slice(0, 2)), (row) => row)
}

/** The same rows by customer and attribute are written over. */
const upsert = (call: Call): Answer =>
  ok(allOrNone(call.body, 'Upsert customer attribute values failed.', (one) => setValue(call, one)))

/** Gives a customer a value of an attribute. @throws {Refusal} 422. */
export const setValue = ({ state, now }: Call, body: Body): AttributeValueRow => {
  needFields(body, ['customer_id', 'attribute_id', 'value'])
  const [customer_id, attribute_id] = [Number(body['customer_id']), Number(body['attribute_id'])]
  const { value } = readFields(body, { value: text(255) })
  if (!state.customers.has(customer_id)) refuseRow('customer_id', 'invalid customer ID')
  const attribute = state.customerAttributes.get(attribute_id) ?? refuseRow('attribute_id', 'invalid attribute ID')
  if (!(FITS[String(attribute['type'])] ?? anyText)(String(value))) refuseRow('value', `is no ${attribute['type']}`)
  const at = zuluTime(now())
  const [there] = state.customerAttributeValues
    .where('customer', customer_id)
    .filter((row) => row.attribute_id === attribute_id)
  const row = { customer_id, attribute_id, attribute_value: String(value), date_modified: at }
  return there
    ? state.customerAttributeValues.update(there.id, row)
    : state.customerAttributeValues.insert({ ...row, date_created: at })
}

const anyText = (): boolean => true

/** Values are texts, whatever they say. Of an attribute that nobody told the type of, any will do. */
const FITS: Readonly<Record<string, (value: string) => boolean>> = {
  number: (value) => value.trim() !== '' && Number.isFinite(Number(value)),
  date: (value) => !Number.isNaN(Date.parse(value)),
}

const removeSome = ({ query, state }: Call): Answer => {
  if (query.has('id:in')) {
    const filters = numbers<AttributeValueRow>('id', [':in'], ({ id }) => id)
    for (const { id } of filtered(query, state.customerAttributeValues.list(), filters, []))
      state.customerAttributeValues.delete(id)
  }
  return noContent
}
