import { type Field, type PartColumn, type Resource, refusal, type Value, type Values } from '../../model/index.ts'
import { type TargetField, targetFields } from './fields.ts'
import { type ReadRule, readRule } from './mapping.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import type { RawRule, RawSync } from './schema.ts'
import type { StoreSettings } from './types.ts'

/** A column of a sync that is a row of a child resource. */
export interface ReadPart {
  readonly resource: string
  readonly column: PartColumn
  readonly tables: ReadRule['tables']
}

/** The parts among the fields of a section, such as `custom:Material`, by their names; their faults are added to the reading. */
export const readParts = (
  reading: Reading,
  path: Path,
  raw: RawSync,
  store: StoreSettings | undefined,
): ReadonlyMap<string, ReadPart> => {
  const found = new Map<string, ReadPart>()
  const rows = new Map<string, string>()
  for (const [name, rule] of Object.entries(raw.fields)) {
    const child = childFor(reading, raw.resource, name)
    if (!child) continue
    const at = [...path, name]
    const part = readPart(reading, at, child, name, rule)
    if (!part) continue
    checkRule(reading, at, rule)
    if (isChosen(raw))
      reading.add(at, 'needs a key of plain columns, such as the SKU: what belongs to a row is found by it.', 'key')
    const row = `${child.name} ${Object.values(part.column.key).join(' ').toLowerCase()}`
    const other = rows.get(row)
    if (other !== undefined) reading.add(at, `is the same row as "${other}".`, 'key')
    rows.set(row, name)
    if (store && !store.resources.includes(child.name))
      reading.add(at, `needs ${child.name} in stores.${store.name}.resources, which does not name it.`, 'key')
    found.set(name, part)
  }
  return found
}

/** The key says what the row chooses, which only the sync of the rows themselves can look up. */
const isChosen = ({ key }: RawSync): boolean =>
  Object.values(key).some((part) => typeof part === 'object' && 'options' in part)

/** How columns of a resource's parts are written, for people. */
export const partWords = (resources: ReadonlyMap<string, Resource>, parent: string): readonly string[] =>
  [...resources.values()].flatMap(({ part }) => (part?.parent === parent && part.column ? [part.column.written] : []))

const childFor = ({ catalog }: Reading, parent: string, name: string): Resource | undefined => {
  const [prefix, text] = name.split(/:(.*)/s)
  if (text === undefined) return undefined
  return [...catalog.resources.values()].find(({ part }) => part?.parent === parent && part.column?.prefix === prefix)
}

const readPart = (
  reading: Reading,
  at: Path,
  { name: resource, fields, part }: Resource,
  name: string,
  raw: RawRule,
): ReadPart | undefined => {
  const { column, key: named = [] } = part ?? {}
  if (!column) return undefined
  const groups = column.pattern.exec(name.slice(column.prefix.length + 1))?.groups
  const values = groups && valuesOf(fields, { ...column.absent, ...defined(groups) })
  if (!values) {
    reading.add(at, `is not written as "${column.written}".`, 'key')
    return undefined
  }
  const target = targetFields(reading.catalog, resource).get(column.field) as TargetField
  const { rule, tables } = readRule(reading, at, raw, target)
  const isKey = ([field]: readonly [string, Value]): boolean => named.includes(field)
  const all = Object.entries(values)
  return {
    resource,
    tables,
    column: {
      key: Object.fromEntries(all.filter(isKey)),
      fixed: Object.fromEntries(all.filter((one) => !isKey(one))),
      field: column.field,
      rule,
    },
  }
}

/** Parts are of the source alone: one that the store owns has no cell to be written to. */
const checkRule = (reading: Reading, at: Path, rule: RawRule): void => {
  if (rule.owner !== 'source')
    reading.add(
      [...at, 'owner'],
      'is for fields of the row itself; what belongs to it goes from the source to the store.',
    )
  for (const word of ['names', 'asOf', 'after'] as const)
    if (rule[word] !== undefined) reading.add([...at, word], 'is not for this field.')
}

const defined = (groups: Readonly<Record<string, string | undefined>>): Values =>
  Object.fromEntries(Object.entries(groups).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])))

/** Undefined where a field cannot hold what the name says. */
const valuesOf = (fields: Readonly<Record<string, Field>>, texts: Values): Values | undefined => {
  const values: Record<string, Value> = {}
  for (const [name, text] of Object.entries(texts)) {
    const field = fields[name] as Field
    const value = field.kind === 'integer' ? Number(text) : text
    if (refusal({ ...field }, value) !== undefined) return undefined
    values[name] = value
  }
  return values
}
