import type { Patient } from './examine.ts'

/** The names of the columns, and the first records of a right length. @throws {SourceRefusedError} when it cannot be read so far. */
export const sampleOf = async (
  open: Patient['open'],
  most: number,
): Promise<{ readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }> => {
  const reading = await open(false)
  const { columns, batches } = reading.table
  const rows: (readonly string[])[] = []
  try {
    if (most === 0) return { columns, rows }
    for await (const batch of batches) {
      rows.push(...batch.map(({ cells }) => cells).filter((cells) => cells.length === columns.length))
      if (rows.length >= most) break
    }
    return { columns, rows: rows.slice(0, most) }
  } finally {
    await reading.close()
  }
}
