import { fieldsOf, type Target } from '../diff/index.ts'
import type { SyncSpec } from '../model/index.ts'
import { modifiedField } from './newer-side.ts'

/** What a comparison looks at in a row of the store: a sync's fields, its filter's, what guards watch, and what says where a value is held. */
export const comparedFields = (target: Target, { fields, filter }: SyncSpec): readonly string[] => {
  const watched = Object.entries(fieldsOf(target)).flatMap(([name, { role }]) => (role ? [name] : []))
  const holders =
    target.kind === 'family'
      ? Object.values(target.derived.fields).flatMap((facts) => (facts.of === 'stock' ? facts.tracking : []))
      : []
  const modified = modifiedField(target) ?? []
  const names = [
    Object.keys(fields),
    Object.keys(filter.equals),
    watched,
    holders,
    modified,
    ['sku', 'name', 'is_simple'],
  ]
  return [...new Set(names.flat())]
}
