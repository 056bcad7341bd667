import { Kysely, sql } from 'kysely'
import { type EditResult, matchText, SourceRefusedError } from '../../model/index.ts'
import { type CellEdit, judgeAddition, judgeEdit } from '../edit-row.ts'
import { type Mapping, mapRow } from '../mapping.ts'
import type { Connection } from './engine.ts'
import { orLost } from './or-lost.ts'
import { isWaiting } from './refusal.ts'
import { openSnapshot, type Place } from './snapshot.ts'
import { type Aim, type RowWrite, textOf, writeRow } from './write-row.ts'

/**
 * Writes values into rows of a table, and adds the rows that it is to get. The rows are found by their keys as a reading understands them, and each statement names the
 * value that was there, so a row that changed in the meantime is left alone and told. Each row is read again before it counts as
 * written, so a value that the column rounds or cuts is not. Rows go in batches of a transaction each: after a failure some batches
 * may be in, whose rows are `already` the next time.
 * @param rehearsed Everything is done and then rolled back.
 * @throws {SourceRefusedError} when the database cannot be reached, the connection is lost, or the table knows no transactions.
 */
export const writeBack = async (
  place: Place,
  table: readonly string[],
  mapping: Mapping,
  edits: readonly CellEdit[],
  rehearsed: boolean,
): Promise<readonly EditResult[]> => {
  const rows = await rowsOf(place, mapping, edits)
  const tasks: Task[] = []
  const results = edits.map((edit, index): EditResult => {
    const values = rows.get(matchText(edit.key))
    const isNew = edit.adds && values === undefined
    const judged = isNew
      ? judgeAddition(mapping, edit, NUMERIC)
      : judgeEdit(mapping, values === null ? null : values?.map(textOf), edit, NUMERIC)
    if (judged.kind !== 'edit') return judged
    if (edit.adds && !isNew) return { kind: 'left', reason: 'a row with its key came into the source meanwhile' }
    tasks.push({ index, values: values ?? null, texts: judged.texts })
    return { kind: 'written' }
  })
  if (!tasks.length) return results
  const session = await openSession(place, table, mapping)
  try {
    await refuseLasting(session)
    for (let at = 0; at < tasks.length; at += BATCH) {
      const left = await writeBatch(session, tasks.slice(at, at + BATCH), rehearsed)
      for (const [index, reason] of left) results[index] = { kind: 'left', reason }
    }
  } finally {
    await session.close()
  }
  return results
}

const BATCH = 100

/** True and false as 1 and 0, which every engine takes for its own booleans. */
const NUMERIC = '0'

interface Task extends RowWrite {
  /** Of its edit. */
  readonly index: number
}

/** The rows of the wanted keys as they are now; null for a key that is there more than once. */
const rowsOf = async (
  place: Place,
  mapping: Mapping,
  edits: readonly CellEdit[],
): Promise<ReadonlyMap<string, readonly unknown[] | null>> => {
  const wanted = new Set(edits.map(({ key }) => matchText(key)))
  const found = new Map<string, readonly unknown[] | null>()
  const snapshot = await openSnapshot(place, { columns: mapping.columns, order: [] })
  try {
    for await (const batch of snapshot.batches) {
      for (const values of batch) {
        const item = mapRow(mapping, 0, values.map(textOf))
        const key = 'row' in item ? item.row.key : item.rejection.key
        const text = key && matchText(key)
        if (text === undefined || !wanted.has(text)) continue
        found.set(text, found.has(text) ? null : values)
      }
    }
    await snapshot.finish()
  } finally {
    await snapshot.close()
  }
  return found
}

interface Session extends Aim {
  readonly db: Kysely<unknown>
  readonly connection: Connection
  close(): Promise<void>
}

const openSession = async (place: Place, table: readonly string[], mapping: Mapping): Promise<Session> => {
  const connection = await place.engine.connect('write').catch((error: unknown) => {
    throw place.refused(error)
  })
  const db = new Kysely<unknown>({ dialect: connection.dialect })
  return {
    place,
    table,
    mapping,
    db,
    connection,
    close: async () => {
      if (connection.lost.aborted) connection.abort()
      else await db.destroy()
    },
  }
}

/** What cannot be taken back is not written: not in a rehearsal, and not a batch of which one row is refused. */
const refuseLasting = async ({ place, table, db, connection }: Session): Promise<void> => {
  const query = place.engine.lasting?.(table)
  if (!query) return
  const { rows } = await orLost(query.execute(db), connection.lost).catch((error: unknown) => {
    throw place.refused(error)
  })
  const [found] = rows
  if (!found) return
  throw new SourceRefusedError(`${place.origin} is stored by ${found.storage}, which knows no transactions`, {
    where: place.origin,
    hint: 'move the table to InnoDB, or leave "write" out',
  })
}

/** One transaction; a row that the database does not take is put aside and the others begin anew. @returns what was left, and why. */
const writeBatch = async (
  session: Session,
  tasks: readonly Task[],
  rehearsed: boolean,
): Promise<ReadonlyMap<number, string>> => {
  const refusedRows = new Map<number, string>()
  for (;;) {
    const rest = tasks.filter(({ index }) => !refusedRows.has(index))
    if (!rest.length) return refusedRows
    const { fault, moved } = await attempt(session, rest, rehearsed)
    if (!fault) return new Map([...refusedRows, ...moved])
    refusedRows.set(fault.index, fault.reason)
  }
}

interface Attempt {
  /** The row at which everything was rolled back. */
  readonly fault?: { readonly index: number; readonly reason: string }
  /** Rows that nothing was written to, because they changed. */
  readonly moved: ReadonlyMap<number, string>
}

const attempt = async (session: Session, tasks: readonly Task[], rehearsed: boolean): Promise<Attempt> => {
  const { place, db, connection } = session
  const answer = <T>(work: Promise<T>): Promise<T> => orLost(work, connection.lost)
  const moved = new Map<number, string>()
  try {
    const transaction = await answer(db.startTransaction().execute())
    for (const statement of place.engine.prepare) await answer(sql.raw(statement).execute(transaction))
    for (const task of tasks) {
      const outcome = await answer(writeRow(session, transaction, task)).catch((error: unknown) => {
        if (isWaiting(error)) throw error
        return { reason: place.words(error) }
      })
      if (outcome === 'moved') moved.set(task.index, 'changed in the source while it was written')
      else if (outcome !== 'written') {
        // A database that can still roll back is there, so it is the row that it does not take.
        await answer(transaction.rollback().execute())
        return { fault: { index: task.index, reason: outcome.reason }, moved }
      }
    }
    await answer(rehearsed ? transaction.rollback().execute() : transaction.commit().execute())
    return { moved }
  } catch (error) {
    throw place.refused(error)
  }
}
