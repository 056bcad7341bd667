import { type Field, type Filter, suggestion } from '../../model/index.ts'
import { canonicalOf } from './canonical.ts'
import type { TargetFields } from './fields.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import type { RawSync } from './schema.ts'

/** Which rows of the store take part. */
export const readFilter = (reading: Reading, path: Path, raw: RawSync, fields: TargetFields): Filter => {
  const { sku, ...equals } = raw.filter
  if (sku !== undefined && typeof sku !== 'string')
    reading.add([...path, 'sku'], 'must be one pattern, such as "ACME-*".')
  const values = Object.entries(equals).map(([field, wanted]) => {
    const target = fields.get(field)
    if (!target)
      reading.add([...path, field], `is no field of ${raw.resource}.${suggestion(field, [...fields.keys()])}`, 'key')
    const list = Array.isArray(wanted) ? wanted : [wanted]
    return [
      field,
      // A row passes when its list of ids holds one of the wanted ids.
      target ? list.map((value) => canonicalOf(reading, [...path, field], itemOf(target.field), value)) : [],
    ] as const
  })
  return { equals: Object.fromEntries(values), ...(typeof sku === 'string' ? { sku } : {}) }
}

const itemOf = (field: Field): Field => (field.kind === 'ids' ? { kind: 'integer' } : field)
