import { type Control, tables as sql } from './control.ts'
import type { Mirror } from './types.ts'

/** Lists whose rows are all known, by the date of the row that has them. */
export const knownListsOf = (control: Control): Pick<Mirror, 'knownLists' | 'saveKnownLists'> => ({
  knownLists: (resource) =>
    new Map(
      control
        .all(sql.selectFrom('sync_list').select(['of', 'date']).where('resource', '=', resource))
        .map(({ of, date }) => [of, date]),
    ),

  saveKnownLists: (resource, lists) =>
    control.atOnce(() => {
      for (const [of, date] of lists)
        control.run(
          sql
            .insertInto('sync_list')
            .values({ resource, of, date })
            .onConflict((conflict) => conflict.columns(['resource', 'of']).doUpdateSet({ date })),
        )
    }),
})
