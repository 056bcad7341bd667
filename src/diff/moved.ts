import { type Field, pick, type Value, type Values } from '../model/index.ts'

/** The key of the row that stands for another store's row; undefined where none does. */
export type StandsFor = (resource: string, key: Value) => Value | undefined

export interface Moved {
  /** What the row says in the other store. A reference that means nothing there is left out. */
  readonly values: Values
  readonly lost: readonly LostReference[]
}

export interface LostReference {
  readonly field: string
  readonly resource: string
  readonly key: Value
}

/**
 * Some fields of a row, with references to other rows replaced by the keys of the rows that stand for them. Of a list the element goes
 * whose reference is lost, because without it it would mean something else.
 */
export const movedValues = (
  fields: Readonly<Record<string, Field>>,
  names: readonly string[],
  row: Values,
  standsFor: StandsFor,
): Moved => {
  const values: Record<string, Value> = {}
  const lost: LostReference[] = []
  for (const name of names) {
    const value = row[name]
    if (value === undefined) continue
    const find = (resource: string) => (key: Value) => {
      const found = isNoReference(key) ? key : standsFor(resource, key)
      if (found === undefined) lost.push({ field: name, resource, key })
      return found
    }
    const moved = movedValue(fields[name], value, row, find)
    if (moved !== undefined) values[name] = moved
  }
  return { values, lost }
}

type Find = (resource: string) => (key: Value) => Value | undefined

const movedValue = (field: Field | undefined, value: Value, row: Values, find: Find): Value | undefined => {
  const resource = field?.refBy ? kindOf(field.refBy, row) : field?.ref
  if (field?.refs) {
    return Object.entries(field.refs).reduce<Value | undefined>(
      (now, [path, name]) =>
        now === undefined ? now : movedInside(now, path.split(/(?=\[])|\./).filter(Boolean), find(name)),
      asSent(field, value),
    )
  }
  if (resource === undefined) return value
  return Array.isArray(value) ? inOrder(field, value.map(find(resource)).filter(isFound)) : find(resource)(value)
}

/** Elements without what the store adds to them. */
const asSent = ({ sends }: Field, value: Value): Value =>
  sends && Array.isArray(value) ? value.map((one) => pick(one as Values, sends)) : value

/** A kind that is not known has no rows that stand for any. */
const kindOf = ({ field, of }: NonNullable<Field['refBy']>, row: Values): string => {
  const kind = String(row[field] ?? '')
  return of[kind] ?? kind
}

/** A value with the keys at a path replaced; undefined where it loses one that no list around it can do without. */
const movedInside = (
  value: Value,
  [step, ...rest]: readonly string[],
  find: (key: Value) => Value | undefined,
): Value | undefined => {
  if (step === undefined) return find(value)
  if (step === '[]')
    return Array.isArray(value) ? value.map((one) => movedInside(one, rest, find)).filter(isFound) : value
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !(step in value)) return value
  const members = value as Values
  const member = movedInside(members[step] ?? null, rest, find)
  return member === undefined ? undefined : { ...members, [step]: member }
}

/** 0 says "none", and -1 "as the store likes". */
const isNoReference = (key: Value): boolean => key === null || Number(key) <= 0

const isFound = (key: Value | undefined): key is Value => key !== undefined

const inOrder = (field: Field | undefined, keys: readonly Value[]): readonly Value[] =>
  field?.unordered ? [...keys].sort((a, b) => Number(a) - Number(b)) : keys
