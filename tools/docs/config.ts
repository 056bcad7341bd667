import { configJsonSchema } from '../../src/app/settings/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { code, GENERATED, page, table } from './text.ts'

/** Every key of the configuration, from the schema that editors use. */
export const configPage = (): string => {
  const root = configJsonSchema(catalog) as Schema
  return page(
    GENERATED,
    '# Configuration',
    '`sync.config.json` is JSON with comments. `"$schema": "./config/sync.schema.json"` lets an editor complete and check it. An unknown ' +
      'key is an error that names the nearest known one. Every relative path starts at the folder of the file. ' +
      'A commented example is [sync.config.example.json](../../sync.config.example.json).',
    ...Object.entries(root.properties ?? {})
      .filter(([name]) => name !== '$schema')
      .map(([name, section]) => sectionOf(name, section)),
    guardsOf(root),
  )
}

interface Schema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

const sectionOf = (name: string, section: Schema): string => {
  const inner = typeof section.additionalProperties === 'object' ? section.additionalProperties : section
  const entries = inner === section ? '' : ` Each entry is ${code(`"NAME": { ... }`)} with:`
  return `## ${code(name)}\n\n${section.description ?? ''}${entries}\n\n${table(
    ['key', 'value', 'default', 'meaning'],
    rowsOf(inner, ''),
  )}`
}

const rowsOf = (schema: Schema, path: string): readonly (readonly string[])[] =>
  Object.entries(schema.properties ?? {})
    .filter(([name]) => !(path === '' && name === 'guards'))
    .flatMap(([name, one]) => {
      const here = `${path}${name}`
      const row = [
        code(here),
        valueText(one),
        defaultOf(one, schema.required?.includes(name) === true),
        one.description ?? '',
      ]
      return [row, ...nested(one, here)]
    })

/** Rows of what is inside: an object's own keys, or those of each entry of a record. */
const nested = (schema: Schema, path: string): readonly (readonly string[])[] => {
  if (schema.properties) return rowsOf(schema, `${path}.`)
  if (typeof schema.additionalProperties !== 'object') return []
  const entry = [schema.additionalProperties, ...(schema.additionalProperties.anyOf ?? [])].find(
    (one) => one.properties,
  )
  return entry ? rowsOf(entry, `${path}.NAME.`) : []
}

const valueText = (schema: Schema): string => {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const))
  if (schema.enum) {
    const all = schema.enum.map((one) => code(JSON.stringify(one)))
    return all.length > MANY ? `one of ${all.length} names, see [resources.md](resources.md)` : all.join(', ')
  }
  if (schema.anyOf) return [...new Set(schema.anyOf.map(valueText))].join(', or ')
  if (schema.type === 'array') return `list of ${schema.items?.enum ? 'names' : valueText(schema.items ?? {})}`
  if (schema.type === 'object') return schema.properties ? 'object' : 'object by name'
  return `${String(schema.type ?? 'any')}${rangeOf(schema)}`
}

const MANY = 8

const rangeOf = ({ minimum, maximum, exclusiveMinimum }: Schema): string => {
  const parts = [
    exclusiveMinimum === undefined ? '' : `above ${exclusiveMinimum}`,
    minimum === undefined ? '' : `from ${minimum}`,
    maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : `up to ${maximum}`,
  ].filter(Boolean)
  return parts.length ? ` ${parts.join(', ')}` : ''
}

const defaultOf = (schema: Schema, required: boolean): string => {
  if (schema.default !== undefined) return code(JSON.stringify(schema.default))
  return required ? 'required' : ''
}

const guardsOf = (root: Schema): string => {
  const syncs = root.properties?.['syncs']?.additionalProperties as Schema
  const names = Object.keys(syncs.properties?.['guards']?.properties ?? {})
  return (
    `## ${code('syncs.NAME.guards')}\n\n${syncs.properties?.['guards']?.description ?? ''} ` +
    `What each watches is in [the guide](../guide/guards.md). Names: ${names.map(code).join(', ')}. ` +
    `What a value may be is in the guide too: a share such as ${code('"30%"')}, a number of rows, or ${code('false')}.`
  )
}
