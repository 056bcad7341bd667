import { type Control, tables as sql } from './control.ts'

export interface KnownLists {
  /**
   * Lists of a resource that each row of another one has, by that one's key: all of their rows are known as long as that row bears this
   * date.
   */
  knownLists(resource: string): ReadonlyMap<number, string>
  saveKnownLists(resource: string, lists: Iterable<readonly [number, string]>): void
}

/** Lists whose rows are all known, by the date of the row that has them. */
export const knownListsOf = (control: Control): KnownLists => ({
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
