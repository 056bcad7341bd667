import type { Agreement, BaseRow } from './agreement.ts'
import type { Control } from './control.ts'

/**
 * Base rows that wait outside memory until it is known whether they are to be saved: a temporary table of SQLite, which is in no
 * folder and gone with the connection.
 */
export const asideOf = (
  { db, atOnce }: Control,
  saveBase: Agreement['saveBase'],
): Pick<Agreement, 'setAside' | 'saveAside'> => {
  db.exec('CREATE TEMP TABLE IF NOT EXISTS aside (number INTEGER PRIMARY KEY, key TEXT, entity TEXT, fields TEXT)')
  const clear = db.prepare('DELETE FROM temp.aside')
  const put = db.prepare('INSERT INTO temp.aside (key, entity, fields) VALUES (?, ?, ?)')
  const page = db.prepare(
    `SELECT number, key, entity, fields FROM temp.aside WHERE number > ? ORDER BY number LIMIT 1000`,
  )
  const isFirst = db.prepare('SELECT NOT EXISTS (SELECT 1 FROM sync_base WHERE sync = ?)').pluck()
  const move = db.prepare(
    'INSERT INTO sync_base (sync, key, entity, fields, at) SELECT ?, key, entity, fields, ? FROM temp.aside ORDER BY key',
  )
  return {
    setAside: (rows, isBeginning) =>
      atOnce(() => {
        if (isBeginning) clear.run()
        for (const { key, entity, fields } of rows) put.run(key, entity, JSON.stringify(fields))
      }),

    saveAside: (sync, at) =>
      atOnce(() => {
        // In the order of the table that they go to, a million are written in a fraction of the time.
        if (isFirst.get(sync) === 1) move.run(sync, at)
        else {
          for (let rows = page.all(0) as AsideRow[]; rows.length; rows = page.all(rows.at(-1)?.number) as AsideRow[]) {
            const parsed = rows.map(({ key, entity, fields }): BaseRow => ({ key, entity, fields: JSON.parse(fields) }))
            saveBase(sync, parsed, at)
          }
        }
        clear.run()
      }),
  }
}

interface AsideRow {
  readonly number: number
  readonly key: string
  readonly entity: string
  readonly fields: string
}
