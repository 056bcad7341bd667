import { readFileSource } from './file-sources.ts'
import { isRawDatabase, readDatabase } from './read-database.ts'
import type { Reading } from './reading.ts'
import type { RawSource } from './schema.ts'
import type { SourceSettings } from './types.ts'

/** The source that a section describes; its faults are added to the reading. */
export const readSource = (reading: Reading, name: string, raw: RawSource): SourceSettings =>
  isRawDatabase(raw) ? readDatabase(reading, name, raw) : readFileSource(reading, name, raw)
