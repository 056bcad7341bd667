import { type Control, tables as sql } from './control.ts'
import type { Mirror } from './types.ts'

/** How fast the store was seen to answer. */
export const paceOf = (control: Control): Pick<Mirror, 'pace' | 'savePace'> => ({
  pace: () => {
    const found = control.first(sql.selectFrom('sync_pace').selectAll().where('id', '=', 1))
    if (!found) return null
    const { quota, window_ms: windowMs, median_ms: medianMs, p95_ms: p95Ms, requests, at } = found
    return { quota, windowMs, medianMs, p95Ms, requests, at }
  },
  savePace: ({ quota, windowMs, medianMs, p95Ms, requests, at }) => {
    const row = { quota, window_ms: windowMs, median_ms: medianMs, p95_ms: p95Ms, requests, at }
    control.run(
      sql
        .insertInto('sync_pace')
        .values({ id: 1, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row)),
    )
  },
})
