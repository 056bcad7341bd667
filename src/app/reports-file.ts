import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suggestion, UsageError } from '../model/index.ts'

/** A ready report: SQL over the mirror with what a person should know of it. */
export interface ReportDefinition {
  readonly name: string
  readonly title: string
  readonly about: string
  /** Resources whose rows it counts; a half pull of one of them would make it lie. */
  readonly needs: readonly string[]
  /** Length of its period in days; null where it looks at the present. */
  readonly days: number | null
  /** Column of the figures and columns of the names, for a bar chart. */
  readonly chart: Chart | null
  /** Reading SQL; `:since` and `:now` stand for the ends of the period. */
  readonly sql: string
}

export interface Chart {
  readonly value: string
  readonly labels: readonly string[]
}

/** Every report, by name. A new one is a file in `config/reports`. */
export const reportDefinitions = (): readonly ReportDefinition[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => parseReport(basename(file, '.sql'), readFileSync(join(FOLDER, file), 'utf8')))

/** @throws {UsageError} when no report has the name. */
export const reportNamed = (name: string): ReportDefinition => {
  const all = reportDefinitions()
  const found = all.find((one) => one.name === name)
  if (found) return found
  const near = suggestion(
    name,
    all.map((one) => one.name),
  )
  throw new UsageError(`there is no report "${name}"`, { hint: `${near.trim()} \`skiff report\` lists them.`.trim() })
}

/**
 * Reads a report's file: comment lines `-- title:`, `-- about:`, `-- needs:`, `-- days:` and `-- chart: value by label, label`
 * at the top, SQL below them.
 * @throws {UsageError} naming the line that is missing.
 */
export const parseReport = (name: string, text: string): ReportDefinition => {
  const facts = new Map<string, string>()
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !HEAD.test(line))
  for (const line of lines.slice(0, end)) {
    const [, key = '', value = ''] = HEAD.exec(line) ?? []
    facts.set(key, value.trim())
  }
  const required = (key: string): string => {
    const value = facts.get(key)
    if (value) return value
    throw new UsageError(`report ${name} does not say "-- ${key}:"`, { where: `${name}.sql` })
  }
  const days = facts.get('days')
  return {
    name,
    title: required('title'),
    about: required('about'),
    needs: list(required('needs')),
    days: days === undefined ? null : Number(days),
    chart: chartOf(facts.get('chart')),
    sql: lines.slice(end).join('\n').trim(),
  }
}

const HEAD = /^-- (title|about|needs|days|chart):(.*)$/

const chartOf = (text: string | undefined): Chart | null => {
  const [value, labels] = text?.split(' by ') ?? []
  return value && labels ? { value: value.trim(), labels: list(labels) } : null
}

const list = (text: string): string[] => text.split(',').map((one) => one.trim())

/** Beside `src` and beside `dist` alike. */
const FOLDER = fileURLToPath(new URL('../../config/reports', import.meta.url))
