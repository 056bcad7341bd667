import { Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import { InterruptedError, SourceRefusedError } from '../../model/index.ts'
import type { Engine, Sql } from './engine.ts'
import { orLost } from './or-lost.ts'
import { type Watermark, watermarkOf } from './watermark.ts'

/** Where rows of a database come from. */
export interface Place {
  readonly engine: Engine
  /** A table, or a query in brackets. */
  readonly from: Sql
  /** For people; no secrets. */
  readonly origin: string
  /** Ends a reading that takes long. */
  readonly signal?: AbortSignal | undefined
  /** What a driver said, without the password of the address. */
  words(error: unknown): string
  /** What a failure of the driver is to a person; ours pass as they are. */
  refused(error: unknown): Error
}

/** What a reading asks for. */
export interface Wanted {
  /** Null for all that there are. */
  readonly columns: readonly string[] | null
  /** By which columns rows are put into order. */
  readonly order: readonly string[]
  /** The column whose greatest value is told. */
  readonly watermark?: Watermark | undefined
  /** Only rows that it holds true of. */
  readonly only?: Sql | undefined
}

/** The rows of one moment, each as the values that the driver gives. */
export interface Snapshot {
  readonly columns: readonly string[]
  /** The greatest of all rows, also those that are not asked for; null where none has one or no column is named. */
  readonly watermark: string | null
  /** In the order of the key. @throws {SourceRefusedError} when the server or the connection fails. */
  readonly batches: AsyncIterable<readonly (readonly unknown[])[]>
  /**
   * To be called after the last row.
   * @throws {SourceRefusedError} unless they are as many as the database counts, so that no half of them passes for the whole.
   */
  finish(): Promise<void>
  close(): Promise<void>
}

type Row = Readonly<Record<string, unknown>>

/**
 * Begins a transaction that reads and never writes, at a stable snapshot.
 * @param wanted Columns; null for all there are.
 * @param order Columns that order the rows; of all there are, those that are there.
 * @throws {SourceRefusedError} when the database cannot be reached.
 * @throws {InterruptedError} here or while rows come, when the signal says so.
 */
export const openSnapshot = async (place: Place, wanted: Wanted): Promise<Snapshot> => {
  const { order, watermark, only } = wanted
  const { engine, origin } = place
  const connection = await engine.connect('read').catch((error: unknown) => {
    throw place.refused(error)
  })
  const db = new Kysely<Record<string, Row>>({ dialect: connection.dialect })
  const over = place.signal ? AbortSignal.any([connection.lost, place.signal]) : connection.lost
  const answer = <T>(work: Promise<T>): Promise<T> =>
    orLost(work, over).catch((error: unknown) => {
      throw place.signal?.aborted ? stopped(origin) : place.refused(error)
    })
  const begin = db.startTransaction()
  const reading = engine.snapshot
    ? begin.setIsolationLevel(engine.snapshot).setAccessMode('read only').execute()
    : begin.execute()
  try {
    const transaction = await answer(reading)
    for (const statement of engine.prepare) await answer(sql.raw(statement).execute(transaction))
    const whole = transaction.selectFrom(place.from.as('source'))
    const source = only ? whole.where(only as RawBuilder<SqlBool>) : whole
    const max = watermark && whole.select(sql<unknown>`max(${sql.id('source', watermark.column)})`.as('greatest'))
    const greatest = max && (await answer(max.executeTakeFirst()))?.greatest
    const namesThere = async (): Promise<readonly string[]> => {
      const stream = whole.selectAll().stream(1)
      const first = await answer(stream.next())
      await answer(Promise.resolve(stream.return?.())).catch(() => undefined)
      return first.done ? [] : Object.keys(first.value)
    }
    const columns = wanted.columns ?? (await namesThere())
    const ordering = wanted.columns ? order : order.filter((column) => columns.includes(column))
    let rows = 0
    let isDone = false
    return {
      columns,
      watermark: watermark ? watermarkOf(greatest, watermark, engine, origin) : null,
      batches: (async function* () {
        let query = source.select(columns.map((column, at) => sql.id('source', column).as(`c${at}`)))
        for (const column of ordering) query = query.orderBy(sql.id('source', column))
        const stream = query.stream(BATCH)
        try {
          for (;;) {
            const batch = await answer(take(stream, columns.length))
            rows += batch.length
            if (batch.length) yield batch
            if (batch.length < BATCH) return
          }
        } finally {
          // Whoever stops in the middle leaves no statement open; one that failed has nothing to close.
          await answer(Promise.resolve(stream.return?.())).catch(() => undefined)
        }
      })(),
      finish: async () => {
        const counted = await answer(source.select(sql<unknown>`count(*)`.as('n')).executeTakeFirst())
        if (Number(counted?.n) !== rows) throw incomplete(origin, rows, String(counted?.n))
        // There is nothing to keep, whatever a query did.
        await answer(transaction.rollback().execute())
        isDone = true
      },
      close: async () => {
        if (isDone) await db.destroy()
        else connection.abort()
      },
    }
  } catch (error) {
    connection.abort()
    throw error
  }
}

const BATCH = 500

const take = async (stream: AsyncIterator<Row>, width: number): Promise<readonly (readonly unknown[])[]> => {
  const batch: (readonly unknown[])[] = []
  while (batch.length < BATCH) {
    const next = await stream.next()
    if (next.done) break
    const { value } = next
    batch.push(Array.from({ length: width }, (_, at) => value[`c${at}`]))
  }
  return batch
}

const stopped = (origin: string): InterruptedError =>
  new InterruptedError(`the reading of ${origin} was stopped`, { where: origin, hint: 'run the same command again' })

const incomplete = (origin: string, rows: number, counted: string): SourceRefusedError =>
  new SourceRefusedError(`${origin}: ${rows} rows came, and the database counts ${counted}`, {
    where: origin,
    hint: 'run again; when it stays so, the query gives other rows each time it is run',
  })
