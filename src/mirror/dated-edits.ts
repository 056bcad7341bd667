import type { Db } from './file.ts'
import type { DatedEdits } from './types.ts'

/** What one reading of a parent and the rows inside it tells of edits that somebody made. */
export interface Sighting {
  /** The parent has another date than the one stored. */
  readonly isDated: boolean
  /** Something of the parent itself was edited, which dates it anyhow. */
  readonly isOwn: boolean
  /** Fields of rows inside it, by resource, that were edited. */
  readonly edited: readonly { readonly resource: string; readonly field: string }[]
}

/** Whether the store dates a parent when a row inside it is edited: nobody promises it, so it is learned from what pulls meet. */
export interface DatedEditsBook {
  learn(sighting: Sighting, at: string): void
  of(resource: string): readonly DatedEdits[]
}

export const datedEditsOf = (db: Db): DatedEditsBook => {
  const add = db.prepare(
    `INSERT INTO sync_dated_edit (resource, field, dated, undated, at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET dated = dated + excluded.dated, undated = undated + excluded.undated, at = excluded.at`,
  )
  const known = db.prepare('SELECT field, dated, undated, at FROM sync_dated_edit WHERE resource = ? ORDER BY field')
  return {
    learn: ({ isDated, isOwn, edited }, at) => {
      // Another edit may be what the date is of; that no edit has one is plain.
      if (isDated && (isOwn || edited.length !== 1)) return
      for (const { resource, field } of edited) add.run(resource, field, isDated ? 1 : 0, isDated ? 0 : 1, at)
    },
    of: (resource) => known.all(resource) as DatedEdits[],
  }
}
