import { basename } from 'node:path'
import { fieldsOf, targetOf } from '../diff/index.ts'
import type { Catalog, Source, SyncSpec } from '../model/index.ts'
import { compileMapping, type MappingSpec, openCsvSource } from '../sources/index.ts'
import type { SourceSettings } from './settings/index.ts'

/**
 * The outside side of a sync, as its settings describe it.
 * @param place The folder that relative paths start at, and where a copy of a file lies instead of the file itself.
 */
export const openSource = (
  settings: SourceSettings,
  spec: SyncSpec,
  catalog: Catalog,
  place: { readonly dir: string; readonly copy?: string | undefined },
): Source => {
  const mapping = compileMapping({
    key: spec.key,
    fields: spec.fields,
    targetFields: fieldsOf(targetOf(catalog, spec.resource)),
    ...groupOf(spec, catalog),
  })
  const { name, path, type: _type, write, ...options } = settings
  const file = place.copy === undefined ? { path, folder: place.dir } : { path: basename(path), folder: place.copy }
  return openCsvSource({ ...file, name, options, mapping, writable: write })
}

const groupOf = ({ group, resource }: SyncSpec, { resources }: Catalog): Pick<MappingSpec, 'group'> => {
  const nest = resources.get(resource)?.api.create?.nest
  const child = nest && resources.get(nest.resource)
  return group && child ? { group: { ...group, nest, nestFields: child.fields } } : {}
}
