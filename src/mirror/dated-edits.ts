import type { Db } from './file.ts'

/** How often edits of a field of rows inside others were met with a new date of the row that they ride in, and without one. */
export interface DatedEdits {
  readonly field: string
  readonly dated: number
  readonly undated: number
  /** When one was met last, UTC ISO-8601. */
  readonly at: string
}

/** What one reading of a parent and the rows inside it tells of edits that somebody made. */
export interface Sighting {
  /** The parent has another date than the one stored. */
  readonly isDated: boolean
  /** The reading brought every row, and not only those with a new date. */
  readonly isWhole: boolean
  /** Something of the parent itself was edited that dates it anyhow. */
  readonly isOwn: boolean
  /** Fields that were edited, by resource: of rows inside it, and its own stock. */
  readonly edited: readonly { readonly resource: string; readonly field: string }[]
  /** The parent and the rows inside it, with keys as the change log writes them. */
  readonly rows: () => readonly { readonly resource: string; readonly key: string }[]
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
  const unread = db.prepare('SELECT 1 FROM sync_unsettled WHERE resource = ? AND key = ? LIMIT 1').pluck()
  const known = db.prepare('SELECT field, dated, undated, at FROM sync_dated_edit WHERE resource = ? ORDER BY field')
  return {
    learn: ({ isDated, isWhole, isOwn, edited, rows }, at) => {
      // Where only dated rows are read, every edit is. Another edit may be what the date is of; that no edit has one is plain.
      if (isDated && (!isWhole || isOwn || new Set(edited.map(({ field }) => field)).size !== 1)) return
      // Since the last reading we wrote something of it ourselves: the date may be of that, and the edit our own.
      if (isDated && rows().some(({ resource, key }) => unread.get(resource, key) !== undefined)) return
      for (const { resource, field } of edited) add.run(resource, field, isDated ? 1 : 0, isDated ? 0 : 1, at)
    },
    of: (resource) => known.all(resource) as DatedEdits[],
  }
}
