import { suggestion, UsageError } from '../model/index.ts'
import type { CsvOptions } from '../sources/index.ts'
import type { CsvSettings } from './settings/index.ts'
import type { Workspace } from './workspace.ts'

/** The CSV source of a name. @throws {UsageError} when there is none, or it is of another kind. */
export const csvNamed = ({ settings }: Workspace, name: string): CsvSettings => {
  const source = settings.sources[name]
  if (source?.type === 'csv') return source
  if (source) {
    throw new UsageError(`source ${name} is no CSV file`, { hint: '`doctor` and `map` look at CSV files' })
  }
  const known = Object.keys(settings.sources)
  throw new UsageError(`there is no source "${name}"`, { hint: suggestion(name, known).trim() || undefined })
}

/** How its file is read. */
export const csvOptionsOf = ({ delimiter, quote, header, finalNewline, encoding }: CsvSettings): CsvOptions => ({
  ...{ delimiter, quote, header, finalNewline },
  ...(encoding === undefined ? {} : { encoding }),
})
