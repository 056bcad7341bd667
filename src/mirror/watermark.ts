import { type Control, tables as sql } from './control.ts'

export interface Watermarks {
  /** How far a sync has read its source; null where the next reading is a whole one. */
  watermark(sync: string): WatermarkRecord | null
  saveWatermark(record: WatermarkRecord): void
  dropWatermark(sync: string): void
  /** The plan has ended with nothing left open; says nothing where the last reading was for another plan. */
  endWatermark(sync: string, plan: string): void
}

/** How far a sync has read a source whose rows say when they were changed. */
export interface WatermarkRecord {
  readonly sync: string
  /** The plan that was made of that reading, and whether it has ended with nothing left open. */
  readonly plan: string
  readonly ended: boolean
  /** The greatest of that reading, as the source writes it. */
  readonly watermark: string
  /** When it began, UTC ISO-8601. */
  readonly readAt: string
  /** Hash of the rules, the store and the place that it was read by. */
  readonly bound: string
  /** Of the last whole reading: when it began, UTC ISO-8601, and what its guards weighed changes against. */
  readonly wholeAt: string
  readonly matched: number
  readonly inStock: number
}

/** How far each sync has read its source. */
export const watermarksOf = (control: Control): Watermarks => ({
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
