import type { Value } from '../model/index.ts'
import { asideOf } from './aside.ts'
import { type Control, tables as sql } from './control.ts'
import type { BaseRow, Mirror } from './types.ts'

type Agreement = Pick<
  Mirror,
  | 'base'
  | 'saveBase'
  | 'setAside'
  | 'saveAside'
  | 'dropBase'
  | 'acceptedSnapshot'
  | 'saveSnapshot'
  | 'unsettled'
  | 'saveUnsettled'
  | 'dropUnsettled'
>

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
