import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suggestion, UsageError } from '../model/index.ts'
import {
  type CsvOptions,
  databaseOrigin,
  type FileKind,
  type Location,
  localFile,
  openDatabaseRows,
  openForDoctor,
  type Patient,
} from '../sources/index.ts'
import { copyFile, copyName, formatOf, locationOf } from './files.ts'
import { type DatabaseSettings, type FileSettings, isDatabase, reveal, type SourceSettings } from './settings/index.ts'
import type { Workspace } from './workspace.ts'

/** The rows of a source as they are, for whoever wants to look at them. */
export interface Look {
  /** For people; no secrets. */
  readonly origin: string
  /** @param wanted Columns that are looked for: the first record of JSON may lack them, and keys give rows of a database their order. */
  open(wanted?: { readonly keys: readonly string[]; readonly fields: readonly string[] }): Patient['open']
  /** A last line without an end tells that the file was cut. */
  readonly mustEnd: boolean
  /** Of a text file that can be written again cell by cell. */
  readonly sheet: { readonly location: Location; readonly options: CsvOptions } | null
}

/** @throws {UsageError} when there is no source of that name. */
export const sourceNamed = ({ settings }: Workspace, name: string): SourceSettings => {
  const source = settings.sources[name]
  if (source) return source
  const known = Object.keys(settings.sources)
  throw new UsageError(`there is no source "${name}"`, { hint: suggestion(name, known).trim() || undefined })
}

/** Lets somebody look at a source, whatever it is. What lies elsewhere is fetched once, into a private folder that is gone afterwards. */
export const withLook = async <T>(
  { around }: Workspace,
  source: SourceSettings,
  use: (look: Look) => Promise<T>,
): Promise<T> => {
  if (isDatabase(source)) return use(lookAtRows(source, around.signal))
  const location = locationOf(source, around)
  if (!source.path.includes('://')) return use(lookAtFile(source, location))
  const folder = await mkdtemp(join(tmpdir(), 'skiff-look-'))
  try {
    await copyFile(source, folder, around)
    return await use(lookAtFile(source, { ...localFile(copyName(source), folder), origin: location.origin }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const NONE = { keys: [], fields: [] }

const lookAtRows = ({ name, from, database }: DatabaseSettings, signal: AbortSignal): Look => {
  const there = 'url' in database ? { ...database, url: reveal(database.url) } : database
  const spec = { name, from, database: there, signal }
  return {
    origin: databaseOrigin(spec),
    open:
      ({ keys } = NONE) =>
      () =>
        openDatabaseRows(spec, keys),
    mustEnd: false,
    sheet: null,
  }
}

const lookAtFile = (source: FileSettings, location: Location): Look => {
  const isText = source.type === 'csv' || source.type === 'tsv'
  const encoding = isText && source.encoding !== 'auto' ? source.encoding : undefined
  const kind: FileKind = { format: formatOf(source), lines: isText ? { encoding } : null }
  const delimiter = source.type === 'csv' ? source.delimiter : '\t'
  const isDeclared = isText && delimiter !== 'auto' && source.encoding !== 'auto'
  return {
    origin: location.origin,
    open:
      ({ keys, fields } = NONE) =>
      (carefully) =>
        openForDoctor(location, kind, carefully, [...keys, ...fields]),
    mustEnd: isText && source.finalNewline !== 'optional',
    sheet: isDeclared ? { location, options: optionsOf(source, delimiter, encoding) } : null,
  }
}

const optionsOf = (
  { quote, header, finalNewline }: Extract<FileSettings, { type: 'csv' | 'tsv' }>,
  delimiter: string,
  encoding: CsvOptions['encoding'],
): CsvOptions => ({ quote, header, finalNewline, delimiter, ...(encoding ? { encoding } : {}) })
