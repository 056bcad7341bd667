import { z } from 'zod'
import { jsonDocuments } from './json-documents.ts'
import { code, GENERATED, page, table } from './text.ts'

export interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly additionalProperties?: JsonSchema | boolean
}

/** JSON Schema of each document of `--json`, by its name. */
export const jsonSchemas = (): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(
    Object.entries(jsonDocuments).map(([name, { schema }]) => [
      name,
      z.toJSONSchema(schema, { unrepresentable: 'any', override: loosen }) as JsonSchema,
    ]),
  )

/** The schemas in one file, each under `$defs`. */
export const jsonSchemaFile = (): string => {
  const defs = Object.entries(jsonSchemas()).map(([name, schema]) => [name, without$schema(schema)])
  return `${JSON.stringify(
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'What skiff --json prints',
      $defs: Object.fromEntries(defs),
    },
    null,
    2,
  )}\n`
}

export const jsonPage = (): string => {
  const schemas = jsonSchemas()
  return page(
    GENERATED,
    '# JSON documents',
    'With `--json`, stdout holds one JSON document and nothing else. Schemas of these documents are in [json.schema.json](json.schema.json), ' +
      'each under `$defs`. Amounts are exact decimal text (`"199.95"`); times are UTC. A later version may add keys, so a reader ignores ' +
      'those that it does not know.',
    '`skiff query --json` prints the rows as a list of objects. `plans`, `runs`, `status`, `explain`, `init` and `demo` print what their views show; ' +
      'these are for people and may change.',
    ...Object.entries(jsonDocuments).map(([name, { from, about }]) =>
      documentPart(name, from, about, schemas[name] ?? {}),
    ),
  )
}

const documentPart = (name: string, from: string, about: string, schema: JsonSchema): string =>
  `## ${name}\n\nFrom ${from}. ${about}\n\n${table(['key', 'value', 'meaning'], rowsOf(schema, ''))}`

const rowsOf = (schema: JsonSchema, path: string): readonly (readonly string[])[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    const here = `${path}${name}`
    const optional = schema.required?.includes(name) ? '' : ' (may be absent)'
    return [[code(here), `${valueText(one)}${optional}`, one.description ?? ''], ...inside(one, here)]
  })

const inside = (schema: JsonSchema, path: string): readonly (readonly string[])[] => {
  if (schema.properties) return rowsOf(schema, `${path}.`)
  return schema.items?.properties ? rowsOf(schema.items, `${path}[].`) : []
}

const valueText = (schema: JsonSchema): string => {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const))
  if (schema.enum) return schema.enum.map((one) => code(JSON.stringify(one))).join(', ')
  if (schema.anyOf) return schema.anyOf.map(valueText).join(' or ')
  if (schema.type === 'array') return schema.items?.properties ? 'list of objects' : 'list'
  return schema.type ?? 'any value'
}

interface Loosened {
  maximum?: number
  minimum?: number
  additionalProperties?: unknown
}

/** A reader must bear keys of later versions; and bounds that only say what a JSON number can hold say nothing. */
const loosen = ({ jsonSchema }: { jsonSchema: Loosened }): void => {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
}

const without$schema = (schema: JsonSchema): object => {
  const { $schema: _, ...rest } = schema as JsonSchema & { $schema?: string }
  return rest
}
