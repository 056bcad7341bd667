import { suggestion } from '../../model/index.ts'
import type { Reading } from './reading.ts'
import type { RawSource, RawTable } from './schema.ts'
import { readSource } from './sources.ts'
import type { SourceSettings, TableSettings } from './types.ts'

/** The table that a section describes, or none where its faults leave nothing to read. */
export const readTable = (
  reading: Reading,
  name: string,
  raw: RawTable,
  sources: readonly SourceSettings[],
  csv: (path: string) => RawSource,
): readonly TableSettings[] => {
  const { path, source: wanted, key, value } = raw
  if ((path === undefined) === (wanted === undefined)) {
    reading.add(['tables', name], 'needs "path" (a CSV file) or "source" (the name of a source), and not both.', 'key')
    return []
  }
  if (wanted !== undefined && !reading.names.sources.includes(wanted)) {
    reading.add(
      ['tables', name, 'source'],
      `there is no source "${wanted}".${suggestion(wanted, reading.names.sources)}`,
    )
  }
  const source = path === undefined ? sources.find((one) => one.name === wanted) : readSource(reading, name, csv(path))
  return source ? [{ name, source, key, value }] : []
}
