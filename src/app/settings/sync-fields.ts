import { suggestion } from '../../model/index.ts'
import { type TargetFields, writableNames } from './fields.ts'
import { type ReadRule, readRule } from './mapping.ts'
import { checkNames } from './names.ts'
import { partWords, type ReadPart } from './parts.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import { plainRule, type RawRule, type RawSync } from './schema.ts'
import { checkAge } from './stock-age.ts'
import type { SourceSettings, StoreSettings } from './types.ts'

/** Rules of the fields that a section maps, by their names, but for those that are parts. */
export const readFields = (
  reading: Reading,
  path: Path,
  raw: RawSync,
  fields: TargetFields,
  parts: ReadonlyMap<string, ReadPart>,
  { source, store }: { readonly source: SourceSettings | undefined; readonly store: StoreSettings | undefined },
): ReadonlyMap<string, ReadRule> => {
  const rules = new Map<string, ReadRule>()
  for (const [field, rule] of Object.entries(raw.fields)) {
    if (parts.has(field)) continue
    const at = [...path, field]
    const target = fields.get(field)
    rules.set(field, readRule(reading, at, rule, target))
    checkField(reading, at, raw, field, rule, fields)
    checkNames(reading, at, rule, target, store)
    checkWriteBack(reading, at, raw, rule, source?.write ?? true)
    checkAge(reading, at, raw, rule, target, store, source)
  }
  return rules
}

/** Of rows that are all key a part of it stands for the row: once compared, both sides have agreed on it. */
export const readKeyOnly = (
  reading: Reading,
  path: Path,
  { key }: RawSync,
  fields: TargetFields,
): ReadonlyMap<string, ReadRule> => {
  const writable = writableNames(fields)
  const last = writable.at(-1) ?? ''
  const part = key[last]
  if (
    part === undefined ||
    writable.some((field) => !(field in key)) ||
    (typeof part === 'object' && 'options' in part)
  ) {
    reading.add(path, 'must name at least one field.')
    return new Map()
  }
  const { from, value, expr, names } = typeof part === 'string' ? { from: part } : part
  const way = from !== undefined ? { from } : expr !== undefined ? { expr } : { value: value ?? '' }
  return new Map([[last, readRule(reading, path, plainRule(names ? { ...way, names: true } : way), fields.get(last))]])
}

const checkField = (
  reading: Reading,
  path: Path,
  raw: RawSync,
  field: string,
  rule: RawRule,
  fields: TargetFields,
): void => {
  const target = fields.get(field)
  if (!target) {
    const parts = partWords(reading.catalog.resources, raw.resource)
    const more = field.includes(':') && parts.length ? ` What belongs to a row is written ${parts.join(', ')}.` : ''
    reading.add(path, `is no field of ${raw.resource}.${suggestion(field, writableNames(fields))}${more}`, 'key')
  } else if (target.field.atCreate && !raw.create) {
    reading.add(path, 'is set by a create and by nothing else; add "create": true.', 'key')
  } else if (target.readOnly && !target.field.atCreate && rule.owner !== 'store') {
    reading.add(path, 'is read-only in the store, so no sync can own it.', 'key')
  } else if (field in raw.key) {
    reading.add(path, 'is part of the key, so it is equal on both sides; take it out of "fields".', 'key')
  }
}

const checkWriteBack = (reading: Reading, path: Path, raw: RawSync, rule: RawRule, writable: boolean): void => {
  if (rule.from === undefined || rule.owner === 'source' || !rule.writeBack || writable) return
  reading.add(
    path,
    `owner "${rule.owner}" would write the store’s value back to source "${raw.source}", which is only read. Add "write": true to the source, or "writeBack": false here to accept the store’s value.`,
    'key',
  )
}
