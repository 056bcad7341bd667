import { matchText } from '../model/index.ts'
import { type Control, type ControlTables, tables as sql } from './control.ts'
import type { ConflictRow, Mirror } from './types.ts'

type Conflicts = Pick<Mirror, 'saveConflicts' | 'conflicts' | 'conflict' | 'decide'>

/** Fields that both sides changed, each with a number that it keeps while it is open. */
export const conflictsOf = (control: Control): Conflicts => {
  const open = () => sql.selectFrom('sync_conflict').selectAll().where('settled', 'is', null)
  return {
    saveConflicts: (sync, rows, at) =>
      control.atOnce(() => {
        const before = new Map(
          control.all(open().where('sync', '=', sync)).map((row) => [`${row.match}\n${row.field}`, row]),
        )
        for (const { key, entity, base, store, source, storeAt, sourceAt, ...row } of rows) {
          const match = matchText(key)
          const known = before.get(`${match}\n${row.field}`)
          before.delete(`${match}\n${row.field}`)
          const now = {
            ...row,
            match,
            key: JSON.stringify(key),
            entity: JSON.stringify(entity),
            base: JSON.stringify(base),
            store: JSON.stringify(store),
            source: JSON.stringify(source),
            store_at: storeAt,
            source_at: sourceAt,
          }
          control.run(
            known
              ? sql.updateTable('sync_conflict').set(now).where('number', '=', known.number)
              : sql.insertInto('sync_conflict').values({ ...now, since: at }),
          )
        }
        for (const { number } of before.values())
          control.run(sql.updateTable('sync_conflict').set({ settled: at }).where('number', '=', number))
      }),

    conflicts: (sync) => {
      const query = open().orderBy('number')
      return control.all(sync === null ? query : query.where('sync', '=', sync)).map(rowOf)
    },

    conflict: (id) => {
      const number = /^c(\d+)$/.exec(id)?.[1]
      if (number === undefined) return undefined
      const found = control.first(sql.selectFrom('sync_conflict').selectAll().where('number', '=', Number(number)))
      return found && rowOf(found as Stored)
    },

    decide: (id, decision) => {
      const number = Number(id.slice(1))
      control.run(
        sql
          .updateTable('sync_conflict')
          .set({ decision: JSON.stringify(decision) })
          .where('number', '=', number),
      )
    },
  }
}

type Stored = Omit<ControlTables['sync_conflict'], 'number' | 'settled' | 'decision'> & {
  readonly number: number
  readonly settled: string | null
  readonly decision: string | null
}

const rowOf = ({
  number,
  match: _match,
  key,
  entity,
  base,
  store,
  source,
  store_at,
  source_at,
  decision,
  ...row
}: Stored): ConflictRow => ({
  id: `c${number}`,
  ...row,
  key: JSON.parse(key),
  entity: JSON.parse(entity),
  base: JSON.parse(base),
  store: JSON.parse(store),
  source: JSON.parse(source),
  storeAt: store_at,
  sourceAt: source_at,
  decision: decision === null ? null : JSON.parse(decision),
})
