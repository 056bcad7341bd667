import { createHash } from 'node:crypto'
import type { DoctorReading } from '../doctor/examine.ts'
import { cellOf } from './cells.ts'
import { type DatabaseSourceSpec, placeOf } from './database-source.ts'
import { openSnapshot } from './snapshot.ts'

/**
 * A table or a query to be looked at: all its columns, rows by their number, bytes as blanks.
 * @param order Columns that give the rows their order; those that it lacks are passed over.
 */
export const openDatabaseRows = async (
  spec: Pick<DatabaseSourceSpec, 'name' | 'database' | 'from' | 'signal'>,
  order: readonly string[],
): Promise<DoctorReading> => {
  const snapshot = await openSnapshot(placeOf(spec), { columns: null, order })
  const hash = createHash('sha256')
  const batches = async function* () {
    let line = 0
    for await (const rows of snapshot.batches) {
      const records = rows.map((values) => {
        line += 1
        return { line, cells: values.map((value) => cellOf(value) ?? '') }
      })
      hash.update(JSON.stringify(records))
      yield records
    }
  }
  return {
    table: { columns: snapshot.columns, headerLine: null, batches: batches() },
    finish: async () => {
      await snapshot.finish()
      return { sha256: hash.digest('hex'), isEnded: true }
    },
    close: () => snapshot.close(),
  }
}

/** Where it is, for people. */
export const databaseOrigin = (spec: Parameters<typeof openDatabaseRows>[0]): string => placeOf(spec).origin
