import { type Control, tables as sql } from './control.ts'
import type { Mirror } from './types.ts'

/** How late the store was seen to show what was written to it. */
export const settleOf = (control: Control): Pick<Mirror, 'lateSettles' | 'saveLateSettle'> => ({
  lateSettles: () =>
    control
      .all(sql.selectFrom('sync_settle').selectAll().orderBy('id'))
      .map(({ lag_ms: lagMs, settle_ms: settleMs, resource, run, plan, at }) => ({
        resource,
        lagMs,
        settleMs,
        run,
        plan,
        at,
      })),
  saveLateSettle: ({ lagMs, settleMs, ...named }) => {
    control.run(sql.insertInto('sync_settle').values({ ...named, lag_ms: lagMs, settle_ms: settleMs }))
  },
})
