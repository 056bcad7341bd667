import { extname } from 'node:path'
import { runQuery, wholeTable } from '../mirror/index.ts'
import { suggestion, UsageError } from '../model/index.ts'
import { ROW_FORMATS, type RowBatch, type RowFileFormat, writeRowsFile } from '../sources/index.ts'
import { runReport } from './reports.ts'
import { reportDefinitions } from './reports-file.ts'
import type { Workspace } from './workspace.ts'

/** What was written. */
export interface ExportReport {
  /** What its rows are. */
  readonly kind: 'query' | 'resource' | 'report'
  readonly store: string
  readonly file: string
  readonly format: RowFileFormat
  readonly rows: number
  readonly bytes: number
}

export interface ExportOptions {
  readonly store: string
  /** File that is written, absolute. */
  readonly file: string
  /** By the file's name when absent. */
  readonly format?: RowFileFormat | undefined
  /** Of a report. */
  readonly days?: number | undefined
}

/**
 * Writes the rows of a reading SQL statement, a resource or a ready report into a file, and replaces one of that name.
 * @throws {UsageError} when nothing has the name, or the file or its format cannot be.
 * @throws {MirrorError} when a report counts what was not pulled completely.
 */
export const exportRows = async (workspace: Workspace, what: string, options: ExportOptions): Promise<ExportReport> => {
  const { store, file } = options
  const format = options.format ?? formatOf(file)
  const kind = kindOf(workspace, what)
  const written = await writeRowsFile(file, format, rowsOf(workspace, kind, what, options))
  return { kind, store, file, format, ...written }
}

const formatOf = (file: string): RowFileFormat => {
  const extension = extname(file).slice(1).toLowerCase()
  const format = ROW_FORMATS.find((one) => one === extension)
  if (format) return format
  throw new UsageError(`the name ${file} tells no format`, {
    hint: `End it with ${ROW_FORMATS.map((one) => `.${one}`).join(', ')}, or name one with --format.`,
  })
}

const kindOf = ({ context: { catalog } }: Workspace, what: string): ExportReport['kind'] => {
  if (/\s/.test(what.trim())) return 'query'
  if (catalog.resources.has(what) || catalog.derived.has(what)) return 'resource'
  const reports = reportDefinitions().map(({ name }) => name)
  if (reports.includes(what)) return 'report'
  const near = suggestion(what, [...catalog.derived.keys(), ...catalog.resources.keys(), ...reports])
  throw new UsageError(`there is no resource or report "${what}"`, {
    hint: `${near.trim()} \`skiff report\` lists the reports; a query is SQL, such as "SELECT sku, price FROM skus".`.trim(),
  })
}

async function* rowsOf(
  workspace: Workspace,
  kind: ExportReport['kind'],
  what: string,
  { store, days }: ExportOptions,
): AsyncGenerator<RowBatch> {
  if (kind !== 'report' && days !== undefined) {
    throw new UsageError('only a report has a period', { hint: 'Leave --days out.' })
  }
  if (kind === 'report') {
    yield await runReport(workspace, what, { store, days })
    return
  }
  const path = workspace.settings.stores[store]?.mirror ?? ''
  const sql = kind === 'resource' ? wholeTable(what) : what
  yield* runQuery({
    path,
    sql,
    signal: workspace.context.signal,
    ...(kind === 'resource' ? { timeoutMs: WHOLE_MS } : {}),
  })
}

/** Longest time for a whole resource. */
const WHOLE_MS = 30 * 60_000
