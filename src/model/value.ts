/** A value in canonical form: equal things are equal values, so comparing never needs to know the field. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

/** Canonical values by field name. An absent name says nothing about the field; `null` says it is not set. */
export type Values = Readonly<Record<string, Value>>

/** A JSON object as the API or a file gave it, before any parsing. */
export type Body = Readonly<Record<string, unknown>>

export const sameValue = (a: Value | undefined, b: Value | undefined): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  return stableJson(a) === stableJson(b)
}

/** Whether a value says all that another one does: to objects, members may have been added. */
export const says = (value: Value | undefined, told: Value | undefined): boolean => {
  if (Array.isArray(value) && Array.isArray(told))
    return value.length === told.length && told.every((one, at) => says(value[at], one))
  if (!isPlain(value) || !isPlain(told)) return sameValue(value, told)
  return Object.entries(told).every(([name, member]) => says(value[name], member))
}

const isPlain = (value: Value | undefined): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON with sorted object keys: equal values give equal text, which is what every hash in Skiff is made of. */
export const stableJson = (value: unknown): string => JSON.stringify(inOrder(value))

/** The same value with sorted keys. Filling an object one key after the other is what makes it cheap to write. */
const inOrder = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object' || 'toJSON' in value) return value
  if (Array.isArray(value)) return value.some(isObject) ? value.map(inOrder) : value
  const sorted: Record<string, unknown> = {}
  for (const name of Object.keys(value).sort()) {
    const inner = inOrder((value as Record<string, unknown>)[name])
    if (name === '__proto__') Object.defineProperty(sorted, name, { value: inner, enumerable: true })
    else sorted[name] = inner
  }
  return sorted
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

/** A value as the cell of a file would hold it. */
export const cellText = (value: Value): string =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
