import { type Body, canonical, isoTime, lookUp, type Resource, refusal, type Value, wire } from '../../model/index.ts'
import { conflict, invalid, refuse } from '../answers.ts'
import type { State } from '../state.ts'
import type { Row, Table } from '../table.ts'

/** Rows of a derived collection: canonical values by field name, under an id of the table's own. */
export const tableOf = (state: State, { name }: Resource): Table => state.collection(name)

/** The row as the API shows it. */
export const bodyOf = (resource: Resource, row: Row): Record<string, unknown> => {
  const body: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(resource.fields)) {
    place(body, (field.at ?? name).split('.'), wire(field, (row[name] ?? null) as Value))
  }
  return body
}

/** The writable fields of a request's body. @throws {Refusal} 422 naming every bad one. */
export const readBody = (resource: Resource, body: Body): Record<string, Value> => {
  const values: Record<string, Value> = {}
  const errors: Record<string, string> = {}
  for (const [name, field] of Object.entries(resource.fields)) {
    const raw = lookUp(body, field.writeAs ?? field.at ?? name)
    if (field.readOnly || raw === undefined) continue
    try {
      const value = canonical(field, raw)
      const reason = refusal(field, value)
      if (reason) errors[name] = reason
      values[name] = value
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      errors[name] = error.message
    }
  }
  const [first] = Object.keys(errors)
  return first ? refuse(invalid(`The field '${first}' is invalid.`, errors)) : values
}

/** What a new row holds before its own fields: what the server fills in, and the time. */
export const blankRow = ({ fields }: Resource, now: number): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const stamped = field.kind === 'timestamp' && field.readOnly
      return [name, stamped ? isoTime(now) : canonical(field, field.fill)]
    }),
  )

/** Fields that tell when a row was last changed. */
export const stamps = ({ fields, api }: Resource, now: number): Record<string, Value> => {
  const since = api.list?.since?.field
  const names = Object.entries(fields).filter(
    ([name, { kind, noise }]) => name === since || (kind === 'timestamp' && noise),
  )
  return Object.fromEntries(names.map(([name]) => [name, isoTime(now)]))
}

/** @throws {Refusal} 409 when another row holds a value that may be there only once. */
export const claimUnique = (
  table: Table,
  { fields }: Resource,
  values: Readonly<Record<string, Value>>,
  self?: number,
): void => {
  for (const [name, { unique }] of Object.entries(fields)) {
    const value = values[name]
    if (!unique || value === undefined || value === null) continue
    const same = (other: unknown) =>
      unique === 'nocase' ? String(other).toLowerCase() === String(value).toLowerCase() : other === value
    const title = `The ${name} is a duplicate`
    if (table.list().some((row) => row.id !== self && same(row[name]))) refuse(conflict(title, { [name]: title }))
  }
}

const place = (body: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void => {
  if (rest.length === 0) body[name] = value
  else {
    const inner = (body[name] ?? {}) as Record<string, unknown>
    body[name] = inner
    place(inner, rest, value)
  }
}
