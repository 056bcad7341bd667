import type { Source } from '../../src/model/index.ts'
import { type CsvOptions, csvFormat } from '../../src/sources/csv-format.ts'
import { fileSource } from '../../src/sources/file-source.ts'
import { localFile } from '../../src/sources/local-file.ts'
import type { Mapping } from '../../src/sources/mapping.ts'

interface CsvSourceSpec {
  readonly name: string
  /** Absolute, or relative to `folder`. */
  readonly path: string
  /** The folder of the configuration. */
  readonly folder: string
  readonly options: CsvOptions
  readonly mapping: Mapping
  /** Values may be written back into it. */
  readonly writable?: boolean
  /** Folder for the rows of a reading until it is complete; the system's temporary one when absent. */
  readonly scratch?: string
}

/** A CSV file of this machine as a source. Nothing is opened before it is read. */
export const openCsvSource = ({ path, folder, options, ...rest }: CsvSourceSpec): Source =>
  fileSource({ ...rest, location: localFile(path, folder), format: csvFormat(options) })
