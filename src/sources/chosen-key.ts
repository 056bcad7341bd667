import type { ChosenKey, OptionColumn, Value } from '../model/index.ts'
import { type Cell, type CellReader, keyReader } from './cell.ts'
import type { Computed } from './computed.ts'
import type { Inherited } from './inherited.ts'

/** The columns that say which row is meant by its parent and by what it chooses. */
export const chosenColumns = ({ by, column, options }: ChosenKey): readonly string[] => [
  ...(by === undefined ? [] : [by]),
  column,
  ...options.flatMap((option) => [...nameColumn(option), option.value]),
]

/**
 * What a row chooses, until the store's own key is known: the parent's name, then an option and a label for each cell that is not
 * blank, by the names of the options. So rows that choose the same have the same key, whatever the order of their columns.
 */
export const chosenReader = (key: ChosenKey, placeOf: (column: string) => number): Computed => {
  const read = keyReader({ kind: 'text' })
  const parentAt = placeOf(key.column)
  const options = key.options.map((option) => ({
    ...option,
    at: placeOf(option.value),
    nameAt: 'column' in option.name ? placeOf(option.name.column) : null,
  }))
  return {
    value: (cells) => {
      const parent = read(cells[parentAt] ?? '')
      if ('reason' in parent) return parent
      const chosen: string[][] = []
      for (const { name, nameAt, at } of options) {
        const cell = cells[at]?.trim() ?? ''
        if (cell === '' || cell === key.none) continue
        const option = 'text' in name ? name.text : (cells[nameAt ?? -1] ?? '')
        if (!option.trim()) return { reason: 'a choice of an option without a name' }
        const called = textOf(read, option)
        const label = textOf(read, cells[at] ?? '')
        if ('reason' in called) return called
        if ('reason' in label) return label
        chosen.push([called.text, label.text])
      }
      chosen.sort(([one = ''], [other = '']) => (folded(one) < folded(other) ? -1 : 1))
      return { value: [[String(parent.value)], ...chosen] satisfies Value }
    },
    shown: (cells) => [parentAt, ...options.map(({ at }) => at)].map((at) => cells[at] ?? '').join(' / '),
  }
}

/** What of such a key stands in the first row of its parent only. */
export const inheritedBy = (key: ChosenKey, placeOf: (column: string) => number): Inherited => ({
  at: placeOf(key.by ?? key.column),
  columns: [key.column, ...key.options.flatMap(nameColumn)].map(placeOf),
})

const nameColumn = ({ name }: OptionColumn): readonly string[] => ('column' in name ? [name.column] : [])

const textOf = (read: CellReader, cell: string): { readonly text: string } | { readonly reason: string } => {
  const found: Cell = read(cell)
  return 'reason' in found ? found : { text: String(found.value) }
}

const folded = (text: string): string => text.normalize('NFC').toLowerCase()
