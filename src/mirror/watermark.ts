import { type Control, tables as sql } from './control.ts'
import type { Mirror } from './types.ts'

/** How far each sync has read its source. */
export const watermarksOf = (
  control: Control,
): Pick<Mirror, 'watermark' | 'saveWatermark' | 'dropWatermark' | 'endWatermark'> => ({
  watermark: (sync) => {
    const found = control.first(sql.selectFrom('sync_watermark').selectAll().where('sync', '=', sync))
    if (!found) return null
    const { ended, read_at: readAt, whole_at: wholeAt, in_stock: inStock, ...rest } = found
    return { ...rest, ended: ended === 1, readAt, wholeAt, inStock }
  },

  saveWatermark: ({ sync, ended, readAt, wholeAt, inStock, ...rest }) => {
    const row = { ...rest, ended: ended ? 1 : 0, read_at: readAt, whole_at: wholeAt, in_stock: inStock }
    control.run(
      sql
        .insertInto('sync_watermark')
        .values({ sync, ...row })
        .onConflict((conflict) => conflict.column('sync').doUpdateSet(row)),
    )
  },

  dropWatermark: (sync) => {
    control.run(sql.deleteFrom('sync_watermark').where('sync', '=', sync))
  },

  endWatermark: (sync, plan) => {
    control.run(sql.updateTable('sync_watermark').set({ ended: 1 }).where('sync', '=', sync).where('plan', '=', plan))
  },
})
