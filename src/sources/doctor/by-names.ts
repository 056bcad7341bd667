import type { Field } from '../../model/index.ts'
import { fieldOfColumn } from '../column-names.ts'
import type { Use } from './finding.ts'
import type { Subject } from './subject.ts'

/** What the columns of a file are when only their names tell: each field the first column that is called so. */
export const subjectByNames = (
  columns: readonly string[],
  facts: Readonly<Record<string, Field>>,
  key = 'sku',
): Subject => {
  const taken = new Set<string>()
  const uses = columns.flatMap((column): Use[] => {
    const field = fieldOfColumn(column)
    const fact = field === undefined ? undefined : facts[field]
    if (field === undefined || !fact || taken.has(field)) return []
    taken.add(field)
    return [{ role: field === key ? 'key' : 'field', field, facts: fact, rule: undefined, column, read: null }]
  })
  return {
    keys: uses.filter(({ role }) => role === 'key'),
    fields: uses.filter(({ role }) => role === 'field'),
    known: null,
    index: undefined,
  }
}
