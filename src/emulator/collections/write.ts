import type { Body, Resource, Route, Value } from '../../model/index.ts'
import { noContent, ok, refuse, tooManyRows } from '../answers.ts'
import { arrayOf, needFields, objectOf } from '../rules.ts'
import type { Row } from '../table.ts'
import type { Answer, Call } from '../types.ts'
import { blankRow, bodyOf, claimUnique, readBody, stamps, tableOf } from './rows.ts'
import { queriedRows, targetOf } from './target.ts'

type Handler = (call: Call) => Answer

/** Creates rows. @throws {Refusal} 422, 409, 413. */
export const create =
  (resource: Resource, route: Route): Handler =>
  (call) => {
    const table = tableOf(call.state, resource)
    const needed = Object.keys(resource.fields).filter((name) => resource.fields[name]?.required)
    const rows = rowsOf(call, route).map((body) => {
      needFields(body, needed)
      const values = readBody(resource, body)
      claimUnique(table, resource, values)
      const row = table.insert({ ...blankRow(resource, call.now()), ...parents(resource, call.params), ...values })
      const [key] = resource.key
      return resource.key.length === 1 && key && row[key] === null ? table.update(row.id, { [key]: row.id }) : row
    })
    return answer(resource, route, rows)
  }

/** Changes what the bodies name. @throws {Refusal} 404, 422, 409, 413. */
export const update =
  (resource: Resource, route: Route): Handler =>
  (call) => {
    const table = tableOf(call.state, resource)
    const rows = rowsOf(call, route).map((body) => {
      const { id } = targetOf(call, table, resource, route, body)
      const values = readBody(resource, body)
      claimUnique(table, resource, values, id)
      return table.update(id, { ...values, ...stamps(resource, call.now()) })
    })
    return answer(resource, route, rows)
  }

/** Deletes the rows that the path, the query or the bodies name. @throws {Refusal} 404, 413. */
export const remove =
  (resource: Resource, route: Route): Handler =>
  (call) => {
    const table = tableOf(call.state, resource)
    const rows =
      queriedRows(call, table, route) ??
      (route.body === 'none' ? [{}] : rowsOf(call, route)).map((body) => targetOf(call, table, resource, route, body))
    for (const { id } of rows) table.delete(id)
    return noContent
  }

const rowsOf = ({ body }: Call, { body: form, batch }: Route): readonly Body[] => {
  if (form === 'row') return [objectOf(body)]
  if (form === 'none') return [{}]
  const rows = arrayOf(typeof form === 'object' && 'wrap' in form ? objectOf(body)[form.wrap] : body)
  return rows.length > batch ? refuse(tooManyRows(batch)) : rows
}

/** Fields that the path gives to a new row. */
const parents = ({ fields }: Resource, params: Readonly<Record<string, string>>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(params)
      .filter(([name]) => fields[name])
      .map(([name, text]) => [name, fields[name]?.kind === 'integer' ? Number(text) : text]),
  )

const answer = (resource: Resource, { echo, path }: Route, rows: readonly Row[]): Answer => {
  const bodies = rows.map((row) => bodyOf(resource, row))
  const data = echo === 'row' ? bodies[0] : bodies
  if (echo === 'none') return noContent
  return path.startsWith('/v2/') ? { status: 200, body: data } : ok(data)
}
