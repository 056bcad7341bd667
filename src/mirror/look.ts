import { type Control, tables as sql } from './control.ts'

export interface Looks {
  /** What lay behind an address of the web when it was last looked at. */
  look(address: string): LookRow | null
  saveLooks(rows: readonly LookRow[]): void
}

/** What lay behind an address of the web. */
export interface LookRow {
  readonly address: string
  /** Hash of the bytes, in hex. */
  readonly sha256: string
  /** What the server calls that version of it; null where it does not say. */
  readonly etag: string | null
  readonly modified: string | null
  /** UTC ISO-8601. */
  readonly at: string
}

/** What lay behind addresses of the web. */
export const looksOf = (control: Control): Looks => ({
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
