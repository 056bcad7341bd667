import type { Lookup, Mirror } from '../mirror/index.ts'
import {
  type Catalog,
  isSentPart,
  type Nested,
  type Part,
  type PartFacts,
  type Rejection,
  type Resource,
  type SentPart,
  type Source,
  type SourceItem,
  type SourceRow,
  type SyncSpec,
  sentPart,
  UsageError,
  type Value,
  type Values,
} from '../model/index.ts'
import { passesFilter } from './filter.ts'
import type { looksBehind } from './look-behind.ts'
import { isYoungSent, sentAsRows } from './sent.ts'

/**
 * The syncs that keep the parts which the rows of another one speak of, one for each child resource. Each is a sync like any other,
 * by its own name: its rows are parts, found in the store under the row that they belong to, and what the source does not speak of
 * is never touched.
 */
export const partSyncs = (catalog: Catalog, spec: SyncSpec): readonly SyncSpec[] => {
  if (spec.partOf) return []
  const { images, parts = {}, ...rest } = spec
  const columns = Object.entries(parts).map(([name, those]) => {
    const fields = new Set(those.flatMap(({ field, fixed }) => [...Object.keys(fixed), field]))
    return partSync(catalog, { ...rest, parts: { [name]: those } }, name, [...fields])
  })
  const child = images && sentPart(catalog, spec.resource)
  if (!child) return columns
  const { from, place, first, alt } = child.sent
  const fields = [from, place, ...(images.thumbnail ? [first] : []), ...(images.alt ? [alt] : [])]
  const made = partSync(catalog, { ...rest, images }, child.name, fields)
  const moot = { moot: 'its rows are told by what the store holds, which says nothing of the source' }
  return [...columns, { ...made, guards: { ...made.guards, maxSourceDrop: moot, columnShape: moot } }]
}

const partSync = (catalog: Catalog, spec: SyncSpec, name: string, fields: readonly string[]): SyncSpec => {
  const { link, key, initial } = factsOf(catalog, name)
  const { sentinels: _ofParents, ...guards } = spec.guards
  return {
    ...spec,
    name: `${spec.name}.${name}`,
    resource: name,
    key: {
      [link]: Object.values(spec.key).join(', '),
      ...Object.fromEntries(key.map((field) => [field, field])),
    },
    fields: Object.fromEntries(fields.map((field) => [field, OF_SOURCE])),
    partOf: spec,
    create: true,
    createDefaults: initial,
    remove: 'never' as const,
    guards,
    filter: { equals: {} },
  }
}

/** What a cell means is settled when it is read. */
const OF_SOURCE = { owner: 'source', conflict: 'ask', blank: 'keep', writeBack: false, trim: true } as const

/**
 * The parts in the rows of a source, as rows of their own. Those of a row that the store does not have are passed over, because they
 * come with it; those of one whose parts were written a moment ago are named and left alone, because the mirror cannot know them yet.
 * @param known `asOf` is the moment since which the mirror is true; `look` looks behind addresses where the sync asks for that.
 */
export async function* partsAsRows(
  source: Source,
  { catalog, mirror, asOf, look }: KnownOfParts,
  spec: SyncSpec,
): AsyncGenerator<readonly SourceItem[]> {
  const { partOf, resource } = spec
  const child = catalog.resources.get(resource)
  const parent = catalog.resources.get(partOf?.resource ?? '')
  if (!parent || !partOf) return
  const { link } = factsOf(catalog, resource)
  const isInside = catalog.resources.get(resource)?.api.within !== undefined
  const id = parent.key[0] ?? 'id'
  const lookup = mirror.lookup(parent, Object.keys(partOf.key))
  const young = isInside ? youngParents(mirror, parent, asOf) : NONE
  const rowsOf = (item: SourceItem): readonly SourceItem[] | SentOf => {
    if ('rejection' in item) return [{ rejection: keyless(item.rejection) }]
    const { row } = item
    const parts = row.parts?.[resource] ?? []
    if (!parts.length || (row.command !== undefined && row.command !== 'update')) return []
    const found = parentOf(row, lookup)
    if ('rejection' in found) return [found]
    if (!found.values || !passesFilter(partOf.filter, found.values)) return []
    const key = found.values[id] ?? null
    const isSent = child !== undefined && isSentPart(child)
    const isYoung = young.has(String(key)) && (!isSent || isYoungSent(mirror, child, key, asOf))
    if (isSent && !isYoung) return { child, row, key, parts }
    return parts.map((part) => ({ row: rowOf(row, { [link]: key }, part, isYoung) }))
  }
  const looked = async (one: readonly SourceItem[] | SentOf): Promise<readonly SourceItem[]> => {
    if (!('child' in one)) return one
    const { row, key, parts } = one
    const seen = look && spec.images?.check === 'content' ? await look(one.child, parts) : parts
    return sentAsRows(mirror, one.child, spec, row, key, seen)
  }
  for await (const items of source.read()) yield (await Promise.all(items.map(rowsOf).map(looked))).flat()
}

/** What is known as the parts of rows are read. */
interface KnownOfParts {
  readonly catalog: Catalog
  readonly mirror: Mirror
  readonly asOf: string
  readonly look?: ReturnType<typeof looksBehind>
}

/** Parts that are sent, of a row whose parent is in the store. */
interface SentOf {
  readonly child: SentPart
  readonly row: SourceRow
  readonly key: Value
  readonly parts: readonly Part[]
}

/**
 * What a create brings along: the rows of its source row that are part of it, of resources that its request can carry. Parts beyond
 * those that it bears are left to the sync of the parts, and so are parts that are sent: it remembers what each was made from.
 */
export const partsInside = (catalog: Catalog, { api }: Resource, { nested = {}, parts = {} }: SourceRow): Nested =>
  Object.fromEntries(
    (api.create?.nest ?? []).flatMap(({ resource, most }) => {
      const child = catalog.resources.get(resource)
      const inside = child && isSentPart(child) ? [] : (parts[resource] ?? [])
      const made = inside.flatMap(({ key, values }) => (values ? [{ ...key, ...values }] : []))
      const rows = [...(nested[resource] ?? []), ...made.slice(0, most)]
      return rows.length ? [[resource, rows] as const] : []
    }),
  )

/** That a row's parts were written stands as a value of its key until a reading late enough; no sync writes that. */
export const youngField = ({ key }: Resource): string => key[0] ?? 'id'

const NONE: ReadonlySet<string> = new Set()

/** Keys of the parents whose parts were written so lately that the mirror cannot know them yet. */
export const youngParents = (mirror: Mirror, parent: Resource, asOf: string): ReadonlySet<string> =>
  new Set(
    mirror
      .unsettled(asOf)
      .filter(({ resource, field }) => resource === parent.name && field === youngField(parent))
      .map(({ key }) => key),
  )

const rowOf = ({ line, key: of }: SourceRow, link: Values, { key, values, column }: Part, isYoung: boolean) => {
  const about = { line, key: { ...link, ...key }, of, column }
  if (isYoung) return { ...about, values: {}, command: 'skip' as const }
  return values ? { ...about, values } : { ...about, values: {}, command: 'delete' as const }
}

const parentOf = (
  { line, key }: SourceRow,
  lookup: Lookup,
): { readonly values: Values | undefined } | { readonly rejection: Rejection } => {
  const [first, ...others] = lookup.find(key)
  if (!others.length) return { values: first?.values }
  const reason = `the store has ${others.length + 1} rows with this key`
  return { rejection: { row: line, column: '', value: Object.values(key).join(', '), reason } }
}

/** The key of a row that takes no part names a parent, and no part. */
const keyless = ({ key: _ofParent, ...rejection }: Rejection): Rejection => rejection

const factsOf = ({ resources }: Catalog, name: string): PartFacts => {
  const part = resources.get(name)?.part
  if (!part) throw new UsageError(`rows of ${name} are no parts of others`)
  return part
}
