import { basename } from 'node:path'
import { fieldsOf, targetOf } from '../diff/index.ts'
import type { Catalog, Source, SyncSpec } from '../model/index.ts'
import { compileMapping, type Mapping, openCsvSource } from '../sources/index.ts'
import type { SourceSettings, TableSettings } from './settings/index.ts'
import { lookupTable } from './tables.ts'

/** The folder that relative paths start at, and where a copy of a file lies instead of the file itself. */
interface Place {
  readonly dir: string
  readonly copy?: string | undefined
}

/**
 * The outside side of a sync, as its settings describe it.
 * @param tables Those that its expressions may look values up in.
 */
export const openSource = (
  settings: SourceSettings,
  spec: SyncSpec,
  catalog: Catalog,
  place: Place,
  tables: readonly TableSettings[] = [],
): Source => {
  const mapping = compileMapping({
    key: spec.key,
    fields: spec.fields,
    targetFields: fieldsOf(targetOf(catalog, spec.resource)),
    tables: Object.fromEntries(
      tables.map((table) => [
        table.name,
        lookupTable(table, (columns) => openMapped(table.source, columns, { dir: place.dir })),
      ]),
    ),
  })
  return openMapped(settings, mapping, place)
}

const openMapped = (settings: SourceSettings, mapping: Mapping, place: Place): Source => {
  const { name, path, type: _type, write, ...options } = settings
  const file = place.copy === undefined ? { path, folder: place.dir } : { path: basename(path), folder: place.copy }
  return openCsvSource({ ...file, name, options, mapping, writable: write })
}
