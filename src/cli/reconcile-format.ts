import { extname } from 'node:path'
import { type ReconcileReport, UsageError } from '../model/index.ts'
import { reconcileHtml } from './views/reconcile-html.ts'
import { plainJson } from './views/text.ts'

/** The comparison of two stores as the text of a file. */
export type ReconcileFormat = (report: ReconcileReport) => string

/**
 * The form that a file's name asks for. The page names the hash of the JSON file that the same report makes.
 * @throws {UsageError} when it asks for none.
 */
export const reconcileFormatOf = (file: string): ReconcileFormat => {
  const extension = extname(file).toLowerCase()
  if (extension === '.json') return jsonOf
  if (extension === '.html') return (report) => reconcileHtml(report, jsonOf(report))
  throw new UsageError(`the name ${file} tells no format`, { hint: 'end it with .html or .json' })
}

const jsonOf: ReconcileFormat = (report) => `${plainJson(report)}\n`
