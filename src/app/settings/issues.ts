import * as z from 'zod'
import { nearest, suggestion } from '../../model/index.ts'
import type { Document } from './document.ts'
import type { Path, Problems } from './problems.ts'

/** Tells what a schema refused, in words, at its place in the file. */
export const addIssues = (
  problems: Problems,
  document: Document,
  schema: z.ZodType,
  issues: readonly Issue[],
): void => {
  const shape: Shape = z.toJSONSchema(schema, SCHEMA_OPTIONS) as Shape
  for (const issue of issues.flatMap((one) => narrow(one))) {
    const path = issue.path as Path
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(shape, path)
      for (const key of issue.keys) {
        problems.addAt(
          document.position([...path, key], 'key'),
          [...path, key],
          `is not known here.${suggestion(key, known)}`,
        )
      }
    } else {
      const value = document.at(path)
      const position = issue.code === 'invalid_key' ? document.position(path, 'key') : document.position(path)
      problems.addAt(position, path, sentence(issue, value))
    }
  }
}

/** As the configuration is written, before defaults are filled in. */
export const SCHEMA_OPTIONS = { io: 'input', target: 'draft-7' } as const

type Issue = z.core.$ZodIssue
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly additionalProperties?: Shape | boolean
  readonly anyOf?: readonly Shape[]
}

// Of a union, what was meant is the branch whose own type fits; when none fits, the union speaks.
const narrow = (issue: Issue, above: readonly PropertyKey[] = []): Issue[] => {
  const path = [...above, ...issue.path]
  if (issue.code !== 'invalid_union') return [{ ...issue, path }]
  const meant = issue.errors.find(
    (branch) => !branch.some(({ code, path: inner }) => MISFIT.has(code) && inner.length === 0),
  )
  return meant ? meant.flatMap((inner) => narrow(inner, path)) : [{ ...issue, path }]
}

const MISFIT = new Set<Issue['code']>(['invalid_type', 'invalid_value', 'invalid_union'])

const knownKeys = (shape: Shape | undefined, path: Path): string[] => {
  if (!shape || typeof shape !== 'object') return []
  if (shape.anyOf) return shape.anyOf.flatMap((branch) => knownKeys(branch, path))
  const [head, ...rest] = path
  if (head === undefined) return Object.keys(shape.properties ?? {})
  const inner = shape.properties?.[head] ?? shape.additionalProperties
  return typeof inner === 'object' ? knownKeys(inner, rest) : []
}

const sentence = (issue: Issue, value: unknown): string => {
  if (value !== undefined && !issue.message.startsWith(UNTOLD)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined
        ? 'is missing.'
        : `must be ${TYPE[issue.expected] ?? issue.expected}, not ${nameOf(value)}.`
    case 'invalid_value': {
      const choices = issue.values.map(String)
      if (value === undefined) return `is missing; it is one of ${choices.join(', ')}.`
      const near = nearest(String(value), choices)
      const meant = near === undefined ? '' : ` Did you mean "${near}"?`
      return `must be one of ${choices.join(', ')}, not ${JSON.stringify(value)}.${meant}`
    }
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message
    case 'invalid_union':
      return value === undefined ? 'is missing.' : `cannot be ${nameOf(value)}.`
    default:
      return issue.message
  }
}

/** How sentences of Zod's own begin; a schema that says it better has another. */
const UNTOLD = 'Invalid '

const TYPE: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}

const nameOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return { string: 'text', number: 'a number', boolean: 'true or false' }[typeof value as string] ?? 'an object'
}
