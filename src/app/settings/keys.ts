import { type ChosenKey, chosenRows, type KeyRule, type SyncSpec, suggestion } from '../../model/index.ts'
import { canonicalOf } from './canonical.ts'
import { keyFields, type TargetFields } from './fields.ts'
import { readExpression } from './mapping.ts'
import { checkReferred } from './names.ts'
import { optionColumns } from './options.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import type { RawChosenKey, RawSync } from './schema.ts'
import type { StoreSettings } from './types.ts'

/** Each part of the key as a column, with what there is to say of those that are none. */
export const readKey = (
  reading: Reading,
  path: Path,
  raw: RawSync,
  fields: TargetFields,
  store: StoreSettings | undefined,
): Pick<SyncSpec, 'key' | 'keyRules'> & { readonly tables: readonly string[] } => {
  for (const field of Object.keys(raw.key)) checkKey(reading, [...path, field], raw.resource, field, fields)
  const keyRules: Record<string, KeyRule> = {}
  const tables: string[] = []
  const key = Object.entries(raw.key).map(([name, part]): [string, string] => {
    if (typeof part === 'string') return [name, part]
    const at = [...path, name]
    if ('options' in part) {
      const chosen = readChosen(reading, at, raw, name, part)
      keyRules[name] = { chosen }
      return [name, chosen.column]
    }
    const { from, value, ...more } = part
    const target = fields.get(name)
    const isNone = value === null || more.blank !== undefined
    const rule: KeyRule = {
      ...more,
      ...(value === undefined ? {} : { value: value ?? '' }),
      ...(isNone ? { blank: 'none' } : {}),
    }
    if (from === undefined || rule.names || isNone) keyRules[name] = rule
    if (isNone && target && !target.field.blankKey)
      reading.add(at, `is what every row of ${raw.resource} holds a value in, so a key without one names none.`)
    if (rule.expr !== undefined) tables.push(...readLookups(reading, [...at, 'expr'], rule.expr, raw))
    if (rule.names) checkReferred(reading, [...at, 'names'], target, store)
    else if (rule.value && target) canonicalOf(reading, [...at, 'value'], target.field, rule.value)
    return [name, from ?? name]
  })
  const isWrittenBack = Object.values(raw.fields).some(({ owner, writeBack }) => owner !== 'source' && writeBack)
  const [first] = Object.keys(keyRules)
  if (first !== undefined && (isWrittenBack || raw.insert))
    reading.add(
      [...path, first],
      `is no plain column, so ${isWrittenBack ? 'nothing can be written back to the source by it' : 'no row can be inserted into the source by it'}.`,
      'key',
    )
  return { key: Object.fromEntries(key), ...(first === undefined ? {} : { keyRules }), tables }
}

const checkKey = (reading: Reading, path: Path, resource: string, field: string, fields: TargetFields): void => {
  const able = keyFields(reading.catalog, resource)
  if (able.includes(field)) return
  const text = fields.has(field)
    ? `cannot name a row of ${resource}. Use one of: ${able.join(', ')}.`
    : `is no field of ${resource}.${suggestion(field, able)}`
  reading.add(path, text, 'key')
}

/** The tables of a key; a row must not count as gone because one of them was changed. */
const readLookups = (reading: Reading, path: Path, text: string, { remove }: RawSync): readonly string[] => {
  const tables = readExpression(reading, path, text)
  if (tables.length > 0 && remove !== 'never')
    reading.add(path, `looks values up in a table, so a change of it would ${remove} rows; set "remove" to "never".`)
  return tables
}

/** Rows that choose, by a field that their parents are known by. */
const readChosen = (
  reading: Reading,
  at: Path,
  { resource, key }: RawSync,
  name: string,
  { of, options, ...family }: RawChosenKey,
): ChosenKey => {
  const rows = chosenRows(reading.catalog, resource)
  const [field = '', column = ''] = Object.entries(of)[0] ?? []
  const able = rows ? keyFields(reading.catalog, rows.parent.name) : []
  if (rows?.field !== name || Object.keys(key).length > 1)
    reading.add(
      at,
      rows
        ? `is a product and its options, which stands alone for ${rows.field}.`
        : 'is a product and its options, which is for skus and variants.',
    )
  else if (!able.includes(field))
    reading.add(
      [...at, 'of', field],
      `cannot name a row of ${rows.parent.name}. Use one of: ${able.join(', ')}.`,
      'key',
    )
  return { of: field, column, options: optionColumns(reading, [...at, 'options'], options), ...family }
}
