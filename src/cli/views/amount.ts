import { targetFields } from '../../app/index.ts'
import { type Change, canonicalDecimal, type FieldChange, type Kind, percentChange } from '../../model/index.ts'
import { catalog } from '../../resources/index.ts'

/** How far a number moves, in percent of what it was; null for a field that is no number, or where one side has none. */
export const movement = (resource: string, { field, from, to }: FieldChange): number | null => {
  if (!NUMBERS.has(kindOf(resource, field))) return null
  const before = decimalOf(from)
  const after = decimalOf(to)
  return before === undefined || after === undefined ? null : percentChange(before, after)
}

/** Changes with the largest movement first, up or down, of counts only down; those without any keep their order. */
export const largestFirst = <C extends Change>(changes: readonly C[]): C[] =>
  changes
    .map((change) => ({ change, size: sizeOf(change) }))
    .sort((a, b) => (a.size === b.size ? a.change.id - b.change.id : b.size - a.size))
    .map(({ change }) => change)

// Counts that grow, such as stock that comes in, are no news; amounts are, both ways.
const sizeOf = ({ resource, fields }: Change): number =>
  Math.max(
    0,
    ...fields.map((field) => {
      const percent = movement(resource, field) ?? 0
      return kindOf(resource, field.field) === 'integer' ? Math.max(-percent, 0) : Math.abs(percent)
    }),
  )

const NUMBERS = new Set<Kind | undefined>(['money', 'decimal', 'integer'])

const kindOf = (resource: string, field: string): Kind | undefined => {
  const facts = kinds.get(resource) ?? targetFields(catalog, resource)
  kinds.set(resource, facts)
  const found = facts.get(field)?.field
  // An id moves by no percentage.
  return found?.ref ? undefined : found?.kind
}

const kinds = new Map<string, ReturnType<typeof targetFields>>()

const decimalOf = (value: FieldChange['from']): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? canonicalDecimal(value) : undefined
