import type { Mirror } from '../../mirror/index.ts'
import { type Catalog, pick, type Resource, type Value, type Values } from '../../model/index.ts'
import { type MadeRow, ownerOf, type RowId, rowId } from './made-rows.ts'

/** A row of the new store that would lose what it refers to. */
export interface Leaner {
  /** The made row, or the one that it belongs to. */
  readonly root: RowId
  /** Rows of which one that goes too takes this one along. */
  readonly with: readonly RowId[]
  /** For people: what it is. */
  readonly text: string
}

/** Every row of the new store's mirror that refers to what a migration made, or that somebody added to it. */
export const leanersOn = (mirror: Mirror, catalog: Catalog, made: readonly MadeRow[]): readonly Leaner[] => {
  const roots = new Map(made.map(({ id, root }) => [id, root]))
  const named = new Set(made.map(({ resource }) => resource.name))
  return [...catalog.resources.values()].flatMap((resource) => {
    const refs = Object.entries(resource.fields).filter(([, { ref }]) => ref !== undefined && named.has(ref))
    if (!refs.length || mirror.freshness(resource.name) === null) return []
    const found: Leaner[] = []
    for (const { values } of mirror.lookup(resource, resource.key).all()) {
      const one = { resource, id: rowId(resource.name, pick(values, resource.key)), owner: ownerOf(resource, values) }
      const targets = new Set(refs.flatMap(([field, { ref = '' }]) => targetsOf(roots, ref, values[field] ?? null)))
      for (const root of targets) found.push(...leanerOf(catalog, roots, one, root))
    }
    return found
  })
}

/** Resources whose rows may refer to what a migration made, and that the mirror does not hold. */
export const unseenBy = (mirror: Mirror, catalog: Catalog, made: readonly MadeRow[]): readonly string[] => {
  const named = new Set(made.map(({ resource }) => resource.name))
  return [...catalog.resources.values()]
    .filter((resource) => {
      const refers = Object.values(resource.fields).some(({ ref }) => ref !== undefined && named.has(ref))
      return refers && !isByItself(catalog, resource) && mirror.freshness(resource.name) === null
    })
    .map(({ name }) => name)
}

const targetsOf = (roots: ReadonlyMap<RowId, RowId>, ref: string, value: Value): readonly RowId[] =>
  (Array.isArray(value) ? value : [value]).flatMap((key: Value) => roots.get(rowId(ref, { key })) ?? [])

const leanerOf = (
  catalog: Catalog,
  roots: ReadonlyMap<RowId, RowId>,
  { resource, id, owner }: { readonly resource: Resource; readonly id: RowId; readonly owner: RowId | undefined },
  root: RowId,
): readonly Leaner[] => {
  const key = id.slice(resource.name.length + 1).replaceAll('\t', ' ')
  if (roots.get(id) === root) return []
  const belongs = owner !== undefined && roots.get(owner) === root
  if (belongs)
    return isByItself(catalog, resource)
      ? []
      : [{ root, with: [], text: `somebody added ${resource.name} ${key} to it` }]
  const others = [roots.get(id), owner && roots.get(owner)].filter((one) => one !== undefined)
  return [{ root, with: others, text: `${resource.name} ${key} refers to it` }]
}

/** Rows that the store makes along with what they belong to: views, pairs, and what inner rows choose from. */
const isByItself = ({ resources }: Catalog, { name, api, key, fields }: Resource): boolean =>
  !api.create ||
  key.every((one) => fields[one]?.ref) ||
  [...resources.values()].some((one) => one.api.create?.nest?.some(({ values }) => values?.resource === name))

/** What is told of a row's fields is its own; the rest of the made rows that go with it are looked at by themselves. */
export type Touched = (row: MadeRow) => string | undefined

/** Roots that stay, and why: somebody touched one of their rows, or leans on one while it stays itself. */
export const staying = (
  made: readonly MadeRow[],
  leaners: readonly Leaner[],
  touched: Touched,
): ReadonlyMap<RowId, string> => {
  const stays = new Map<RowId, string>()
  // That somebody uses a row says more than what it did to the row.
  for (const { root, with: others, text } of leaners) if (!others.length && !stays.has(root)) stays.set(root, text)
  for (const row of made) {
    const reason = stays.has(row.root) ? undefined : touched(row)
    if (reason !== undefined) stays.set(row.root, row.id === row.root ? reason : `${row.resource.name}: ${reason}`)
  }
  for (let before = -1; before < stays.size; ) {
    before = stays.size
    for (const { root, with: others, text } of leaners) {
      if (stays.has(root) || others.some((one) => !stays.has(one))) continue
      stays.set(root, text)
    }
  }
  return stays
}

/** Rows of a tree, those without others below them first. */
export const deepestFirst = (tree: Resource['tree'], rows: readonly MadeRow[]): readonly (readonly MadeRow[])[] => {
  if (!tree) return rows.length ? [rows] : []
  const byKey = new Map(rows.map((row) => [String(Object.values(row.to)[0]), row]))
  const depth = (values: Values): number => {
    const above = byKey.get(String(values[tree.parent]))
    return above ? depth(above.values) + 1 : 0
  }
  const levels: MadeRow[][] = []
  for (const row of rows) {
    const at = depth(row.values)
    levels[at] = [...(levels[at] ?? []), row]
  }
  return levels.reverse()
}
