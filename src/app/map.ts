import { resourcesOf, targetOf } from '../diff/index.ts'
import type { Mirror } from '../mirror/index.ts'
import { type Catalog, type NumberFormat, UsageError, type Values } from '../model/index.ts'
import { type ColumnProposal, proposeMapping, sampleOf } from '../sources/index.ts'
import { sourceNamed, withLook } from './look.ts'
import { targetFields } from './settings/index.ts'
import type { Workspace } from './workspace.ts'

export interface MappingProposal {
  readonly source: string
  readonly store: string
  readonly resource: string
  /** Of the sync; no other has it. */
  readonly sync: string
  readonly columns: readonly ColumnProposal[]
  /** What could not be looked at, and why. */
  readonly notes: readonly string[]
}

/** A sync as the configuration has it. */
export interface SyncSection {
  readonly store: string
  readonly resource: string
  readonly source: string
  readonly key: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, string | { readonly from: string; readonly format: NumberFormat }>>
}

/**
 * Proposes a mapping for a source of any kind, from the names of its columns and its first rows.
 * @param resource What the rows of the file are; things that can be bought when null.
 */
export const proposeFor = async (
  workspace: Workspace,
  name: string,
  store: string,
  resource: string | null,
): Promise<MappingProposal> => {
  const { settings, context } = workspace
  const { catalog } = context
  const source = sourceNamed(workspace, name)
  const what = resource ?? [...catalog.derived.keys()][0] ?? ''
  const target = targetOf(catalog, what)
  const { columns, rows } = await withLook(workspace, source, ({ open }) => sampleOf(open(), SAMPLE))
  const taken = new Map(
    settings.syncs
      .filter((sync) => sync.store === store && sync.resource === what)
      .flatMap((sync) => Object.keys(sync.fields).map((field) => [field, sync.name] as const)),
  )
  const notes = [...new Set(taken.values())].map(
    (sync) =>
      `sync ${sync} writes ${[...taken].flatMap(([field, by]) => (by === sync ? [field] : [])).join(', ')} already`,
  )
  const facts = { fields: writable(catalog, what, taken), keys: keysOf(catalog, what) }
  const propose = (mirror: Mirror | null) =>
    proposeMapping(columns, rows, { ...facts, known: mirror && knownIn(mirror, target) })
  const isPulled = (mirror: Mirror) => resourcesOf(target).every(({ name: one }) => mirror.freshness(one)?.complete)
  let proposed: readonly ColumnProposal[] | undefined
  if (workspace.hasMirror(store))
    proposed = await workspace.withMirror(store, (mirror) => (isPulled(mirror) ? propose(mirror) : undefined))
  if (!proposed)
    notes.push(`store ${store} has no complete mirror, so no value was compared; \`skiff pull ${store}\` makes one`)
  const names = settings.syncs.map((sync) => sync.name)
  return { source: name, store, resource: what, sync: freeName(name, names), columns: proposed ?? propose(null), notes }
}

/** Rows that are looked at. */
const SAMPLE = 1000

const writable = (catalog: Catalog, resource: string, taken: ReadonlyMap<string, string>) =>
  Object.fromEntries(
    [...targetFields(catalog, resource)].flatMap(([name, { field, readOnly }]) =>
      readOnly || taken.has(name) || field.ref !== undefined ? [] : [[name, field]],
    ),
  )

const keysOf = (catalog: Catalog, resource: string) => {
  const match = (catalog.derived.get(resource) ?? catalog.resources.get(resource))?.match ?? []
  const fields = targetFields(catalog, resource)
  const order = [...match].sort((a, b) => Number(b === 'sku') - Number(a === 'sku'))
  return Object.fromEntries(
    order.flatMap((name) => {
      const field = fields.get(name)?.field
      return field ? [[name, field]] : []
    }),
  )
}

const knownIn = (mirror: Mirror, target: ReturnType<typeof targetOf>) => {
  const what = target.kind === 'plain' ? target.resource : target.derived
  const lookups = new Map<string, ReturnType<Mirror['lookup']>>()
  return (field: string, text: string): Values | undefined => {
    const lookup = lookups.get(field) ?? mirror.lookup(what, [field])
    lookups.set(field, lookup)
    const [row, more] = lookup.find({ [field]: text })
    return more ? undefined : row?.values
  }
}

const freeName = (wanted: string, taken: readonly string[]): string => {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`
    if (!taken.includes(name)) return name
  }
}

/**
 * The sync that some of the proposed columns make.
 * @throws {UsageError} when no key is among them, or nothing besides.
 */
export const sectionOf = (
  { store, resource, source }: MappingProposal,
  chosen: readonly ColumnProposal[],
): SyncSection => {
  const key = chosen.find(({ isKey }) => isKey)
  const fields = chosen.filter(({ isKey }) => !isKey)
  if (!key?.field || fields.length === 0) {
    throw new UsageError(`no column of ${source} is for certain ${key ? 'a field' : 'the key'}`, {
      hint: 'write the sync by hand, or run `skiff map` at a terminal and choose',
    })
  }
  return {
    ...{ store, resource, source },
    key: { [key.field]: key.column },
    fields: Object.fromEntries(
      fields.flatMap(({ field, column, format }) =>
        field === null ? [] : [[field, format ? { from: column, format } : column]],
      ),
    ),
  }
}
