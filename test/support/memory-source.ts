import type { Source, SourceRow } from '../../src/model/index.ts'

/** Rows that stand for themselves, with all that a row of a source can bring. */
export const memorySource = (rows: readonly Omit<SourceRow, 'line'>[]): Source => ({
  name: 'memory',
  read: async function* () {
    yield rows.map((row, at) => ({ row: { line: at + 1, ...row } }))
  },
  modified: () => null,
  summary: () => ({
    rows: rows.length,
    rejected: 0,
    sha256: String(rows.length).padStart(64, '0'),
    modified: null,
    origin: 'memory',
  }),
  raw: async () => new Map(),
})
