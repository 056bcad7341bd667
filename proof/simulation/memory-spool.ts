import type { Spool } from '../../src/sources/spool.ts'

/** Rows that wait in memory instead of in a file. */
export const memorySpool = async (): Promise<Spool> => {
  const batches: string[] = []
  return {
    write: async (items) => {
      batches.push(JSON.stringify(items))
    },
    read: async function* () {
      for (const batch of batches) yield JSON.parse(batch)
    },
    close: async () => undefined,
  }
}
