import { fieldsOf, targetOf } from '../diff/index.ts'
import type { Catalog, Source, SyncSpec } from '../model/index.ts'
import { compileMapping, fileSource, localFile } from '../sources/index.ts'
import { copyName, formatOf, locationOf, type Surroundings } from './files.ts'
import type { SourceSettings } from './settings/index.ts'

/**
 * The outside side of a sync, as its settings describe it.
 * @param copy The folder where a copy of a file lies instead of the file itself.
 */
export const openSource = (
  settings: SourceSettings,
  spec: SyncSpec,
  catalog: Catalog,
  around: Surroundings,
  copy?: string,
): Source => {
  const mapping = compileMapping({
    key: spec.key,
    fields: spec.fields,
    targetFields: fieldsOf(targetOf(catalog, spec.resource)),
  })
  const { name, write, settleSeconds: seconds } = settings
  const { clock, signal } = around
  return fileSource({
    name,
    mapping,
    writable: write,
    location: copy === undefined ? locationOf(settings, around) : localFile(copyName(settings), copy),
    format: formatOf(settings),
    ...(seconds > 0 ? { patience: { seconds, clock, signal } } : {}),
  })
}
