import { extname } from 'node:path'
import { type Plan, UsageError } from '../model/index.ts'
import { planCsv } from './views/plan-csv.ts'
import { planHtml } from './views/plan-html.ts'
import { planText } from './views/plan-text.ts'
import type { Screen } from './views/screen.ts'
import { plainJson } from './views/text.ts'

export type PlanFormat = (typeof PLAN_FORMATS)[number]
const PLAN_FORMATS = ['text', 'json', 'csv', 'html'] as const

export const planAs = (format: PlanFormat, plan: Plan, screen: Screen, details: boolean): string =>
  ({
    text: () => planText(plan, screen, details),
    json: () => plainJson(plan),
    csv: () => planCsv(plan).trimEnd(),
    html: () => planHtml(plan).trimEnd(),
  })[format]()

/** The format that a file name asks for. @throws {UsageError} when it asks for none. */
export const formatOfFile = (file: string): PlanFormat => {
  const extension = extname(file).slice(1).toLowerCase()
  const format = PLAN_FORMATS.find((one) => one === extension || (one === 'text' && extension === 'txt'))
  if (format) return format
  throw new UsageError(`the name ${file} tells no format`, {
    hint: 'End it with .json, .csv, .html or .txt, or name one with --format.',
  })
}
