import type { Body, Resource, Route } from '../../model/index.ts'
import { notFound, refuse } from '../answers.ts'
import type { Row, Table } from '../table.ts'
import type { Call } from '../types.ts'

/** A definition's path as an endpoint's: `/v3/things/{id}` is `/v3/things/:id`; a query is read apart. */
export const pathOf = (path: string): string => (path.split('?')[0] ?? '').replaceAll(/\{(\w+)\}/g, ':$1')

/** The row that a request names by its path and its body. @throws {Refusal} 404. */
export const targetOf = (call: Call, table: Table, { key }: Resource, route: Route, body: Body): Row => {
  const names = { ...call.params, ...named(route, body) }
  const [id] = key
  const only = Object.keys(names).length === 1 && id !== undefined && names[id] !== undefined
  const direct = only ? table.get(Number(names[id])) : undefined
  const fits = (row: Row) => Object.entries(names).every(([name, value]) => String(row[name]) === String(value))
  const found = direct && fits(direct) ? direct : table.list().find(fits)
  return found ?? refuse(notFound(`Nothing with ${Object.values(names).join(', ')} was found.`))
}

/** Rows that the query of a delete names, where the route's path has one: `/v3/things?id:in={id}`. */
export const queriedRows = (call: Call, table: Table, route: Route): readonly Row[] | undefined => {
  const [, param, field] = /\?(.+)=\{(\w+)\}$/.exec(route.path) ?? []
  if (!param || !field) return undefined
  const wanted = new Set((call.query.get(param) ?? '').split(','))
  return table.list().filter((row) => wanted.has(String(row[field])))
}

const named = ({ names }: Route, body: Body): Record<string, unknown> => {
  const fields =
    'always' in names ? [...names.always, ...names.oneOf.filter((name) => body[name] !== undefined).slice(0, 1)] : names
  return Object.fromEntries(fields.map((name) => [name, body[name]]))
}
