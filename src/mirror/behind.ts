import { type Control, tables as sql } from './control.ts'

export interface Behind {
  /** What the last copy told of that store's rows that it left as they are. */
  behind(source: string, resource: string): readonly BehindRow[]
  /** Takes the place of all that was known of the resource. */
  saveBehind(source: string, resource: string, rows: readonly BehindRow[]): void
}

/** What the last copy of a migration told of a row that it left as it is. */
export interface BehindRow {
  /** Key of the other store's row, as `keyText` makes it. */
  readonly from: string
  /** Hash of what that held; null where the other store has it no more. */
  readonly print: string | null
  readonly reason: string
}

/** What the last copy told of another store's rows that it left as they are. */
export const behindOf = (control: Control): Behind => ({
  behind: (source, resource) =>
    control
      .all(
        sql
          .selectFrom('sync_behind')
          .select(['from_key', 'print', 'reason'])
          .where('source', '=', source)
          .where('resource', '=', resource),
      )
      .map(({ from_key: from, print, reason }) => ({ from, print, reason })),

  saveBehind: (source, resource, rows) =>
    control.atOnce(() => {
      control.run(sql.deleteFrom('sync_behind').where('source', '=', source).where('resource', '=', resource))
      for (const { from, print, reason } of rows)
        control.run(sql.insertInto('sync_behind').values({ source, resource, from_key: from, print, reason }))
    }),
})
