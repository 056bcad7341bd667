import type { Resource, Value, Values } from '../model/index.ts'
import type { Cell } from './column.ts'
import type { Control } from './control.ts'
import type { Db } from './file.ts'
import { keyCells, keyCondition, quoted, rowKey, type Table, tableNamed } from './table.ts'

export interface Sent {
  /** What rows of one parent were made from, the rows that are gone included. */
  sent(resource: Resource, parent: Value): readonly SentRow[]
  /** Takes the place of what was known of the same rows; a row whose file is the one named shows it from now on. */
  saveSent(resource: Resource, parent: Value, rows: readonly SentRow[]): void
}

/** What one row of the store was made from. */
export interface SentRow {
  /** The row's own key, as `keyText` makes it. */
  readonly key: string
  readonly address: string
  /** The store's file of it at that time. */
  readonly file: string
  /** UTC ISO-8601. */
  readonly at: string
}

/** What rows of the store were made from, where the API does not tell it. */
export const sentOf = (control: Control, tables: ReadonlyMap<string, Table>): Sent => {
  const { db, atOnce } = control
  const ofParent = db.prepare(
    'SELECT key, address, file, at FROM sync_sent WHERE resource = ? AND parent = ? ORDER BY key',
  )
  const put = db.prepare(
    `INSERT INTO sync_sent (resource, key, parent, address, file, at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET parent = excluded.parent, address = excluded.address, file = excluded.file, at = excluded.at`,
  )
  const supersede = db.prepare('DELETE FROM sync_sent WHERE resource = ? AND parent = ? AND address = ? AND key <> ?')
  return {
    sent: ({ name }, parent) => ofParent.all(name, String(parent)) as SentRow[],
    saveSent: (resource, parent, rows) =>
      atOnce(() => {
        for (const { key, address, file, at } of rows) {
          // A thing that was deleted in the store and sent again goes by its new key.
          supersede.run(resource.name, String(parent), address, key)
          put.run(resource.name, key, String(parent), address, file, at)
          show(db, tableNamed(tables, resource.name), { key, address, file })
        }
      }),
  }
}

/** The row that is there shows at once what it was made from. */
const show = (db: Db, table: Table, { key, address, file }: Pick<SentRow, 'key' | 'address' | 'file'>): void => {
  const { resource } = table
  if (!resource.sent) throw new TypeError(`${resource.name} has nothing that the API does not tell`)
  db.prepare(
    `UPDATE ${quoted(table.name)} SET ${quoted(resource.sent.from)} = ? WHERE ${keyCondition(table)} AND ${quoted(resource.sent.file)} = ?`,
  ).run(address, ...keyCells(table, keyValues(resource, key)), file)
}

const keyValues = (resource: Resource, text: string): Values => {
  const parts = text.split('\t')
  return Object.fromEntries(resource.key.map((name, at) => [name, parts[at] ?? null]))
}

/** Puts into the cells of a row what it was made from; nothing where nobody knows, or where its file is another one by now. */
export const recaller = (db: Db, table: Table): ((cells: Cell[]) => void) => {
  const { sent } = table.resource
  if (!sent) return () => {}
  const names = table.columns.map(({ name }) => name)
  const [from, file] = [names.indexOf(sent.from), names.indexOf(sent.file)]
  const find = db.prepare('SELECT address FROM sync_sent WHERE resource = ? AND key = ? AND file = ?').pluck()
  return (cells) => {
    cells[from] = (find.get(table.name, rowKey(table, cells), cells[file]) as string | undefined) ?? null
  }
}
