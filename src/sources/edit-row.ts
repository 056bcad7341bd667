import { type EditResult, type RowEdit, sameValue, type Value } from '../model/index.ts'
import type { Mapping } from './mapping.ts'

/** An edit; without `from`, whatever is there gives way. */
export interface CellEdit extends Pick<RowEdit, 'key' | 'adds'> {
  readonly fields: readonly { readonly field: string; readonly from?: Value; readonly to: Value }[]
}

/** New texts for cells of one row, by their index in the mapping's columns. */
export type RowTexts = ReadonlyMap<number, { readonly text: string; readonly to: Value }>

export type JudgedEdit = EditResult | { readonly kind: 'edit'; readonly texts: RowTexts }

/**
 * What an edit comes to in the row that has its key: new texts, nothing because the row holds the values already, or why it is left
 * alone.
 * @param cells In the order of the mapping's columns; null when several rows have the key, undefined when none has.
 * @param blank The text in whose manner values are written where there is none.
 */
export const judgeEdit = (
  mapping: Mapping,
  cells: readonly (string | undefined)[] | null | undefined,
  { fields }: CellEdit,
  blank = '',
): JudgedEdit => {
  if (cells === null) return { kind: 'left', reason: 'its key is there more than once' }
  if (!cells) return { kind: 'left', reason: 'no longer in the source' }
  const texts = new Map<number, { readonly text: string; readonly to: Value }>()
  for (const { field, from, to } of fields) {
    const binding = mapping.fields.find((one) => one.field === field)
    if (!binding) return { kind: 'left', reason: `${field} is not mapped any more` }
    const there = cells[binding.at]
    if (there === undefined) return { kind: 'left', reason: `${field} has no column in the source` }
    const cell = binding.read(there)
    const now: Value = 'reason' in cell ? there : (cell.value ?? null)
    if (sameValue(now, to)) continue
    if (from !== undefined && !sameValue(now, from))
      return { kind: 'left', reason: `${field} is ${JSON.stringify(now)} in the source now` }
    const text = binding.write(to, there || blank)
    if (text === undefined)
      return { kind: 'left', reason: `${field} ${JSON.stringify(to)} cannot be written as a cell` }
    texts.set(binding.at, { text, to })
  }
  return texts.size ? { kind: 'edit', texts } : { kind: 'already' }
}

/** The texts of a row that is not there yet: of its key, and of its fields that have a column. */
export const judgeAddition = (mapping: Mapping, { key, fields }: CellEdit, blank = ''): JudgedEdit => {
  const texts = new Map<number, { readonly text: string; readonly to: Value }>()
  const cells = [
    ...mapping.key.map((binding) => ({ binding, field: binding.field, to: key[binding.field] ?? null })),
    ...fields.map(({ field, to }) => ({ binding: mapping.fields.find((one) => one.field === field), field, to })),
  ]
  for (const { binding, field, to } of cells) {
    if (!binding) return { kind: 'left', reason: `${field} is not mapped any more` }
    const text = binding.write(to, blank)
    if (text === undefined)
      return { kind: 'left', reason: `${field} ${JSON.stringify(to)} cannot be written as a cell` }
    if (!texts.has(binding.at)) texts.set(binding.at, { text, to })
  }
  return { kind: 'edit', texts }
}
