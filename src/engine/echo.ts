import type { Batch, Write } from '../diff/index.ts'
import {
  type Body,
  canonical,
  lookUp,
  type Resource,
  sameValue,
  says,
  type Value,
  type Values,
} from '../model/index.ts'

/**
 * The echoed row of a write; undefined when it is not there. A row is known by its key. One that has none yet is known by what may
 * be there only once or, where the store leaves some out, by all that was set; else by its place.
 */
export const echoOf = (
  { resource, route, rows }: Batch,
  echo: readonly Body[],
  { verb, id, set }: Write,
  index: number,
): Body | undefined => {
  if (verb !== 'create') {
    const names = resource.key.filter((name) => name in id)
    return echo.find((body) => names.every((name) => sameValue((body[name] ?? null) as Value, id[name] ?? null)))
  }
  if (route.omits === 'same') return echo.find((body) => isAsSet(savedValues(resource, body, set), set))
  const sole = Object.keys(set).find((name) => resource.fields[name]?.unique)
  if (sole !== undefined && rows.length > 1) return echo.find((body) => folded(body[sole]) === folded(set[sole]))
  return echo.length === rows.length ? echo[index] : undefined
}

/** Whether everything was saved as it was set; what the store adds inside a value is no other value. */
export const isAsSet = (saved: Values, set: Values): boolean =>
  Object.entries(saved).every(([name, value]) => sameValue(value, set[name]) || says(value, set[name] ?? null))

const folded = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)

/** What was set, as the echo shows it: the store may have rounded, clamped or sanitised it. */
export const savedValues = (resource: Resource, echo: Body, set: Values): Values =>
  Object.fromEntries(
    Object.entries(set).map(([name, value]) => {
      const field = resource.fields[name]
      const told = lookUp(echo, field?.at ?? name)
      if (!field || told === undefined) return [name, value]
      try {
        return [name, canonical(field, told)]
      } catch {
        // A value that has not even the promised type is not the one that was sent.
        return [name, String(told)]
      }
    }),
  )
