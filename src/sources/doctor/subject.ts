import type { Value, Values } from '../../model/index.ts'
import type { Table } from '../format.ts'
import { judgeCell } from './cell-rules.ts'
import type { Use } from './finding.ts'
import type { KeyIndex } from './key-index.ts'
import { NOTHING_USUAL } from './profile.ts'

/** One way in which a file is used: a sync, or what the names of its columns tell. */
export interface Subject {
  readonly keys: readonly Use[]
  readonly fields: readonly Use[]
  /** The store's row of a key; undefined when it has none, or several. Null where no mirror is there to ask. */
  readonly known: ((key: Values) => Values | undefined) | null
  /** The store's keys, of a key of one column. */
  readonly index: KeyIndex | undefined
}

/** Where a file has the columns of uses. */
export const placesIn = ({ columns }: Table) => {
  const places = new Map(columns.map((name, at) => [name, at] as const).reverse())
  return (use: Use): number | undefined => places.get(use.column)
}

export type Place = ReturnType<typeof placesIn>

/** The key of a record once its cells are repaired, so that the store's row is found also where the zeros of a SKU are lost. */
export const keyOf = ({ keys, index }: Subject, cells: readonly string[], place: Place): Values | undefined => {
  const key: Record<string, Value> = {}
  for (const use of keys) {
    const at = place(use)
    const there = at === undefined ? '' : (cells[at] ?? '')
    const { text } = judgeCell({ text: there, use, column: NOTHING_USUAL, known: undefined, keys: index })
    const cell = use.read ? use.read(text) : { value: text.trim() }
    if ('reason' in cell || cell.value === undefined || cell.value === '') return undefined
    key[use.field] = cell.value
  }
  return keys.length > 0 ? key : undefined
}
