import type { ColumnShape, SnapshotSummary, Value } from '../model/index.ts'
import { asideOf } from './aside.ts'
import { type Control, tables as sql } from './control.ts'

export interface Agreement {
  /** Base rows by key (`matchText`), or all of them in constant memory. */
  base(sync: string): {
    get(key: string): BaseRow | undefined
    all(): IterableIterator<BaseRow>
    keys(): IterableIterator<string>
    count(): number
  }
  /** Merges field by field into what is there of the same entity, and takes the place of what was agreed on another. */
  saveBase(sync: string, rows: readonly BaseRow[], at: string): void
  /** Sets base rows aside outside memory, after those that were set aside before; a new beginning drops them. */
  setAside(rows: readonly BaseRow[], isBeginning: boolean): void
  /** Saves what was set aside. */
  saveAside(sync: string, at: string): void
  dropBase(sync: string, keys: readonly string[]): void
  acceptedSnapshot(sync: string): SnapshotRecord | null
  saveSnapshot(record: SnapshotRecord): void
  /** Those whose `until` lies after a reading at `asOf`. */
  unsettled(asOf: string): readonly Unsettled[]
  saveUnsettled(rows: readonly Unsettled[]): void
  /** Forgets those that a reading after `until` has replaced. */
  dropUnsettled(rows: readonly Pick<Unsettled, 'resource' | 'key' | 'field'>[]): void
}

/** Of one key of a sync: field to what store and source held when both last agreed. */
export interface BaseRow {
  readonly key: string
  readonly entity: string
  readonly fields: Readonly<Record<string, BaseValue>>
}

interface BaseValue {
  readonly store: Value
  readonly source: Value
  readonly kept?: true
  readonly stands?: true
  /** When the store held its value, and since when nobody moved it unnoticed; UTC ISO-8601, of stock only. */
  readonly at?: string
  readonly since?: string
  /** We wrote it. */
  readonly ours?: true
}

interface SnapshotRecord extends SnapshotSummary {
  readonly sync: string
  readonly at: string
  readonly accepted: boolean
  /** Keys of the source that the store knows. */
  readonly matched: number
  /** By field; null in snapshots of before they were kept. */
  readonly columns: Readonly<Record<string, ColumnShape>> | null
  /** Hash of the config's sections that it was read under. */
  readonly config: string | null
}

/** A value that we wrote and that a reading before `until` neither confirms nor denies. */
export interface Unsettled {
  readonly resource: string
  readonly key: string
  readonly field: string
  readonly value: Value
  /** What the mirror held before it: what an early reading still shows. */
  readonly before: Value
  readonly appliedAt: string
  readonly until: string
}

/** What a sync's sides agreed on, which source it was, and what of our own writing is too young to be read back. */
export const agreementOf = (control: Control): Agreement => {
  const { db, atOnce } = control
  const byKey = db.prepare('SELECT key, entity, fields FROM sync_base WHERE sync = ? AND key = ?')
  const page = (where: string) =>
    db.prepare(`SELECT key, entity, fields FROM sync_base WHERE ${where} ORDER BY key LIMIT ${PAGE}`)
  const pages = { first: page('sync = ?'), next: page('sync = ? AND key > ?') }
  const keys = {
    first: db.prepare(`SELECT key FROM sync_base WHERE sync = ? ORDER BY key LIMIT ${PAGE}`).pluck(),
    next: db.prepare(`SELECT key FROM sync_base WHERE sync = ? AND key > ? ORDER BY key LIMIT ${PAGE}`).pluck(),
  }
  const count = db.prepare('SELECT count(*) FROM sync_base WHERE sync = ?').pluck()
  const put = db.prepare(
    `INSERT INTO sync_base (sync, key, entity, fields, at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET entity = excluded.entity, fields = excluded.fields, at = excluded.at`,
  )
  const drop = db.prepare('DELETE FROM sync_base WHERE sync = ? AND key = ?')
  const forgetUnsettled = db.prepare('DELETE FROM sync_unsettled WHERE resource = ? AND key = ? AND field = ?')
  const get = (sync: string, key: string): BaseRow | undefined => {
    const row = byKey.get(sync, key) as StoredBase | undefined
    return row && baseRow(row)
  }

  const saveBase: Agreement['saveBase'] = (sync, rows, at) =>
    atOnce(() => {
      for (const { key, entity, fields } of rows) {
        const before = get(sync, key)
        const merged = before?.entity === entity ? { ...before.fields, ...fields } : fields
        put.run(sync, key, entity, JSON.stringify(merged), at)
      }
    })

  return {
    base: (sync) => ({
      get: (key) => get(sync, key),
      all: function* () {
        // Page by page, because the connection takes no other statement while one is being read.
        let rows = pages.first.all(sync) as StoredBase[]
        while (rows.length > 0) {
          yield* rows.map(baseRow)
          rows = pages.next.all(sync, rows.at(-1)?.key) as StoredBase[]
        }
      },
      keys: function* () {
        let found = keys.first.all(sync) as string[]
        while (found.length > 0) {
          yield* found
          found = keys.next.all(sync, found.at(-1)) as string[]
        }
      },
      count: () => count.get(sync) as number,
    }),

    saveBase,
    ...asideOf(control, saveBase),

    dropBase: (sync, keys) =>
      atOnce(() => {
        for (const key of keys) drop.run(sync, key)
      }),

    acceptedSnapshot: (sync) => {
      const found = control.first(
        sql
          .selectFrom('sync_snapshot')
          .select(['sync', 'at', 'rows', 'rejected', 'matched', 'sha256', 'modified', 'origin', 'columns', 'config'])
          .where('sync', '=', sync)
          .where('accepted', '=', 1)
          .orderBy('id', 'desc')
          .limit(1),
      )
      const columns = found?.columns ? JSON.parse(found.columns) : null
      return found ? { ...found, accepted: true, columns } : null
    },

    saveSnapshot: ({ accepted, columns, sync, at, rows, rejected, matched, sha256, modified, origin, config }) => {
      const facts = { sync, at, rows, rejected, matched, sha256, modified, origin, config }
      control.run(
        sql
          .insertInto('sync_snapshot')
          .values({ ...facts, accepted: accepted ? 1 : 0, columns: columns && JSON.stringify(columns) }),
      )
    },

    unsettled: (asOf) =>
      control
        .all(
          sql
            .selectFrom('sync_unsettled')
            .selectAll()
            .where('until', '>', asOf)
            .orderBy('resource')
            .orderBy('key')
            .orderBy('field'),
        )
        .map(({ applied_at: appliedAt, value, before, ...row }) => ({
          ...row,
          value: JSON.parse(value) as Value,
          before: JSON.parse(before) as Value,
          appliedAt,
        })),

    saveUnsettled: (rows) =>
      atOnce(() => {
        for (const { resource, key, field, value, before, appliedAt, until } of rows) {
          const entry = { value: JSON.stringify(value), before: JSON.stringify(before), applied_at: appliedAt, until }
          control.run(
            sql
              .insertInto('sync_unsettled')
              .values({ resource, key, field, ...entry })
              .onConflict((conflict) => conflict.columns(['resource', 'key', 'field']).doUpdateSet(entry)),
          )
        }
      }),

    dropUnsettled: (rows) =>
      atOnce(() => {
        for (const { resource, key, field } of rows) forgetUnsettled.run(resource, key, field)
      }),
  }
}

const PAGE = 1000

interface StoredBase {
  readonly key: string
  readonly entity: string
  readonly fields: string
}

const baseRow = ({ key, entity, fields }: StoredBase): BaseRow => ({ key, entity, fields: JSON.parse(fields) })
