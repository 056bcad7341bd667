import { suggestion, UsageError } from '../model/index.ts'
import type { CsvOptions } from '../sources/index.ts'
import { type CsvSettings, isDatabase } from './settings/index.ts'
import type { Workspace } from './workspace.ts'

/** The CSV source of a name. @throws {UsageError} when there is none, it is of another kind, or its dialect is to be found out. */
export const csvNamed = ({ settings }: Workspace, name: string): CsvSettings => {
  const source = settings.sources[name]
  if (source && !isDatabase(source) && source.type === 'csv') {
    if (source.delimiter !== 'auto' && source.encoding !== 'auto') return source
    const hint = '`skiff check` tells what was found out; write it into the source'
    throw new UsageError(`source ${name} does not say its delimiter and encoding`, { hint })
  }
  if (source) {
    throw new UsageError(`source ${name} is no CSV file`, { hint: '`doctor` and `map` look at CSV files' })
  }
  const known = Object.keys(settings.sources)
  throw new UsageError(`there is no source "${name}"`, { hint: suggestion(name, known).trim() || undefined })
}

/** How its file is read. */
export const csvOptionsOf = ({ delimiter, quote, header, finalNewline, encoding }: CsvSettings): CsvOptions => ({
  ...{ delimiter, quote, header, finalNewline },
  ...(encoding === undefined || encoding === 'auto' ? {} : { encoding }),
})
