import { fieldsOf, type Target, targetOf } from '../diff/index.ts'
import type { Mirror } from '../mirror/index.ts'
import {
  type Catalog,
  type FieldRule,
  nameField,
  type Rejection,
  type Resource,
  type Source,
  type SourceItem,
  type SourceRow,
  type SyncSpec,
  type Value,
  type Values,
} from '../model/index.ts'
import { chosenResolver } from './chosen-key.ts'
import { innerAsRows, isInner } from './inner-rows.ts'
import { partsAsRows } from './parts.ts'

/**
 * Reads a source with names of other rows (a brand, a category by its path) replaced by the ids that the mirror knows them under.
 * A row that names what is not there, or what two rows are called, is rejected. Of a sync of names or parts, what its source's rows
 * name or hold; rows with parts are found by keys as they are read, because none of those can name another row.
 * @param known `asOf` is the moment since which the mirror is true. Without `look` nobody looks behind addresses.
 */
export const readResolved = (
  known: Known,
  spec: SyncSpec,
  target: Target,
  source: Source,
): AsyncIterable<readonly SourceItem[]> => {
  const { catalog, mirror } = known
  if (isInner(catalog, spec)) return innerAsRows(source, known, spec)
  if (spec.partOf) return partsAsRows(source, known, spec)
  if (spec.namedBy && target.kind === 'plain') return namesAsRows(source, mirror, target.resource)
  const named = Object.entries(spec.fields).flatMap(([field, rule]) => {
    const facts = fieldsOf(target)[field]
    const resource = facts?.ref === undefined ? undefined : catalog.resources.get(facts.ref)
    return rule.names && resource ? [{ sync: spec.name, field, rule, isList: facts?.kind === 'ids', resource }] : []
  })
  const keys = keyNames(catalog, spec, target)
  const chosen = chosenResolver(catalog, mirror, spec)
  return named.length || keys.length || chosen ? resolved(source, named, keys, mirror, chosen) : source.read()
}

type Known = Parameters<typeof partsAsRows>[1]

/** The parts of the key that name rows of other resources. */
const keyNames = (catalog: Catalog, { key, keyRules = {} }: SyncSpec, target: Target): readonly KeyName[] =>
  Object.entries(keyRules).flatMap(([field, { value, names }]) => {
    const ref = fieldsOf(target)[field]?.ref
    const resource = ref === undefined ? undefined : catalog.resources.get(ref)
    return names && resource ? [{ field, column: value === undefined ? (key[field] ?? '') : '', resource }] : []
  })

/**
 * The syncs that make what the cells of another one name, one for each such field. Each is a sync like any other, by its own name;
 * one run of it makes what hangs on things that are there, so a tree grows by one level a run.
 */
export const namingSyncs = (catalog: Catalog, spec: SyncSpec): readonly SyncSpec[] =>
  Object.entries(spec.fields).flatMap(([field, rule]) => {
    const { names } = rule
    const ref = fieldsOf(targetOf(catalog, spec.resource))[field]?.ref
    const resource = ref === undefined ? undefined : catalog.resources.get(ref)
    if (names?.missing !== 'create' || !resource) return []
    const key = [...(resource.tree ? [resource.tree.parent] : []), 'name']
    const { group: _group, command: _command, parts: _parts, ...rest } = spec
    return {
      ...rest,
      name: `${spec.name}.${resource.name}`,
      resource: resource.name,
      key: Object.fromEntries(key.map((name) => [name, name])),
      fields: {},
      namedBy: rule,
      create: true,
      createDefaults: {},
      remove: 'never' as const,
      insert: false,
      guards: {},
      filter: { equals: {} },
    }
  })

/** The distinct names in the cells whose row above is there already, each once, with those that lead to it. */
async function* namesAsRows(source: Source, mirror: Mirror, resource: Resource): AsyncGenerator<readonly SourceItem[]> {
  const ids = idsByPath(mirror, resource)
  const met = new Set<string>()
  for await (const items of source.read()) {
    const rows: SourceItem[] = []
    for (const item of items) {
      const paths = 'row' in item ? item.row.values['name'] : undefined
      if (!('row' in item) || !isPaths(paths)) continue
      for (const path of paths) {
        for (let depth = 1; depth <= path.length; depth += 1) {
          const here = path.slice(0, depth)
          const text = textOf(here)
          const above = depth === 1 ? 0 : ids.get(textOf(here.slice(0, -1)))
          if (met.has(text) || ids.get(text) === null || above === undefined || above === null) continue
          met.add(text)
          const name = here.at(-1) ?? ''
          const parent = resource.tree ? { [resource.tree.parent]: above } : {}
          const top = resource.tree && depth === 1 ? resource.tree.top : {}
          rows.push({
            row: { line: item.row.line, key: { ...parent, name }, values: {}, initial: { ...top, ...parent } },
          })
        }
      }
    }
    yield rows
  }
}

/** Resources whose names a sync's cells may hold. */
export const namedResources = (target: Target, spec: SyncSpec): readonly string[] =>
  [...Object.entries(spec.fields), ...Object.entries(spec.keyRules ?? {})].flatMap(([field, { names }]) =>
    names ? (fieldsOf(target)[field]?.ref ?? []) : [],
  )

interface Named {
  readonly sync: string
  readonly field: string
  readonly rule: FieldRule
  /** The field holds several ids. */
  readonly isList: boolean
  readonly resource: Resource
}

interface KeyName {
  readonly field: string
  readonly column: string
  readonly resource: Resource
}

async function* resolved(
  source: Source,
  named: readonly Named[],
  keys: readonly KeyName[],
  mirror: Mirror,
  chosen: ((item: SourceItem) => SourceItem) | undefined,
): AsyncGenerator<readonly SourceItem[]> {
  const books = named.map((one) => ({ ...one, ids: idsByPath(mirror, one.resource) }))
  const keyBooks = keys.map((one) => ({ ...one, ids: idsByPath(mirror, one.resource) }))
  for await (const items of source.read()) {
    yield items.map((item) => {
      const { lines } = item
      const told = books.reduce<SourceItem>(
        resolveField,
        keyBooks.reduce<SourceItem>(resolveKey, chosen?.(item) ?? item),
      )
      return lines ? { ...told, lines } : told
    })
  }
}

/** A rejected row keeps a key that can be compared; one whose key names nothing has none. */
const resolveKey = (item: SourceItem, { field, column, resource, ids }: KeyName & { ids: Ids }): SourceItem => {
  const key = 'row' in item ? item.row.key : item.rejection.key
  const path = key?.[field]
  if (!key || !isPaths(path)) return item
  const name = path[0] ?? []
  const id = ids.get(textOf(name))
  if (typeof id === 'number') {
    const known = { ...key, [field]: id }
    return 'row' in item ? { row: { ...item.row, key: known } } : { rejection: { ...item.rejection, key: known } }
  }
  const { key: _key, ...rejection } = 'row' in item ? { row: item.row.line, key } : item.rejection
  const reason = id === null ? `the name of several ${resource.name}` : `no name among the ${resource.name}`
  if (!('row' in item)) return { rejection: rejection as Rejection }
  return { rejection: { ...rejection, column, value: name.join(), reason: `${reason} of the store` } }
}

const resolveField = (
  item: SourceItem,
  { sync, field, rule, isList, resource, ids }: Named & { ids: Ids },
): SourceItem => {
  if (!('row' in item)) return item
  const paths = item.row.values[field]
  if (!isPaths(paths)) return item
  const missing = rule.names?.missing === 'create' ? `; \`skiff sync ${sync}.${resource.name}\` makes it` : ''
  const found: number[] = []
  for (const path of paths) {
    const known = ids.get(textOf(path))
    if (known === undefined)
      return unknown(item.row, rule, path, `no name among the ${resource.name} of the store${missing}`)
    if (known === null) return unknown(item.row, rule, path, `the name of several ${resource.name} of the store`)
    found.push(known)
  }
  const value: Value = isList ? [...new Set(found)].sort((a, b) => a - b) : (found[0] ?? null)
  return { row: { ...item.row, values: { ...item.row.values, [field]: value } } }
}

const isPaths = (value: Value | undefined): value is readonly (readonly string[])[] =>
  Array.isArray(value) && value.every(Array.isArray)

const unknown = ({ line, key }: SourceRow, rule: FieldRule, path: readonly string[], reason: string): SourceItem => {
  const rejection: Rejection = {
    row: line,
    column: rule.from ?? '',
    value: path.join(rule.names?.path ?? ''),
    reason,
    key,
  }
  return { rejection }
}

/** Ids by name, the names of all parents before it; null where two rows go by the same. */
type Ids = ReadonlyMap<string, number | null>

const idsByPath = (mirror: Mirror, resource: Resource): Ids => {
  const id = resource.key[0] ?? 'id'
  const parent = resource.tree?.parent
  const rows = new Map<Value, Values>()
  const name = nameField(resource)
  for (const { values } of mirror.lookup(resource, [name]).all()) rows.set(values[id] ?? null, values)
  const pathOf = (row: Values, below: readonly string[] = []): readonly string[] => {
    const path = [String(row[name]), ...below]
    const above = parent === undefined || below.length > DEEPEST ? undefined : rows.get(row[parent] ?? null)
    return above ? pathOf(above, path) : path
  }
  const ids = new Map<string, number | null>()
  for (const row of rows.values()) {
    const text = textOf(pathOf(row))
    ids.set(text, ids.has(text) ? null : Number(row[id]))
  }
  return ids
}

/** A tree that goes round in a circle ends here. */
const DEEPEST = 50

const textOf = (path: readonly string[]): string => path.map((name) => name.normalize('NFC').toLowerCase()).join('\n')
