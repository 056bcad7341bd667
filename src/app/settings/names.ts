import { nameField } from '../../model/index.ts'
import type { TargetField } from './fields.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import type { RawRule } from './schema.ts'
import type { StoreSettings } from './types.ts'

/** Names are of fields that refer to other rows, whose resource is pulled, and go one way. */
export const checkNames = (
  reading: Reading,
  path: Path,
  rule: RawRule,
  target: TargetField | undefined,
  store: StoreSettings | undefined,
): void => {
  if (!rule.names || !target) return
  const at = [...path, 'names']
  checkReferred(reading, at, target, store)
  if (rule.from === undefined) {
    reading.add(at, 'is for a field that is read from a column ("from").')
  } else if (rule.owner !== 'source' && rule.writeBack) {
    reading.add(at, `cannot be written back; add "writeBack": false to accept the store’s value.`)
  } else if (rule.names.missing === 'create' && isCalledOtherwise(reading, target)) {
    reading.add([...at, 'missing'], 'is for things that a name is enough to make, such as brands.')
  } else if (rule.names.list !== undefined && target.field.kind !== 'ids') {
    reading.add([...at, 'list'], 'is for fields that hold several, such as categories.')
  }
}

/** What is named has a name, and is pulled. */
export const checkReferred = (
  reading: Reading,
  at: Path,
  target: TargetField | undefined,
  store: StoreSettings | undefined,
): void => {
  const ref = target?.field.ref
  const named = reading.catalog.resources.get(ref ?? '')
  if (ref === undefined || !named?.fields[nameField(named)]) {
    reading.add(at, 'is for fields that refer to something with a name, such as brand_id and categories.')
  } else if (store && !store.resources.includes(ref)) {
    reading.add(at, `needs ${ref} in stores.${store.name}.resources, which does not name it.`)
  }
}

const isCalledOtherwise = ({ catalog }: Reading, { field }: TargetField): boolean =>
  catalog.resources.get(field.ref ?? '')?.called !== undefined
