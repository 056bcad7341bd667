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

/** JSON with sorted object keys: equal values give equal text, which is what every hash in Skiff is made of. */
export const stableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  )
