import { type Control, tables as sql } from './control.ts'
import type { Mirror } from './types.ts'

/** What the last copy told of another store's rows that it left as they are. */
export const behindOf = (control: Control): Pick<Mirror, 'behind' | 'saveBehind'> => ({
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
