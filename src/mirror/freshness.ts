import { type Control, tables as sql } from './control.ts'
import type { PullState } from './pulls.ts'
import { quoted, type Table, tableNamed } from './table.ts'

export interface Freshness {
  readonly resource: string
  readonly complete: boolean
  /** Start of the last complete pull, UTC ISO-8601; null when there was none. */
  readonly asOf: string | null
  /** The same of the last complete pull that read everything. */
  readonly fullAsOf: string | null
  readonly watermark: string | null
  readonly rows: number
  readonly pull: number
}

/** How far the rows of each resource can be trusted. The caller holds the transaction. */
export interface FreshnessBook {
  begun(pull: PullState, resource: string): void
  /**
   * A pull proved itself complete. An incremental one proves only resources that were complete up to where it started, so one
   * that rode along for the first time stays incomplete until a full pull.
   */
  proven(pull: PullState, resource: string, watermark: string | null): void
  of(resource: string): Freshness | null
}

export const freshnessOf = (control: Control, tables: ReadonlyMap<string, Table>): FreshnessBook => {
  const stored = (resource: string) =>
    control.first(sql.selectFrom('sync_freshness').selectAll().where('resource', '=', resource))
  return {
    begun: ({ pull }, resource) => {
      control.run(
        sql
          .insertInto('sync_freshness')
          .values({ resource, pull, complete: 0 })
          .onConflict((conflict) => conflict.column('resource').doUpdateSet({ pull, complete: 0 })),
      )
    },
    proven: (pull, resource, watermark) => {
      const before = stored(resource)
      const upToSince = pull.since !== null && before?.watermark != null && pull.since <= before.watermark
      if (!pull.full && !upToSince) return
      control.run(
        sql
          .updateTable('sync_freshness')
          .set({
            complete: 1,
            as_of: pull.started,
            watermark: watermark ?? before?.watermark ?? null,
            full_as_of: pull.full ? pull.started : (before?.full_as_of ?? null),
          })
          .where('resource', '=', resource),
      )
    },
    of: (resource) => {
      const known = stored(resource)
      if (!known) return null
      const table = tableNamed(tables, resource)
      const rows = control.db
        .prepare(`SELECT count(*) FROM ${quoted(table.name)}`)
        .pluck()
        .get() as number
      const { pull, complete, as_of: asOf, full_as_of: fullAsOf, watermark } = known
      return { resource, complete: complete === 1, asOf, fullAsOf, watermark, rows, pull }
    },
  }
}
