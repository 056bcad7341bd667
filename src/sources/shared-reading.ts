import type { Since } from '../model/index.ts'
import type { Table, TableRecord } from './format.ts'
import type { Mapping } from './mapping.ts'
import { openSpool, type Spool } from './spool.ts'
import type { Finished, TableReading } from './table-source.ts'

/**
 * One reading of a table for several sources that map it each in its own way, one after the other. The first goes over the table and
 * sets its records aside in a private file; once its end has proved sound, the others get those records, and the same hash, instead
 * of another reading. So all see one snapshot, also when the table is replaced meanwhile.
 */
export interface SharedReading {
  /** What is asked of the table: it holds the columns of all of them. */
  readonly wanted: Pick<Mapping, 'columns' | 'keyColumns'>
  /** @param read goes over the table itself. */
  open(since: Since | undefined, read: () => Promise<TableReading>): Promise<TableReading>
  /** Whether the next reading needs nothing of the table itself. */
  isKept(since?: Since): boolean
  /** To be called before the table is written to: what is read after that is read anew. */
  forget(): Promise<void>
}

/** @param folder where the records lie; the system's folder for temporary files when absent. `forget` ends it. */
export const sharedReading = (wanted: SharedReading['wanted'], folder?: string): SharedReading => {
  let kept: Kept | undefined
  const isKept = (since?: Since): boolean => kept !== undefined && kept.since === textOf(since)
  const forget = async (): Promise<void> => {
    const { spool } = kept ?? {}
    kept = undefined
    await spool?.close()
  }
  return {
    wanted,
    isKept,
    forget,
    open: async (since, read) => {
      if (kept && isKept(since)) return replayed(kept)
      await forget()
      const spool = await openSpool<TableRecord>(folder)
      try {
        return recorded(await read(), spool, (whole) => {
          kept = { ...whole, since: textOf(since) }
        })
      } catch (error) {
        await spool.close()
        throw error
      }
    },
  }
}

interface Whole {
  readonly table: Omit<Table, 'batches'>
  readonly spool: Spool<TableRecord>
  readonly facts: Finished
}

interface Kept extends Whole {
  /** Which part of the table was asked for. */
  readonly since: string
}

const textOf = (since: Since | undefined): string => (since ? JSON.stringify([since.watermark, since.at]) : '')

/** A reading that sets aside what passes, and hands it over when it is whole. */
const recorded = (
  { table: { batches, ...table }, finish, close }: TableReading,
  spool: Spool<TableRecord>,
  keep: (whole: Whole) => void,
): TableReading => {
  let isKept = false
  return {
    table: {
      ...table,
      batches: (async function* () {
        for await (const records of batches) {
          await spool.write(records)
          yield records
        }
      })(),
    },
    finish: async () => {
      const facts = await finish()
      keep({ table, spool, facts })
      isKept = true
      return facts
    },
    close: async () => {
      if (!isKept) await spool.close()
      await close()
    },
  }
}

const replayed = ({ table, spool, facts }: Kept): TableReading => ({
  table: { ...table, batches: spool.read() },
  finish: async () => facts,
  close: async () => {},
})
