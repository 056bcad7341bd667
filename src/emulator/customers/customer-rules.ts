import { type Body, flag, idList, type Rules, readFields, text, whole } from '../rules.ts'
import type { CustomerRow, FormField, State } from '../state.ts'
import { refuseRow } from './batch.ts'

const fields = (longestEmail: number): Rules => ({
  email: text(longestEmail, 3),
  first_name: text(100, 1),
  last_name: text(100, 1),
  company: text(255),
  phone: text(50),
  notes: text(),
  tax_exempt_category: text(255),
  customer_group_id: whole(),
  accepts_product_review_abandoned_cart_emails: flag,
  // Null is every channel; a list of none is refused.
  channel_ids: (value) => (value === null ? null : idList()(Array.isArray(value) && !value.length ? 'none' : value)),
})

/** The length of an e-mail differs (docs/bigcommerce.md, Customers). */
const NEW = fields(250)
const CHANGED = fields(255)

/** The fields of a body as they are stored. @throws {Refusal} 422. */
export const changes = (state: State, body: Body, before?: CustomerRow): Record<string, unknown> => {
  const read = readFields(body, before ? CHANGED : NEW)
  const { email, customer_group_id: group } = read
  if (typeof email === 'string') claimEmail(state, email, before)
  if (typeof group === 'number' && group > 0 && !state.customerGroups.has(group))
    refuseRow('customer_group_id', 'invalid customer group ID')
  const { force_password_reset } = (body['authentication'] ?? {}) as Body
  return { ...read, ...(typeof force_password_reset === 'boolean' && { authentication: { force_password_reset } }) }
}

/** The answer tells neither the row nor a field (docs/bigcommerce.md, Error bodies). */
const claimEmail = (state: State, email: string, before?: CustomerRow): void => {
  if (state.customers.where('email', email.toLowerCase()).every(({ id }) => id === before?.id)) return
  const verb = before ? 'updat' : 'creat'
  refuseRow(`.customer_${verb}e`, `Error ${verb}ing customers: email ${email} already in use`)
}

/** Fields that are sent are saved by their names; the others stay. @throws {Refusal} 422. */
export const withFormFields = (there: readonly FormField[], sent: unknown): readonly FormField[] => {
  if (sent === undefined) return there
  const read = Array.isArray(sent) ? sent.map(formField) : refuseRow('form_fields', 'must be a list')
  const names = new Set(read.map(({ name }) => name))
  return [...there.filter(({ name }) => !names.has(name)), ...read]
}

const formField = (one: unknown): FormField => {
  const { name, value } = (one ?? {}) as Body
  const isList = Array.isArray(value) && value.every((inner) => typeof inner === 'string')
  const isFine = typeof name === 'string' && (isList || typeof value === 'string' || typeof value === 'number')
  return isFine ? { name, value } : refuseRow('form_fields', 'must hold a name and a value each')
}
