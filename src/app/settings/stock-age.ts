import type { TargetField } from './fields.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import type { RawRule, RawSync } from './schema.ts'
import { isDatabase, type SourceSettings, type StoreSettings } from './types.ts'

/** `asOf` and `after` are of stock that the source owns, and orders can be subtracted where they are pulled. */
export const checkAge = (
  reading: Reading,
  path: Path,
  raw: RawSync,
  rule: RawRule,
  target: TargetField | undefined,
  store: StoreSettings | undefined,
  source: SourceSettings | undefined,
): void => {
  const { asOf, after } = rule
  if (asOf === undefined) {
    if (after !== undefined)
      reading.add([...path, 'after'], 'needs "asOf": a column with a time, or { "file": "modified" }.')
    return
  }
  if (target && target.field.role !== 'stock') {
    reading.add([...path, 'asOf'], 'is for stock only.')
  } else if (rule.owner !== 'source') {
    reading.add([...path, 'asOf'], 'is for stock that the source owns; leave "owner" out.')
  } else if (asOf === 'file' && source?.write) {
    reading.add(
      [...path, 'asOf'],
      `cannot be the time of a file that Skiff writes into ("write" of source "${raw.source}"); name a column.`,
    )
  } else if (asOf === 'file' && source && isDatabase(source)) {
    reading.add([...path, 'asOf'], 'is the time of a file, and the source is a database; name a column.')
  }
  if (after === 'subtract-orders' && store) checkOrders(reading, [...path, 'after'], target, store)
}

const checkOrders = (reading: Reading, path: Path, target: TargetField | undefined, store: StoreSettings): void => {
  const lines = [...reading.catalog.resources.values()].find(({ takes }) => takes !== undefined)
  const parent = lines?.api.within?.parent
  const things = Object.values(lines?.fields ?? {}).flatMap(({ ref }) => ref ?? [])
  if (!lines || parent === undefined || !target?.touches.some((place) => things.includes(place.split('.')[0] ?? ''))) {
    reading.add(path, 'cannot be "subtract-orders" here: orders do not name these rows. Use resource "skus".')
  } else if (!store.resources.includes(parent) && !store.resources.includes(lines.name)) {
    reading.add(path, `needs ${parent} in stores.${store.name}.resources, which does not name it.`)
  }
}
