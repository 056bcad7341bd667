import type { ChildRow } from '../state.ts'
import type { Table } from '../table.ts'

/** One that moves back pushes those at its new place, and behind it, further back. */
export const makeRoom = (table: Table<ChildRow>, others: readonly ChildRow[], from: number, to: unknown): void => {
  if (typeof to !== 'number' || to <= from) return
  for (const row of others) {
    const place = Number(row['sort_order'])
    if (place >= to) table.update(row.id, { sort_order: place + 1 })
  }
}
