import { type RowOutcome, UsageError } from '../../model/index.ts'
import type { Binding, Mapping } from '../mapping.ts'
import type { Place } from './snapshot.ts'
import { writeBack } from './write-back.ts'

/**
 * Writes what became of rows into a column that no field is read from.
 * @returns how many rows took it.
 * @throws {SourceRefusedError} as writing back does.
 */
export const noteOutcomes = async (
  place: Place,
  table: readonly string[],
  mapping: Mapping,
  column: string,
  outcomes: readonly RowOutcome[],
  rehearsed: boolean,
): Promise<number> => {
  const at = mapping.columns.length
  const binding: Binding = {
    field: OUTCOME,
    column,
    at,
    read: (raw) => ({ value: raw }),
    write: String,
    computed: null,
    needs: [],
  }
  const noting: Mapping = { ...mapping, columns: [...mapping.columns, column], fields: [...mapping.fields, binding] }
  const edits = outcomes.map(({ key, text }) => ({ key, fields: [{ field: OUTCOME, to: text.slice(0, LONGEST) }] }))
  const results = await writeBack(place, table, noting, edits, rehearsed)
  return results.filter(({ kind }) => kind !== 'left').length
}

/** What fits into a usual column of text. */
const LONGEST = 255

const OUTCOME = '(outcome)'

/** @throws {UsageError} when a mapped column is to hold the outcomes. */
export const refuseMapped = ({ columns }: Mapping, column: string, source: string): void => {
  if (!columns.includes(column)) return
  throw new UsageError(`column ${column} is mapped to a field, so it cannot hold the outcomes of rows`, {
    where: `sources.${source}.outcome`,
    hint: 'name a column of its own',
  })
}
