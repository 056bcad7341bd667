import {
  type Catalog,
  type ChosenKey,
  canonical,
  chosenNest,
  chosenRows,
  type Field,
  type Filter,
  type Grouping,
  type KeyRule,
  type Nested,
  type OptionColumn,
  type PartColumn,
  pathFields,
  type Resource,
  refusal,
  type SyncSpec,
  sentPart,
  suggestion,
  type Value,
} from '../../model/index.ts'
import { OF_STORE } from '../../sources/index.ts'
import { keyFields, pulledFor, type TargetField, targetFields } from './fields.ts'
import { type ReadRule, readExpression, readRule } from './mapping.ts'
import { partWords, type ReadPart, readParts } from './parts.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import type { RawChosenKey, RawOption, RawRule, RawSync } from './schema.ts'
import { isDatabase, type SourceSettings, type StoreSettings } from './types.ts'

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
  for (const field of Object.keys(raw.key)) checkKey(reading, [...path, 'key', field], raw.resource, field, fields)
  const { tables: keyTables, ...keys } = readKey(
    reading,
    [...path, 'key'],
    raw,
    fields,
    stores.find(({ name }) => name === raw.store),
  )
  const source = sources.find(({ name: named }) => named === raw.source)
  const writable = source?.write ?? true
  const store = stores.find((one) => one.name === raw.store)
  const parts = readParts(reading, [...path, 'fields'], raw, store)
  const rules = new Map<string, ReadRule>()
  for (const [field, rule] of Object.entries(raw.fields)) {
    if (parts.has(field)) continue
    rules.set(field, readRule(reading, [...path, 'fields', field], rule, fields.get(field)))
    checkField(reading, [...path, 'fields', field], raw, field, rule, fields)
    checkNames(reading, [...path, 'fields', field], rule, fields.get(field), store)
    checkWriteBack(reading, [...path, 'fields', field], raw, rule, writable)
    checkAge(reading, [...path, 'fields', field], raw, rule, fields.get(field), stores, source)
  }
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

const checkImages = (reading: Reading, path: Path, raw: RawSync, store: StoreSettings | undefined): void => {
  if (!raw.images) return
  const child = sentPart(reading.catalog, raw.resource)
  if (!child) reading.add(path, 'is for resources whose rows have pictures, such as products.')
  else if (store && !store.resources.includes(child.name))
    reading.add(path, `needs ${child.name} in stores.${store.name}.resources, which does not name it.`)
}

const byResource = (parts: readonly ReadPart[]): Readonly<Record<string, readonly PartColumn[]>> => {
  const found: Record<string, PartColumn[]> = {}
  for (const { resource, column } of parts) found[resource] = [...(found[resource] ?? []), column]
  return found
}

type Fields = ReadonlyMap<string, TargetField>

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

const checkKey = (reading: Reading, path: Path, resource: string, field: string, fields: Fields): void => {
  const able = keyFields(reading.catalog, resource)
  if (able.includes(field)) return
  const text = fields.has(field)
    ? `cannot name a row of ${resource}. Use one of: ${able.join(', ')}.`
    : `is no field of ${resource}.${suggestion(field, able)}`
  reading.add(path, text, 'key')
}

/** Each part of the key as a column, with what there is to say of those that are none. */
const readKey = (
  reading: Reading,
  path: Path,
  raw: RawSync,
  fields: Fields,
  store: StoreSettings | undefined,
): Pick<SyncSpec, 'key' | 'keyRules'> & { readonly tables: readonly string[] } => {
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
  { of, options }: RawChosenKey,
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
  return { of: field, column, options: optionColumns(reading, [...at, 'options'], options) }
}

/** What is named has a name, and is pulled. */
const checkReferred = (
  reading: Reading,
  at: Path,
  target: TargetField | undefined,
  store: StoreSettings | undefined,
): void => {
  const ref = target?.field.ref
  if (ref === undefined || !reading.catalog.resources.get(ref)?.fields['name']) {
    reading.add(at, 'is for fields that refer to something with a name, such as brand_id and categories.')
  } else if (store && !store.resources.includes(ref)) {
    reading.add(at, `needs ${ref} in stores.${store.name}.resources, which does not name it.`)
  }
}

const checkField = (reading: Reading, path: Path, raw: RawSync, field: string, rule: RawRule, fields: Fields): void => {
  const target = fields.get(field)
  if (!target) {
    const parts = partWords(reading.catalog.resources, raw.resource)
    const more = field.includes(':') && parts.length ? ` What belongs to a row is written ${parts.join(', ')}.` : ''
    reading.add(path, `is no field of ${raw.resource}.${suggestion(field, writable(fields))}${more}`, 'key')
  } else if (target.readOnly && rule.owner !== 'store') {
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

/** Names are of fields that refer to other rows, whose resource is pulled, and go one way. */
const checkNames = (
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
  } else if (rule.names.list !== undefined && target.field.kind !== 'ids') {
    reading.add([...at, 'list'], 'is for fields that hold several, such as categories.')
  }
}

/** `asOf` and `after` are of stock that the source owns, and orders can be subtracted where they are pulled. */
const checkAge = (
  reading: Reading,
  path: Path,
  raw: RawSync,
  rule: RawRule,
  target: TargetField | undefined,
  stores: readonly StoreSettings[],
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
  const store = stores.find(({ name }) => name === raw.store)
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

const checkVerbs = (reading: Reading, path: Path, raw: RawSync): void => {
  const resource = reading.catalog.resources.get(raw.resource)
  if (raw.create && (!resource?.api.create || resource.part)) {
    reading.add(
      [...path, 'create'],
      `rows of ${raw.resource} cannot be created by themselves${derivedHint(reading.catalog, raw.resource)}.`,
    )
  } else if (raw.create && resource && unnamed(resource, raw).length > 0) {
    reading.add(
      [...path, 'create'],
      `a new row of ${raw.resource} is named by ${unnamed(resource, raw).join(' and ')}; put it into "key".`,
    )
  } else if (raw.create && resource) {
    checkNew(reading, [...path, 'create'], raw, resource)
  }
  if (raw.remove === 'delete' && resource && !resource.api.delete) {
    reading.add([...path, 'remove'], `rows of ${raw.resource} cannot be deleted.`)
  }
  if (raw.remove === 'hide' && !targetFields(reading.catalog, raw.resource).has('is_visible')) {
    reading.add([...path, 'remove'], `rows of ${raw.resource} cannot be hidden; they have no field is_visible.`)
  }
}

/** What BigCommerce wants of a new row is said, and so is what decides how it is sold. */
const checkNew = (reading: Reading, path: Path, raw: RawSync, { fields, api }: Resource): void => {
  const given = [raw.fields, raw.key, raw.createDefaults, raw.group?.variants ?? {}]
  const after = api.create?.follow?.given
  const wanted = [
    ...Object.entries(fields).flatMap(([name, { required, forNew }]) =>
      (required || forNew !== undefined) && !given.some((one) => name in one) ? [{ name, plainest: forNew }] : [],
    ),
    ...(after !== undefined && !(after in raw.createDefaults) ? [{ name: after, plainest: BY_THE_STORE }] : []),
  ]
  if (!wanted.length) return
  const toType = wanted.flatMap(({ name, plainest }) =>
    plainest === undefined ? [] : `"${name}": ${JSON.stringify(plainest)}`,
  )
  const example = toType.length ? `, such as "createDefaults": { ${toType.join(', ')} }` : ' in "createDefaults"'
  reading.add(
    path,
    `a new row of ${raw.resource} needs ${wanted.map(({ name }) => name).join(', ')}; map what the source knows in "fields", or give the same to all${example}.`,
  )
}

/** The word for what follows a new row where nobody wants to say: nothing is sent, and the store decides. */
const BY_THE_STORE = 'default'

/** What a request needs to name a new row by, and the key does not hold. */
const unnamed = ({ api: { create } }: Resource, { key }: RawSync): readonly string[] => {
  const { names, path } = create ?? { names: [], path: '' }
  const always = [...pathFields(path), ...('always' in names ? names.always : names)]
  const either = 'always' in names ? names.oneOf : []
  return [
    ...always.filter((name) => !(name in key)),
    ...(either.length && !either.some((name) => name in key) ? [either.join(' or ')] : []),
  ]
}

/** Rows are added to what takes rows and is written to, and each of them stands for itself. */
const checkInsert = (reading: Reading, path: Path, raw: RawSync, source: SourceSettings | undefined): void => {
  if (!raw.insert) return
  if (source && !(isDatabase(source) && source.write))
    reading.add(path, `adds rows to source "${raw.source}", which has to be a table of a database with "write": true.`)
  else if (raw.group) reading.add(path, 'is for rows that stand for themselves; leave "group" out.')
}

const derivedHint = (catalog: Catalog, resource: string): string => {
  const parent = catalog.derived.get(resource)?.parent ?? catalog.resources.get(resource)?.part?.parent
  return parent === undefined ? '' : `; create ${parent} with a sync of that resource`
}

const readGroup = (
  reading: Reading,
  path: Path,
  resource: string,
  raw: NonNullable<RawSync['group']>,
): { readonly grouping: Grouping; readonly rules: readonly ReadRule[] } => {
  const { by, parent, rows, options = [], list, none, variants } = raw
  const nest = chosenNest(reading.catalog.resources.get(resource))
  if (!nest) reading.add(path, `is for resources whose rows are made with others inside, such as products.`)
  const inner = targetFields(reading.catalog, nest?.resource ?? resource)
  const rules = new Map<string, ReadRule>()
  for (const [field, rule] of Object.entries(variants)) {
    rules.set(field, readRule(reading, [...path, 'variants', field], rule, inner.get(field)))
    if (nest && !nest.fields.includes(field))
      reading.add(
        [...path, 'variants', field],
        `is no field that a new one can have.${suggestion(field, nest.fields)}`,
        'key',
      )
  }
  if ([by, parent, rows, list].filter((one) => one !== undefined).length !== 1)
    reading.add(
      path,
      'needs one of "by" (rows that stand together), "parent" (a variant names its product), "rows" (variants stand below it) and "list" (a product lists them).',
    )
  if ((by !== undefined || parent) && !options.length) reading.add(path, 'needs "options": what each row chooses.')
  if (list !== undefined && (options.length || !variants[nest?.made ?? '']))
    reading.add(
      path,
      `has "list", which holds the options, and finds rows by "variants".${nest?.made ?? ''}, which must be mapped.`,
    )
  const columns = optionColumns(reading, [...path, 'options'], options)
  const grouping = {
    by: groupedBy(raw, columns),
    none: none ?? null,
    fields: Object.fromEntries([...rules].map(([field, { rule }]) => [field, rule])),
  }
  return { grouping, rules: [...rules.values()] }
}

const optionColumns = (reading: Reading, path: Path, options: readonly RawOption[]): readonly OptionColumn[] =>
  options.map(({ name, called, value }, index) => {
    if ((name === undefined) === (called === undefined))
      reading.add([...path, index], 'needs either "name" (a column) or "called" (the option’s name).')
    return { value, name: name === undefined ? { text: called ?? '' } : { column: name } }
  })

const groupedBy = (
  { by, parent, rows, list }: NonNullable<RawSync['group']>,
  options: readonly OptionColumn[],
): Grouping['by'] => {
  if (list !== undefined) return { list }
  if (rows) {
    const { column, product, variant, unread = null, options: chosen } = rows
    return { marks: column, above: product, below: variant, unread, chosen }
  }
  if (!parent) return { neighbours: by ?? '', options }
  const names = Object.entries(parent.names).map(([prefix, column]) => ({ prefix, column }))
  return { parent: parent.column, names, options }
}

const readDefaults = (
  reading: Reading,
  path: Path,
  raw: RawSync,
  fields: Fields,
): Pick<SyncSpec, 'createDefaults' | 'follow'> => {
  const values: Record<string, Value> = {}
  const after = reading.catalog.resources.get(raw.resource)?.api.create?.follow
  let follow: Nested | undefined
  for (const [field, value] of Object.entries(raw.createDefaults)) {
    const target = fields.get(field)
    const at = [...path, field]
    if (after?.given === field) {
      if (value === BY_THE_STORE) continue
      follow = { [after.resource]: idsOf(reading, at, value).map((id) => ({ [after.each]: id })) }
      continue
    }
    if (!target) {
      const known = [...writable(fields), ...(after ? [after.given] : [])]
      reading.add(at, `is no field of ${raw.resource}.${suggestion(field, known)}`, 'key')
      continue
    }
    const meant = canonicalOf(reading, at, target.field, value)
    const reason = refusal(target.field, meant)
    if (reason) reading.add(at, `is ${reason}.`)
    else values[field] = meant
  }
  return { createDefaults: values, ...(follow ? { follow } : {}) }
}

const idsOf = (reading: Reading, path: Path, value: unknown): readonly number[] => {
  const ids = Array.isArray(value) ? [...new Set(value)] : []
  if (ids.length && ids.every((id) => Number.isInteger(id) && id > 0)) return ids
  reading.add(path, `must be a list of ids, such as [1], or "${BY_THE_STORE}" for what the store does by itself.`)
  return []
}

const readFilter = (reading: Reading, path: Path, raw: RawSync, fields: Fields): Filter => {
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

const canonicalOf = (reading: Reading, path: Path, field: Field, value: unknown): Value => {
  try {
    return canonical(field, value)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    reading.add(path, `${JSON.stringify(value)} is ${cause.message}.`)
    return null
  }
}

const writable = (fields: Fields): string[] => [...fields].filter(([, { readOnly }]) => !readOnly).map(([name]) => name)
