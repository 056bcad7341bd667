import { createHash } from 'node:crypto'
import type { Familiar, Source } from '../model/index.ts'
import type { Format } from './format.ts'
import { hashed } from './hashed.ts'
import type { Location } from './location.ts'
import type { Mapping } from './mapping.ts'
import { type Patience, patient } from './patient.ts'
import type { SharedReading } from './shared-reading.ts'
import type { Spool } from './spool.ts'
import { type TableReading, tableSource } from './table-source.ts'
import { writeRows } from './write-rows.ts'

export interface FileSourceParts {
  readonly name: string
  readonly location: Location
  readonly format: Format
  readonly mapping: Mapping
  /** Folder for the rows of a reading until it is complete; the system's temporary one when absent. */
  readonly scratch?: string
  /** Values may be written back into it. */
  readonly writable?: boolean
  /** Waits for a file that is still being written; absent refuses it at once. */
  readonly patience?: Patience
  /** Where the rows wait instead. */
  readonly spool?: () => Promise<Spool>
  /** Other sources map the same reading. */
  readonly shared?: SharedReading
}

/** A source made of bytes somewhere in some format. The bytes that are hashed are the ones that are parsed. */
export const fileSource = (parts: FileSourceParts): Source => {
  const { writable, location, format, patience, shared, ...rest } = parts
  const open = (familiar: Familiar | undefined) =>
    openTable(location, format, shared?.wanted ?? parts.mapping, familiar)
  const source = tableSource({
    ...rest,
    origin: location.origin,
    // A reading that others map too holds every record.
    open: (since, familiar) => (shared ? shared.open(since, () => open(undefined)) : open(familiar)),
    ...(writable ? { write: (edits, expected) => writeRows(parts, edits, expected) } : {}),
  })
  return patience ? patient(source, location, patience, shared) : source
}

const openTable = async (
  location: Location,
  format: Format,
  { columns }: Pick<Mapping, 'columns'>,
  familiar: Familiar | undefined,
): Promise<TableReading> => {
  const reading = await location.open()
  try {
    const hash = createHash('sha256')
    const { origin = location.origin } = reading
    const table = await format.open(hashed(reading.bytes, hash), origin, columns, familiar)
    return {
      table,
      finish: async () => ({
        modified: await reading.finish(),
        sha256: hash.digest('hex'),
        origin: table.dialect === undefined ? origin : `${origin} (${table.dialect})`,
      }),
      close: () => reading.close(),
    }
  } catch (error) {
    await reading.close()
    throw error
  }
}
