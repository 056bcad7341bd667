import { type Body, needFields, objectOf } from '../rules.ts'
import { type CustomerRow, zuluTime } from '../state.ts'
import type { Call } from '../types.ts'
import { addAddress } from './addresses.ts'
import { setValue } from './attribute-values.ts'
import { refuseRow } from './batch.ts'
import { changes, withFormFields } from './customer-rules.ts'
import { BLANK } from './shape.ts'

/** A new customer with the addresses and attributes that come along. @throws {Refusal} 422. */
export const made = (call: Call, body: Body): CustomerRow => {
  const { state } = call
  needFields(body, ['email', 'first_name', 'last_name'])
  const at = zuluTime(call.now())
  const { origin_channel_id: origin } = body
  const row = state.customers.insert({
    ...BLANK,
    ...changes(state, body),
    ...(typeof origin === 'number' && { origin_channel_id: origin }),
    form_fields: withFormFields([], body['form_fields']),
    date_created: at,
    date_modified: at,
  } as unknown as CustomerRow)
  for (const one of listOf(body, 'addresses')) addAddress(state, row.id, one, IN_A_CREATE)
  for (const { attribute_id, attribute_value: value } of listOf(body, 'attributes'))
    setValue(call, { customer_id: row.id, attribute_id, value })
  return row
}

/** State and postal code may be absent here (docs/bigcommerce.md, Customer addresses). */
const IN_A_CREATE = ['first_name', 'last_name', 'address1', 'city', 'country_code']

/** Most parts of each kind that come with a new customer. */
const MOST_PARTS = 10

const listOf = (body: Body, name: string): readonly Body[] => {
  const list = body[name] ?? []
  if (!Array.isArray(list)) return refuseRow(name, 'must be a list')
  return list.length > MOST_PARTS ? refuseRow(name, `must have at most ${MOST_PARTS} entries`) : list.map(objectOf)
}
