import { type Control, tables as sql } from './control.ts'
import type { Mirror } from './types.ts'

/** What lay behind addresses of the web. */
export const looksOf = (control: Control): Pick<Mirror, 'look' | 'saveLooks'> => ({
  look: (address) => control.first(sql.selectFrom('sync_look').selectAll().where('address', '=', address)) ?? null,
  saveLooks: (rows) =>
    control.atOnce(() => {
      for (const row of rows) {
        control.run(
          sql
            .insertInto('sync_look')
            .values(row)
            .onConflict((conflict) => conflict.column('address').doUpdateSet(row)),
        )
      }
    }),
})
