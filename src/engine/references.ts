import { fieldsOf, type Target } from '../diff/index.ts'
import type { Mirror } from '../mirror/index.ts'
import type {
  Catalog,
  FieldRule,
  Rejection,
  Resource,
  Source,
  SourceItem,
  SourceRow,
  SyncSpec,
  Value,
  Values,
} from '../model/index.ts'

/**
 * Reads a source with names of other rows (a brand, a category by its path) replaced by the ids that the mirror knows them under.
 * A row that names what is not there, or what two rows are called, is rejected.
 */
export const readResolved = (
  { catalog, mirror }: { readonly catalog: Catalog; readonly mirror: Mirror },
  spec: SyncSpec,
  target: Target,
  source: Source,
): AsyncIterable<readonly SourceItem[]> => {
  const named = Object.entries(spec.fields).flatMap(([field, rule]) => {
    const facts = fieldsOf(target)[field]
    const resource = facts?.ref === undefined ? undefined : catalog.resources.get(facts.ref)
    return rule.names && resource ? [{ field, rule, isList: facts?.kind === 'ids', resource }] : []
  })
  return named.length ? resolved(source, named, mirror) : source.read()
}

/** Resources whose names a sync's cells may hold. */
export const namedResources = (target: Target, spec: SyncSpec): readonly string[] =>
  Object.entries(spec.fields).flatMap(([field, { names }]) => (names ? (fieldsOf(target)[field]?.ref ?? []) : []))

interface Named {
  readonly field: string
  readonly rule: FieldRule
  /** The field holds several ids. */
  readonly isList: boolean
  readonly resource: Resource
}

async function* resolved(
  source: Source,
  named: readonly Named[],
  mirror: Mirror,
): AsyncGenerator<readonly SourceItem[]> {
  const books = named.map((one) => ({ ...one, ids: idsByPath(mirror, one.resource) }))
  for await (const items of source.read()) {
    yield items.map((item) => ('row' in item ? books.reduce<SourceItem>(resolveField, item) : item))
  }
}

const resolveField = (item: SourceItem, { field, rule, isList, resource, ids }: Named & { ids: Ids }): SourceItem => {
  if (!('row' in item)) return item
  const paths = item.row.values[field]
  if (!isPaths(paths)) return item
  const found: number[] = []
  for (const path of paths) {
    const known = ids.get(textOf(path))
    if (known === undefined) return unknown(item.row, rule, path, `no name among the ${resource.name} of the store`)
    if (known === null) return unknown(item.row, rule, path, `the name of several ${resource.name} of the store`)
    found.push(known)
  }
  const value: Value = isList ? [...new Set(found)].sort((a, b) => a - b) : (found[0] ?? null)
  return { row: { ...item.row, values: { ...item.row.values, [field]: value } } }
}

const isPaths = (value: Value | undefined): value is readonly (readonly string[])[] =>
  Array.isArray(value) && value.every(Array.isArray)

const unknown = ({ line, key }: SourceRow, rule: FieldRule, path: readonly string[], reason: string): SourceItem => {
  const rejection: Rejection = { row: line, column: rule.from, value: path.join(rule.names?.path ?? ''), reason, key }
  return { rejection }
}

/** Ids by name, the names of all parents before it; null where two rows go by the same. */
type Ids = ReadonlyMap<string, number | null>

const idsByPath = (mirror: Mirror, resource: Resource): Ids => {
  const id = resource.key[0] ?? 'id'
  const [parent] = Object.entries(resource.fields).find(([, { ref }]) => ref === resource.name) ?? []
  const rows = new Map<Value, Values>()
  for (const { values } of mirror.lookup(resource, ['name']).all()) rows.set(values[id] ?? null, values)
  const pathOf = (row: Values, below: readonly string[] = []): readonly string[] => {
    const path = [String(row['name']), ...below]
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
