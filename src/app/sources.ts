import { basename } from 'node:path'
import { fieldsOf, targetOf } from '../diff/index.ts'
import type { Catalog, Source, SyncSpec } from '../model/index.ts'
import { compileMapping, openCsvSource, openDatabaseSource } from '../sources/index.ts'
import { isDatabase, reveal, type SourceSettings } from './settings/index.ts'

/**
 * The outside side of a sync, as its settings describe it.
 * @param place The folder that relative paths start at, what ends a reading that takes long, and where a copy of a file lies instead of the file itself; a database then
 * takes back what is written.
 */
export const openSource = (
  settings: SourceSettings,
  spec: SyncSpec,
  catalog: Catalog,
  place: { readonly dir: string; readonly copy?: string | undefined; readonly signal: AbortSignal },
): Source => {
  const mapping = compileMapping({
    key: spec.key,
    fields: spec.fields,
    targetFields: fieldsOf(targetOf(catalog, spec.resource)),
  })
  if (isDatabase(settings)) {
    const { database, write, ...rest } = settings
    const there = 'url' in database ? { ...database, url: reveal(database.url) } : database
    return openDatabaseSource({
      ...rest,
      database: there,
      mapping,
      writable: write,
      rehearsed: place.copy !== undefined,
      signal: place.signal,
    })
  }
  const { name, path, type: _type, write, ...options } = settings
  const file = place.copy === undefined ? { path, folder: place.dir } : { path: basename(path), folder: place.copy }
  return openCsvSource({ ...file, name, options, mapping, writable: write })
}
