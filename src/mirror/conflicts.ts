import { matchText, type Value, type Values } from '../model/index.ts'
import { type Control, type ControlTables, tables as sql } from './control.ts'

export interface Conflicts {
  /**
   * The open conflicts of a sync, as a plan found them now; those that it found no more are settled, apart from those that stay.
   * One that comes again although it was decided is a new one: the decision was about other values.
   */
  saveConflicts(
    sync: string,
    rows: readonly Omit<ConflictRow, 'id' | 'since' | 'settled' | 'decision'>[],
    stay: readonly string[],
    at: string,
  ): void
  /** The open ones, oldest first; of one sync, or of all. */
  conflicts(sync: string | null): readonly ConflictRow[]
  conflict(id: string): ConflictRow | undefined
  /** Those of one key (`matchText`), the settled ones too, newest first. */
  conflictsOfKey(sync: string, key: string, limit: number): readonly ConflictRow[]
  decide(id: string, decision: Decision): void
  settle(ids: readonly string[], at: string): void
}

/** A field that both sides changed to different values. */
export interface ConflictRow {
  /** Such as `c3`; the same as long as it is open. */
  readonly id: string
  readonly sync: string
  readonly resource: string
  readonly key: Values
  readonly entity: Values
  readonly label: string | null
  /** Line of the source row. */
  readonly line: number | null
  readonly field: string
  readonly base: Value
  readonly store: Value
  readonly source: Value
  /** When each side was last changed, as far as it tells; UTC ISO-8601. */
  readonly storeAt: string | null
  readonly sourceAt: string | null
  /** The plan that saw it last. */
  readonly plan: string
  readonly since: string
  /** When a plan found it no more; null while it is open. */
  readonly settled: string | null
  readonly decision: Decision | null
}

/** What a person said about a conflict. */
export interface Decision {
  /** `store`, `source`, or the value as it was written. */
  readonly take: string
  readonly value: Value
  readonly by: string
  readonly at: string
  /** The last plan that carries it out; null when nothing had to be. */
  readonly plan: string | null
}

/** Fields that both sides changed, each with a number that it keeps while it is open. */
export const conflictsOf = (control: Control): Conflicts => {
  const all = () => sql.selectFrom('sync_conflict').selectAll()
  const open = () => all().where('settled', 'is', null)
  const settle = (number: number, at: string): void => {
    control.run(sql.updateTable('sync_conflict').set({ settled: at }).where('number', '=', number))
  }
  return {
    saveConflicts: (sync, rows, stay, at) =>
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
          if (known && known.decision === null) {
            control.run(sql.updateTable('sync_conflict').set(now).where('number', '=', known.number))
          } else {
            if (known) settle(known.number, at)
            control.run(sql.insertInto('sync_conflict').values({ ...now, since: at }))
          }
        }
        for (const { number } of before.values()) if (!stay.includes(idOf(number))) settle(number, at)
      }),

    conflicts: (sync) => {
      const query = open().orderBy('number')
      return control.all(sync === null ? query : query.where('sync', '=', sync)).map(rowOf)
    },

    conflict: (id) => {
      const number = numberOf(id)
      const found = number === undefined ? undefined : control.first(all().where('number', '=', number))
      return found && rowOf(found as Stored)
    },

    conflictsOfKey: (sync, key, limit) =>
      control
        .all(all().where('sync', '=', sync).where('match', '=', key).orderBy('number', 'desc').limit(limit))
        .map(rowOf),

    decide: (id, decision) => {
      control.run(
        sql
          .updateTable('sync_conflict')
          .set({ decision: JSON.stringify(decision) })
          .where('number', '=', numberOf(id) ?? 0),
      )
    },

    settle: (ids, at) =>
      control.atOnce(() => {
        for (const id of ids) settle(numberOf(id) ?? 0, at)
      }),
  }
}

const idOf = (number: number): string => `c${number}`

const numberOf = (id: string): number | undefined => {
  const digits = /^c(\d+)$/.exec(id)?.[1]
  return digits === undefined ? undefined : Number(digits)
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
  id: idOf(number),
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
