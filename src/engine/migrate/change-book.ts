import type { ChangedRow, ResourceChanges, ToldRow } from '../../model/index.ts'

/** Rows as they are found: what changed since the last copy, and what that told of rows that it left as they are. */
export class ChangeBook {
  readonly rows: ChangedRow[] = []
  readonly told: ToldRow[] = []

  count(resource: string, rows: number, found: Iterable<FoundChange>): ResourceChanges {
    const counts = { added: 0, changed: 0, gone: 0, told: 0 }
    for (const one of found) {
      if ('reason' in one) {
        counts.told += 1
        if (this.told.length < MOST_LISTED) this.told.push({ resource, ...one })
      } else {
        counts[one.what] += 1
        if (this.rows.length < MOST_LISTED) this.rows.push({ resource, ...one })
      }
    }
    return { resource, rows, ...counts }
  }
}

export type FoundChange = Omit<ChangedRow, 'resource'> | Omit<ToldRow, 'resource'>

const MOST_LISTED = 10_000
