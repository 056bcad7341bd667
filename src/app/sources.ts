import { fieldsOf, targetOf } from '../diff/index.ts'
import { type Catalog, chosenNest, type Source, type SyncSpec, sentPart } from '../model/index.ts'
import {
  compileMapping,
  fileSource,
  type LookupTable,
  localFile,
  type Mapping,
  type MappingSpec,
  OF_STORE,
  openDatabaseSource,
  pictureFiles,
  type SharedReading,
  sharedReading,
  withPictureFiles,
} from '../sources/index.ts'
import { copyName, formatOf, locationOf, type Surroundings } from './files.ts'
import { isDatabase, reveal, type SourceSettings, type TableSettings } from './settings/index.ts'
import { lookupTable } from './tables.ts'

/** `copy` is the folder where a copy of a file lies instead of the file itself; a database then takes back what is written. */
type Place = Surroundings & { readonly copy?: string | undefined }

/** What there is to know for opening the source of a sync. */
export interface SourceParts {
  readonly settings: SourceSettings
  readonly catalog: Catalog
  readonly place: Place
  /** Those that its expressions may look values up in. */
  readonly tables: readonly TableSettings[]
  /** What its store measures in. */
  readonly ofStore: LookupTable
}

/**
 * The outside side of a sync, as its settings describe it.
 * @param shared A reading of the same source that it shares with other syncs.
 */
export const openSource = (spec: SyncSpec, parts: SourceParts, shared?: SharedReading): Source => {
  const { settings, catalog, place } = parts
  const source = openMapped(settings, compiled(spec, parts), place, shared)
  const { images } = spec.partOf ? imagesOf(spec, catalog) : {}
  const looked = images ? withPictureFiles(source, images, pictureFiles(place.dir)) : source
  const { write } = looked
  if (!shared || !write) return looked
  return {
    ...looked,
    write: async (edits, expected) => {
      await shared.forget()
      return write(edits, expected)
    },
  }
}

/** A reading for a sync and those that derive from it, whose columns are among its own. To be forgotten at the end. */
export const shareReading = (spec: SyncSpec, parts: SourceParts): SharedReading => sharedReading(compiled(spec, parts))

const compiled = (spec: SyncSpec, { catalog, place, tables, ofStore }: SourceParts): Mapping =>
  compileMapping({
    ...mappingOf(spec, catalog),
    tables: Object.fromEntries([
      [OF_STORE, ofStore],
      ...tables.map((table) => [
        table.name,
        lookupTable(table, (columns) => openMapped(table.source, columns, { ...place, copy: undefined })),
      ]),
    ]),
  })

const openMapped = (settings: SourceSettings, mapping: Mapping, place: Place, shared?: SharedReading): Source => {
  const { clock, signal, copy } = place
  const sharing = shared ? { shared } : {}
  if (isDatabase(settings)) {
    const { database, write, ...rest } = settings
    const there = 'url' in database ? { ...database, url: reveal(database.url) } : database
    return openDatabaseSource({
      ...rest,
      ...sharing,
      database: there,
      mapping,
      writable: write,
      rehearsed: copy !== undefined,
      signal,
    })
  }
  const { name, write, settleSeconds: seconds } = settings
  return fileSource({
    ...sharing,
    name,
    mapping,
    writable: write,
    location: copy === undefined ? locationOf(settings, place) : localFile(copyName(settings), copy),
    format: formatOf(settings),
    ...(seconds > 0 ? { patience: { seconds, clock, signal } } : {}),
  })
}

/** How the rows of a sync's source are read. */
export const mappingOf = (spec: SyncSpec, catalog: Catalog): MappingSpec => {
  const { namedBy } = spec
  if (namedBy) {
    const { from = '', trim, names, map } = namedBy
    const rule = { from, trim, owner: 'source', conflict: 'ask', blank: 'keep', writeBack: false } as const
    const name = { ...rule, ...(names ? { names } : {}), ...(map ? { map } : {}) }
    return { key: {}, fields: { name }, targetFields: { name: { kind: 'ids' } } }
  }
  const { resource, key, keyRules } = spec.partOf ?? spec
  return {
    key,
    ...(keyRules ? { keyRules } : {}),
    fields: spec.partOf ? {} : spec.fields,
    targetFields: fieldsOf(targetOf(catalog, resource)),
    ...(spec.command ? { command: spec.command } : {}),
    ...groupOf(spec, catalog),
    ...partsOf(spec, catalog),
    ...imagesOf(spec, catalog),
  }
}

const partsOf = ({ parts = {} }: SyncSpec, catalog: Catalog): Pick<MappingSpec, 'parts'> => ({
  parts: Object.fromEntries(
    Object.entries(parts).map(([name, columns]) => [name, { columns, fields: fieldsOf(targetOf(catalog, name)) }]),
  ),
})

const imagesOf = ({ images, partOf, resource }: SyncSpec, catalog: Catalog): Pick<MappingSpec, 'images'> => {
  const child = sentPart(catalog, partOf?.resource ?? resource)
  return images && child
    ? { images: { ...images, resource: child.name, field: child.sent.from, altField: child.sent.alt } }
    : {}
}

const groupOf = ({ group, partOf, resource }: SyncSpec, { resources }: Catalog): Pick<MappingSpec, 'group'> => {
  const nest = chosenNest(resources.get(partOf?.resource ?? resource))
  const child = nest && resources.get(nest.resource)
  return group && child ? { group: { ...group, nest, nestFields: child.fields } } : {}
}
