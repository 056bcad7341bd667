import { readFileSync } from 'node:fs'
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser'
import * as z from 'zod'
import {
  type Catalog,
  cellText,
  type FieldRule,
  nearest,
  type Resource,
  SourceRefusedError,
  UsageError,
  type Values,
} from '../model/index.ts'
import { compileMapping, type Mapping, mapRow } from '../sources/index.ts'
import { plainRule } from './settings/index.ts'

/** What rows of the old store are called in the new one: by resource, the old name and the new one. */
export type Names = Readonly<Record<string, Readonly<Record<string, string>>>>

/** @throws {UsageError} when the file cannot be read, names a resource that there is not, or says something else than names. */
export const namesFile = (file: string, catalog: Catalog): Names => {
  const names = read(file, NAMES)
  for (const resource of Object.keys(names)) known(file, catalog, resource)
  return names
}

const NAMES = z.record(
  z.string(),
  z.record(
    z.string(),
    z.string('must be a text, the name in the new store'),
    'must be an object with a new name for each old one',
  ),
  'must be an object with resources, and in each a new name for each old one',
)

/**
 * Rules for fields, by resource, in the language of a sync's "fields"; their columns are the fields of the old store's row.
 * @returns changes a row as the rules say.
 * @throws {UsageError} when the file cannot be read, or at a rule that cannot be applied to any row. {SourceRefusedError} at a row that a rule cannot be applied to.
 */
export const transformFile = (file: string, catalog: Catalog): ((resource: string, row: Values) => Values) => {
  const mappings = new Map<string, Mapping>()
  for (const [name, fields] of Object.entries(read(file, RULES))) {
    const resource = known(file, catalog, name)
    const rules = Object.entries(fields).map(([field, rule]) => {
      const where = `${file}: ${name}.${field}`
      return [field, checked(resource, field, ruleOf(rule, where), where)] as const
    })
    mappings.set(name, mappingOf(resource, Object.fromEntries(rules)))
  }
  return (name, row) => {
    const mapping = mappings.get(name)
    if (!mapping) return row
    const mapped = mapRow(
      mapping,
      1,
      mapping.columns.map((column) => cellText(row[column] ?? null)),
    )
    if ('row' in mapped) return { ...row, ...mapped.row.values }
    const { column, value, reason } = mapped.rejection
    throw new SourceRefusedError(
      `${name} ${cellText(row['id'] ?? row['name'] ?? null)}: ${column} ${JSON.stringify(value)}: ${reason}`,
      {
        where: file,
        hint: 'change the rule for that field, or the row in the old store',
      },
    )
  }
}

const RULES = z.record(
  z.string(),
  z.record(z.string(), z.unknown(), 'must be an object with a rule for each field that changes'),
  'must be an object with resources, and in each a rule for each field that changes',
)

const mappingOf = ({ fields: targetFields }: Resource, fields: Readonly<Record<string, FieldRule>>): Mapping =>
  compileMapping({ key: {}, fields, targetFields })

/** @returns the rule, which sets a field that can be set out of fields that there are. */
const checked = (resource: Resource, field: string, rule: FieldRule, where: string): FieldRule => {
  const { name, fields } = resource
  const all = Object.entries(fields)
  const settable = all.flatMap(([one, { readOnly, atCreate }]) => (readOnly && !atCreate ? [] : [one]))
  if (!settable.includes(field))
    throw unknown(`a row of ${name} has no field ${JSON.stringify(field)} that a rule can set`, field, settable, where)
  for (const column of columnsOf(resource, field, rule, where))
    if (!fields[column]) {
      const message = `the rule reads ${JSON.stringify(column)}, which is no field of ${name}`
      throw unknown(message, column, Object.keys(fields), where)
    }
  return rule
}

const columnsOf = (resource: Resource, field: string, rule: FieldRule, where: string): readonly string[] => {
  try {
    return mappingOf(resource, { [field]: rule }).columns
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause
    throw new UsageError(cause.message, { where, hint: cause.hint, cause })
  }
}

const unknown = (message: string, word: string, fields: readonly string[], where: string): UsageError => {
  const near = nearest(word, fields)
  const guess = near === undefined ? '' : `did you mean "${near}"? `
  return new UsageError(message, { where, hint: `${guess}the fields are ${fields.join(', ')}` })
}

const ruleOf = (rule: unknown, where: string): FieldRule => {
  try {
    return plainRule((typeof rule === 'string' ? { from: rule } : rule) as never)
  } catch (cause) {
    const text = cause instanceof z.ZodError ? (cause.issues[0]?.message ?? '') : String(cause)
    throw new UsageError(`the rule is none: ${text}`, { where, cause })
  }
}

const known = (file: string, catalog: Catalog, name: string) => {
  const resource = catalog.resources.get(name)
  if (resource) return resource
  throw new UsageError(`no resource is called ${JSON.stringify(name)}`, {
    where: file,
    hint: `known: ${[...catalog.resources.keys()].join(', ')}`,
  })
}

const read = <T>(file: string, schema: z.ZodType<T>): T => {
  const { data, error } = schema.safeParse(jsonIn(file))
  if (!error) return data
  const [{ path = [], message = '' } = {}] = error.issues
  throw new UsageError(`${placeOf(path)} ${message}`, { where: file })
}

const placeOf = ([first, ...more]: readonly PropertyKey[]): string =>
  first === undefined ? 'the file' : `${String(first)}${more.map((key) => `[${JSON.stringify(key)}]`).join('')}`

const jsonIn = (file: string): unknown => {
  try {
    return jsonOf(readFileSync(file, 'utf8'))
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`the file cannot be read: ${text}`, { where: file, cause })
  }
}

const jsonOf = (text: string): unknown => {
  const errors: ParseError[] = []
  const value: unknown = parse(text, errors)
  const [first] = errors
  if (first) throw new SyntaxError(`${printParseErrorCode(first.error)} at character ${first.offset + 1}`)
  return value
}
