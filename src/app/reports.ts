import { type Mirror, runQuery } from '../mirror/index.ts'
import { isoTime, MirrorError, UsageError } from '../model/index.ts'
import { type Chart, type ReportDefinition, reportNamed } from './reports-file.ts'
import type { Workspace } from './workspace.ts'

/** A ready report over one store's mirror. */
export interface Report {
  readonly report: string
  readonly title: string
  readonly about: string
  readonly store: string
  /** The oldest moment since which the rows behind it are true, UTC ISO-8601. */
  readonly asOf: string
  /** Length of the period in days; null where it looks at the present. */
  readonly days: number | null
  readonly chart: Chart | null
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

export interface ReportOptions {
  readonly store: string
  /** Days up to now instead of the report's own number. */
  readonly days?: number | undefined
}

/**
 * Reads a report. It only reads, and needs no store.
 * @throws {UsageError} for an unknown report, or days for one that has no period.
 * @throws {MirrorError} while a resource that it counts was not pulled completely.
 */
export const runReport = async (workspace: Workspace, name: string, options: ReportOptions): Promise<Report> => {
  const definition = reportNamed(name)
  const days = periodOf(definition, options.days)
  const { store } = options
  const asOf = await workspace.withMirror(store, (mirror) => requireComplete(workspace, mirror, store, definition))
  const path = workspace.settings.stores[store]?.mirror ?? ''
  const sql = withPeriod(definition.sql, workspace.context.clock.now(), days)
  const rows: (readonly unknown[])[] = []
  let columns: readonly string[] = []
  for await (const batch of runQuery({ path, sql, signal: workspace.context.signal })) {
    columns = batch.columns
    rows.push(...batch.rows)
  }
  const { title, about, chart } = definition
  return { report: name, title, about, store, asOf, days, chart, columns, rows }
}

const DAY_MS = 86_400_000

const periodOf = ({ name, days }: ReportDefinition, asked: number | undefined): number | null => {
  if (asked === undefined) return days
  if (days === null) throw new UsageError(`report ${name} has no period`, { hint: 'Leave --days out.' })
  if (Number.isInteger(asked) && asked >= 1 && asked <= MOST_DAYS) return asked
  throw new UsageError(`${asked} is no number of days`, { hint: `A whole number from 1 to ${MOST_DAYS} is.` })
}

const MOST_DAYS = 3660

/** The period is whole days of UTC and ends now. The moments are our own text, so they can stand in the SQL. */
const withPeriod = (sql: string, now: number, days: number | null): string => {
  const midnight = Math.floor(now / DAY_MS) * DAY_MS
  const since = midnight - ((days ?? 1) - 1) * DAY_MS
  return sql.replaceAll(':since', `'${isoTime(since)}'`).replaceAll(':now', `'${isoTime(now)}'`)
}

const requireComplete = (
  { settings }: Workspace,
  mirror: Mirror,
  store: string,
  { name, needs }: ReportDefinition,
): string => {
  let oldest = ''
  for (const resource of needs) {
    const fresh = mirror.freshness(resource)
    if (!fresh?.complete || fresh.asOf === null) {
      const configured = settings.stores[store]?.resources.includes(resource) ?? false
      const begun = fresh !== null && fresh.asOf !== null
      throw new MirrorError(
        `report ${name} counts ${resource}, ${begun ? 'whose last pull did not end' : `of which store ${store} has no complete pull`}`,
        {
          where: mirror.path,
          hint: configured
            ? `run \`skiff pull ${store}\` first`
            : `add "${resource}" to the store's "resources" in the config and run \`skiff pull ${store} --full\``,
        },
      )
    }
    if (oldest === '' || fresh.asOf < oldest) oldest = fresh.asOf
  }
  return oldest
}
