import { olderCatalog, type PartColumn, type SyncSpec, suggestion } from '../../model/index.ts'
import { OF_STORE } from '../../sources/index.ts'
import { readDefaults } from './defaults.ts'
import { pulledFor, targetFields } from './fields.ts'
import { readFilter } from './filters.ts'
import { readGroup } from './groups.ts'
import { checkImages } from './images.ts'
import { readKey } from './keys.ts'
import { readExpression } from './mapping.ts'
import { type ReadPart, readParts } from './parts.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import { checkInsert, checkVerbs } from './row-verbs.ts'
import type { RawSync } from './schema.ts'
import { readFields, readKeyOnly } from './sync-fields.ts'
import type { SourceSettings, StoreSettings } from './types.ts'

/** The sync that a section describes; its faults are added to the reading. */
export const readSync = (
  reading: Reading,
  name: string,
  raw: RawSync,
  stores: readonly StoreSettings[],
  sources: readonly SourceSettings[],
): SyncSpec => {
  const path = ['syncs', name]
  const fields = targetFields(reading.catalog, raw.resource)
  refuseUnknown(reading, [...path, 'store'], raw.store, 'store', reading.names.stores)
  refuseUnknown(reading, [...path, 'source'], raw.source, 'source', reading.names.sources)
  refuseUnpulled(reading, path, raw, stores)
  const source = sources.find((one) => one.name === raw.source)
  const store = stores.find((one) => one.name === raw.store)
  refuseOlder(reading, [...path, 'store'], raw, store)
  const { tables: keyTables, ...keys } = readKey(reading, [...path, 'key'], raw, fields, store)
  const parts = readParts(reading, [...path, 'fields'], raw, store)
  const rules = Object.keys(raw.fields).length
    ? readFields(reading, [...path, 'fields'], raw, fields, parts, { source, store })
    : readKeyOnly(reading, [...path, 'fields'], raw, fields)
  checkVerbs(reading, path, raw)
  checkInsert(reading, [...path, 'insert'], raw, source)
  checkImages(reading, [...path, 'images'], raw, store)
  const { group: rawGroup, ...rest } = raw
  const group = rawGroup && readGroup(reading, [...path, 'group'], raw.resource, rawGroup)
  const tables = [
    ...new Set([
      ...keyTables,
      ...(raw.command?.expr === undefined
        ? []
        : readExpression(reading, [...path, 'command', 'expr'], raw.command.expr)),
      ...[...rules.values(), ...parts.values(), ...(group?.rules ?? [])].flatMap((one) => one.tables),
    ]),
  ].sort()
  checkMeasures(reading, [...path, 'store'], tables, store)
  return {
    ...rest,
    ...keys,
    name,
    fields: Object.fromEntries([...rules].map(([field, { rule }]) => [field, rule])),
    ...(tables.length > 0 ? { tables } : {}),
    ...(group ? { group: group.grouping } : {}),
    ...(parts.size > 0 ? { parts: byResource([...parts.values()]) } : {}),
    ...readDefaults(reading, [...path, 'createDefaults'], raw, fields),
    filter: readFilter(reading, [...path, 'filter'], raw, fields),
  }
}

/** What a store measures in is pulled where expressions ask for it. */
const checkMeasures = (
  reading: Reading,
  path: Path,
  tables: readonly string[],
  store: StoreSettings | undefined,
): void => {
  const { name } = [...reading.catalog.resources.values()].find(({ measures }) => measures) ?? { name: '' }
  if (!tables.includes(OF_STORE) || !store || store.resources.includes(name)) return
  reading.add(path, `an expression asks for its units; add ${name} to stores.${store.name}.resources.`)
}

const byResource = (parts: readonly ReadPart[]): Readonly<Record<string, readonly PartColumn[]>> => {
  const found: Record<string, PartColumn[]> = {}
  for (const { resource, column } of parts) found[resource] = [...(found[resource] ?? []), column]
  return found
}

const refuseUnknown = (reading: Reading, path: Path, word: string, what: string, known: readonly string[]): void => {
  if (!known.includes(word)) reading.add(path, `there is no ${what} "${word}".${suggestion(word, known)}`)
}

const refuseUnpulled = (reading: Reading, path: Path, raw: RawSync, stores: readonly StoreSettings[]): void => {
  const store = stores.find(({ name }) => name === raw.store)
  const missing = pulledFor(reading.catalog, raw.resource).filter((name) => store && !store.resources.includes(name))
  if (missing.length > 0) {
    reading.add(
      [...path, 'resource'],
      `needs ${missing.join(' and ')} in stores.${raw.store}.resources, which does not name ${missing.length > 1 ? 'them' : 'it'}.`,
    )
  }
}

/** A legacy account can write what lives in the older API; the catalog is only told there. */
const refuseOlder = (reading: Reading, path: Path, raw: RawSync, store: StoreSettings | undefined): void => {
  if (!store || !('basic' in store.auth)) return
  const { resources } = olderCatalog(reading.catalog)
  const isTold = pulledFor(reading.catalog, raw.resource).every((name) => !resources.get(name)?.api.update)
  const writes =
    raw.create || raw.remove !== 'never' || Object.values(raw.fields).some(({ owner }) => owner !== 'store')
  if (!isTold || !writes) return
  reading.add(
    path,
    `is reached with "basic", so ${raw.resource} can be read from it and not written: that takes the newer API, which only an API account with an access token reaches.`,
  )
}
