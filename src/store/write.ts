import {
  asked,
  type Body,
  type Field,
  pathFields,
  pick,
  type Resource,
  type Route,
  routeName,
  stableJson,
  UnexpectedAnswerError,
  UsageError,
  type Value,
  type Values,
} from '../model/index.ts'
import type { Outcome, Upload, WriteRow } from './types.ts'
import type { Content } from './verdict.ts'

/**
 * Path and body of one write request, and the file that goes along with the one row of a `row` route.
 * @throws {UsageError} when the rows do not fit the route: too many, a field that is not writable, a key that is missing
 */
export const writeRequest = (
  resource: Resource,
  route: Route,
  rows: readonly WriteRow[],
): { readonly path: string; readonly body: unknown; readonly upload?: Upload } => {
  const most = route.body === 'row' || route.body === 'none' ? 1 : route.batch
  const [first] = rows
  if (!first || rows.length > most) throw misuse(route, `${rows.length} rows instead of 1 to ${most}`)
  const path = addressOf(route, first)
  if (rows.some((row) => addressOf(route, row) !== path)) throw misuse(route, 'rows of several paths')
  if (route.body === 'none') return { path, body: undefined }
  const bodies = rows.map((row) => rowBody(resource, route, row))
  const { upload } = first
  if (route.body === 'row') return { path, body: bodies[0], ...(upload ? { upload } : {}) }
  if (route.body === 'rows') return { path, body: bodies }
  return {
    path,
    body: 'wrap' in route.body ? { [route.body.wrap]: bodies } : ofOwners(route, route.body, rows, bodies),
  }
}

/** Each thing that rows belong to once, with all of its rows. */
const ofOwners = (
  route: Route,
  { into, of }: Extract<Route['body'], { readonly into: string }>,
  rows: readonly WriteRow[],
  bodies: readonly Body[],
): readonly Body[] => {
  const owners = new Map<string, { readonly named: Body; readonly inner: Body[] }>()
  rows.forEach((row, index) => {
    const named = Object.fromEntries(Object.entries(of).map(([name, field]) => [name, idOf(route, row, field)]))
    const owner = owners.get(stableJson(named)) ?? { named, inner: [] }
    owner.inner.push(bodies[index] ?? {})
    owners.set(stableJson(named), owner)
  })
  return [...owners.values()].map(({ named, inner }) => ({ ...named, [into]: inner }))
}

const addressOf = (route: Route, row: WriteRow): string =>
  route.path.replace(/(=?)\{(\w+)\}/g, (_, filter: string, name: string) => {
    const value = String(idOf(route, row, name))
    // A filter that means nothing to the store leaves every row in.
    if (filter && !/^[1-9]\d*$/.test(value)) throw misuse(route, `${name} ${JSON.stringify(value)}, which is no id`)
    return filter + encodeURIComponent(value)
  })

/**
 * What tells each row from the others of its request: in a batch, not what they share as parts of the path. Nothing where places in
 * the request are not those of rows.
 */
export const namesOfRows = (route: Route, rows: readonly WriteRow[]): readonly Values[] =>
  typeof route.body === 'object' && 'into' in route.body ? [] : rows.map((row) => namesOfRow(route, row))

const namesOfRow = (route: Route, { id }: WriteRow): Values => {
  if (route.body === 'row' || route.body === 'none') return id
  const shared = pathFields(route.path)
  return Object.fromEntries(Object.entries(id).filter(([name]) => !shared.includes(name)))
}

/**
 * What an answer says that a write was carried out.
 * @throws {UnexpectedAnswerError} when the rows that the route promises cannot be found in it
 */
export const readWritten = (route: Route, rows: number, complaint: string, content: Content): Carried => {
  const { status } = content
  const echo = echoOf(route, content)
  if (status === 207 || status >= 400) {
    return { kind: 'partial', status, echo: echo ?? [], message: complaint || 'a part was not saved' }
  }
  if (echo && echo.length < rows) {
    return { kind: 'partial', status, echo, message: `the answer holds ${echo.length} of ${rows} rows` }
  }
  return { kind: 'yes', status, echo }
}

type Carried = Extract<Outcome, { kind: 'yes' | 'partial' }>

const misuse = (route: Route, what: string): UsageError =>
  new UsageError(`${routeName(route)} was given ${what}`, { where: route.path })

const idOf = (route: Route, { id, set }: WriteRow, name: string): Value => {
  const value = id[name] ?? set[name]
  if (value === undefined || value === null) throw misuse(route, `a row without ${name}`)
  // As a part of a path it would name the whole collection, and a delete would empty it.
  if (/^\.{0,2}$/.test(String(value))) throw misuse(route, `a row whose ${name} is ${JSON.stringify(value)}`)
  return value
}

const rowBody = (resource: Resource, route: Route, row: WriteRow): Body => {
  const body: Record<string, unknown> = {}
  const put = (name: string, value: Value): void => {
    const field = resource.fields[name]
    if (route.whole && value === null && !field?.unset) return
    if (!field) throw misuse(route, `${resource.name}.${name}, which does not exist`)
    place(body, pathOf(name, field), sent(field, value))
  }
  for (const name of namesOf(route, row)) put(name, idOf(route, row, name))
  const told = pathFields(route.path).filter((name) => row.id[name] === undefined)
  for (const [name, value] of Object.entries(row.set)) {
    if (told.includes(name)) continue
    const { readOnly, atCreate } = resource.fields[name] ?? {}
    if (readOnly && !(atCreate && isCreate(resource, route)))
      throw misuse(route, `${resource.name}.${name}, which is read-only`)
    put(name, value)
  }
  for (const [name, value] of Object.entries(row.along ?? {})) put(name, value)
  return { ...body, ...row.nested }
}

const sent = (field: Field, value: Value): unknown => {
  const { sends } = field
  return sends && Array.isArray(value) ? value.map((one) => pick(one as Values, sends)) : asked(field, value)
}

const isCreate = ({ api }: Resource, route: Route): boolean => route === api.create || route === api.createOther

const namesOf = ({ names }: Route, { id }: WriteRow): readonly string[] => {
  if (!('always' in names)) return names
  // No id is 0.
  const isThere = (name: string) => (id[name] ?? 0) !== 0
  return [...names.always, names.oneOf.find(isThere) ?? names.oneOf.join(' or ')]
}

/** A field of an enclosing object is written under its own name: the enclosing object is not part of a request. */
const pathOf = (name: string, { writeAs, at }: Field): string => writeAs ?? (at && !at.startsWith('^') ? at : name)

const place = (body: Record<string, unknown>, path: string, value: unknown): void => {
  const names = path.split('.')
  const last = names.pop() ?? path
  let inner = body
  for (const name of names) {
    const next = (inner[name] ?? {}) as Record<string, unknown>
    inner[name] = next
    inner = next
  }
  inner[last] = value
}

/** Rows in the order of the answer; v3 wraps them in `data`, v2 does not. Null where the route promises none. */
const echoOf = (route: Route, { status, json }: Content): readonly Body[] | null => {
  if (route.echo === 'none') return null
  if (json === undefined || status === 204) return []
  const data = route.path.startsWith('/v2/') ? json : isBody(json) ? json['data'] : undefined
  // A batch that failed in part may answer with its errors alone.
  if (data === undefined && (status === 207 || status >= 400)) return []
  const rows = Array.isArray(data) ? data : [data]
  if (rows.every((row) => isBody(row) && Object.keys(row).length > 0)) return rows
  throw new UnexpectedAnswerError(`${routeName(route)} answered ${status} without the rows that it saved`, {
    where: route.path,
  })
}

const isBody = (value: unknown): value is Body => value !== null && typeof value === 'object' && !Array.isArray(value)
