import { fieldsOf, targetOf } from '../../../src/diff/index.ts'
import { type FieldRule, matchText, type Values } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import { type CsvOptions, csvFormat } from '../../../src/sources/csv-format.ts'
import type { Finding, Use } from '../../../src/sources/doctor/finding.ts'
import {
  compileMapping,
  examineCsv,
  keyIndex,
  openForDoctor,
  repairCsv,
  type Subject,
  sampleOf,
  subjectByNames,
} from '../../../src/sources/index.ts'
import { memory } from './reading.ts'

export const fields = fieldsOf(targetOf(catalog, 'skus'))

export interface Patient {
  readonly options?: CsvOptions
  /** Field to column of a sync; columns are judged by their names when absent. */
  readonly sync?: Readonly<Record<string, string | FieldRule>>
  /** What the store holds; there is no mirror when absent. */
  readonly store?: readonly Values[]
  /** Column of the SKU; `SKU` when absent. */
  readonly key?: string
}

/** A sync over `skus` whose key is the column SKU, and the rows of its store. */
export const subjectOf = (sync: NonNullable<Patient['sync']>, store: Patient['store'], key = 'SKU'): Subject => {
  const rules = Object.fromEntries(
    Object.entries(sync).map(([field, rule]) => [field, typeof rule === 'string' ? ruleOf(rule) : rule]),
  )
  const mapping = compileMapping({ key: { sku: key }, fields: rules, targetFields: fields })
  const uses = (bindings: typeof mapping.key, role: Use['role']): Use[] =>
    bindings.map(({ field, column, read }) => ({
      role,
      field,
      facts: fields[field]!,
      rule: rules[field],
      column,
      read,
    }))
  const rows = new Map(store?.map((row) => [matchText({ sku: row['sku']! }), row]))
  const find = (sku: string) => rows.get(matchText({ sku }))
  return {
    keys: uses(mapping.key, 'key'),
    fields: uses(mapping.fields, 'field'),
    known: store ? (row) => find(String(row['sku'])) : null,
    index:
      store &&
      keyIndex(
        store.map(({ sku }) => String(sku)),
        (sku) => find(sku) !== undefined,
      ),
  }
}

export const ruleOf = (from: string, more: Partial<FieldRule> = {}): FieldRule => ({
  from,
  owner: 'source',
  conflict: 'ask',
  blank: 'keep',
  writeBack: true,
  trim: true,
  ...more,
})

const patientOf = async (body: string | Uint8Array, { options = {}, sync, store, key }: Patient) => {
  const location = memory(typeof body === 'string' ? Buffer.from(body) : body)
  const bare = { location, options, subjects: [] }
  const kind = { format: csvFormat(options), lines: { encoding: options.encoding } }
  const open = (carefully: boolean) => openForDoctor(location, kind, carefully)
  const subject = sync ? subjectOf(sync, store, key) : subjectByNames((await sampleOf(open, 0)).columns, fields)
  return { ...bare, subjects: [subject] }
}

/** What the doctor finds; a refusal comes last, as `refused: why`. */
export const examined = async (body: string | Uint8Array, patient: Patient = {}): Promise<readonly string[]> => {
  const found: Finding[] = []
  const { refused } = await examineCsv(await patientOf(body, patient), (finding) => found.push(finding))
  return [...found.map(inShort), ...(refused ? [`refused: ${refused.message}`] : [])]
}

const inShort = ({ rule, line, column, value, repair }: Finding): string =>
  `${rule} ${line} ${column || '-'}: ${JSON.stringify(value)} ${repair === null ? '?' : `→ ${JSON.stringify(repair)}`}`

/** The findings as they are. */
export const findingsOf = async (body: string, patient: Patient = {}): Promise<readonly Finding[]> => {
  const found: Finding[] = []
  await examineCsv(await patientOf(body, patient), (finding) => found.push(finding))
  return found
}

export const repaired = async (body: string | Uint8Array, patient: Patient = {}) =>
  repairCsv(await patientOf(body, patient))
