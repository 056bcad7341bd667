import { type Body, type Catalog, type Enclosing, lookUp, type Resource, stableJson } from '../model/index.ts'
import type { Cell, Column } from './column.ts'
import type { Table } from './table.ts'

/**
 * Compiles what turns an API body of a resource into the cells of its row: every column, then `extra`. It is `readRow` of
 * the model for rows by the million.
 * The function throws {TypeError} as `readRow` does.
 */
export const compileReader = (
  table: Table,
  catalog: Catalog,
): ((body: Body, enclosing: Enclosing | undefined) => Cell[]) => {
  const steps = table.columns.map(stepOf)
  const modelled = modelledOf(table.resource, catalog)
  return (body, enclosing) => {
    const cells: Cell[] = new Array(steps.length + 1)
    let at = 0
    try {
      for (; at < steps.length; at += 1) {
        const { name, path, read } = steps[at] as Step
        cells[at] = read(path === null ? body[name] : lookUp(body, path, enclosing))
      }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new TypeError(`${table.name}.${table.columns[at]?.name} is ${reason}`, { cause })
    }
    const extra = leftOver(body, modelled)
    cells[at] = extra === null ? null : stableJson(extra)
    return cells
  }
}

/** The cells of a body's key, at their places; undefined when the key itself cannot be read. */
export const keyOnly = (table: Table, body: Body, enclosing: Enclosing | undefined): Cell[] | undefined => {
  const cells: Cell[] = []
  for (const at of table.key) {
    const column = table.columns[at]
    if (!column) return undefined
    try {
      cells[at] = column.read(lookUp(body, column.field.at ?? column.name, enclosing))
    } catch (cause) {
      if (cause instanceof TypeError) return undefined
      throw cause
    }
    if (cells[at] === null) return undefined
  }
  return cells
}

interface Step {
  readonly name: string
  /** Null where the value lies under `name` in the body itself. */
  readonly path: string | null
  readonly read: Column['read']
}

const stepOf = ({ name, field, read }: Column): Step => {
  const path = field.at ?? name
  const plain = !/[.^]/.test(path)
  return { name: plain ? path : name, path: plain ? null : path, read }
}

/** Names that a body's fields and the rows riding inside it take up; a map where only parts of an object are. */
type Modelled = Map<string, Modelled | true>

const modelledOf = (resource: Resource, catalog: Catalog): Modelled => {
  const modelled: Modelled = new Map()
  for (const [name, { at }] of Object.entries(resource.fields)) mark(modelled, at ?? name)
  for (const { api } of catalog.resources.values()) {
    const path = api.within && pathInside(resource, api.within)
    if (path) mark(modelled, path)
  }
  return modelled
}

/** Where another resource's rows lie in a body of this one: as its parent, or as what encloses them inside that parent. */
const pathInside = (
  { name, api }: Resource,
  { parent, at }: { readonly parent: string; readonly at: string },
): string | undefined => {
  if (parent === name) return firstList(at)
  const own = api.within
  return own?.parent === parent && at.startsWith(`${own.at}.`) ? firstList(at.slice(own.at.length + 1)) : undefined
}

const firstList = (at: string): string => at.split('[]')[0] ?? at

const mark = (modelled: Modelled, path: string): void => {
  if (path.startsWith('^')) return
  const [name = '', ...rest] = path.split('.')
  const known = modelled.get(name)
  if (known === true) return
  if (rest.length === 0) {
    modelled.set(name, true)
    return
  }
  const inner = known ?? new Map()
  modelled.set(name, inner)
  mark(inner, rest.join('.'))
}

const leftOver = (body: Body, modelled: Modelled): Body | null => {
  let left: Record<string, unknown> | null = null
  for (const name in body) {
    const known = modelled.get(name)
    if (known === true) continue
    const value = body[name]
    const kept = known && isObject(value) ? leftOver(value, known) : value
    if (known && kept === null) continue
    left ??= {}
    left[name] = kept
  }
  return left
}

const isObject = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)
