import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'
import * as formats from 'ajv-formats'
import { parse } from 'yaml'

const FOLDER = fileURLToPath(new URL('../../../shared/bigcommerce-openapi/', import.meta.url))

/** Why the official files cannot judge here; undefined when they can. */
export const absence = (): string | undefined =>
  existsSync(FOLDER) ? undefined : '../shared/bigcommerce-openapi is not there'

export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'header' | 'path'
  readonly required: boolean
  readonly check: ValidateFunction
  readonly kind: unknown
}

/** One operation of the official description. */
export interface Operation {
  /** `GET /v3/catalog/products/{product_id}`. */
  readonly name: string
  readonly query: readonly Parameter[]
  /** Of a JSON body; undefined where none is described. */
  readonly body: ValidateFunction | undefined
  /** Of a form; undefined where none is described. */
  readonly form: ValidateFunction | undefined
  readonly statuses: readonly string[]
  /** Validators of a status by media type; undefined where the status is not described. */
  response(status: number): ReadonlyMap<string, ValidateFunction> | undefined
}

/** The operation behind a method and a path such as `/v3/catalog/products/77`; undefined when none is described. */
export const operationOf = (method: string, path: string): Operation | undefined => {
  const key = `${method} ${path}`
  const known = operations.get(key)
  if (known || operations.has(key)) return known
  const found = find(method.toLowerCase(), path)
  operations.set(key, found)
  return found
}

const operations = new Map<string, Operation | undefined>()
const byTemplate = new Map<string, Operation>()

interface Json {
  readonly [key: string]: unknown
}

interface Route {
  readonly file: string
  readonly template: string
  /** `/v3` or `/v2`, which the files leave to the server's address. */
  readonly root: string
  readonly pattern: RegExp
}

const find = (method: string, path: string): Operation | undefined => {
  for (const route of routes()) {
    if (!route.pattern.test(path)) continue
    const name = `${method.toUpperCase()} ${route.root}${route.template}`
    const made = byTemplate.get(name) ?? operation(route, method, name)
    if (made) {
      byTemplate.set(name, made)
      return made
    }
  }
  return undefined
}

/** Every path of every file, literal segments before parameters. Only the files that are needed are parsed. */
let allRoutes: readonly Route[] | undefined
const routes = (): readonly Route[] => {
  allRoutes ??= readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yml'))
    .flatMap(routesOf)
    .sort((a, b) => holes(a) - holes(b))
  return allRoutes
}

const holes = ({ template }: Route): number => template.split('{').length

const routesOf = (file: string): Route[] => {
  const text = readFileSync(FOLDER + file, 'utf8')
  const paths = text.slice(text.search(/^paths:/m)).split(/\n(?=\w)/)[0] ?? ''
  return [...paths.matchAll(/^ {2}'?(\/[^:'\n]*)'?:/gm)].map(([, template = '']) => {
    const root = file.includes('.v2') ? '/v2' : '/v3'
    return { file, template, root, pattern: new RegExp(`^${root}${template.replace(/\{[^}]+\}/g, '[^/]+')}$`) }
  })
}

const operation = ({ file, template }: Route, method: string, name: string): Operation | undefined => {
  const document = documentOf(file)
  const place = `#/paths/${escaped(template)}`
  const shared = document.at(place) as Json
  const here = shared[method] as Json | undefined
  if (!here) return undefined
  const parameters = [...listOf(shared['parameters']), ...listOf(here['parameters'])].map((one) =>
    document.resolve(one),
  )
  const responses = (here['responses'] ?? {}) as Json
  const bodyPlace = document.follow(`${place}/${method}/requestBody`)
  const bodies = bodyPlace === undefined ? undefined : document.validators(`${bodyPlace}/content`, 'request')
  return {
    name,
    query: parameters.filter((one) => one['in'] === 'query').map((one) => parameterOf(one, document)),
    body: bodies?.get('application/json'),
    form: bodies?.get('multipart/form-data'),
    statuses: Object.keys(responses),
    response: (status) =>
      responses[String(status)] === undefined
        ? undefined
        : document.validators(`${document.follow(`${place}/${method}/responses/${status}`)}/content`, 'response'),
  }
}

const parameterOf = (one: Json, document: Document): Parameter => ({
  name: String(one['name']),
  in: 'query',
  required: one['required'] === true,
  kind: document.resolve(one['schema'])['type'],
  check: document.compile(one['schema'] as Json),
})

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const escaped = (segment: string): string => segment.replaceAll('~', '~0').replaceAll('/', '~1')

class Document {
  readonly #root: Json
  readonly #ajv: Readonly<Record<Side, Ajv>>

  constructor(root: Json) {
    this.#root = root
    this.#ajv = { request: ajvFor(root, 'request'), response: ajvFor(root, 'response') }
  }

  at(pointer: string): unknown {
    return pointer
      .slice(2)
      .split('/')
      .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((value, key) => (value as Json | undefined)?.[key], this.#root)
  }

  /** Where a pointer leads once references at its end are followed; undefined when to nothing. */
  follow(pointer: string): string | undefined {
    const value = this.at(pointer) as Json | undefined
    if (value === undefined) return undefined
    return typeof value['$ref'] === 'string' ? this.follow(value['$ref']) : pointer
  }

  resolve(value: unknown): Json {
    const reference = (value as Json | undefined)?.['$ref']
    return typeof reference === 'string' ? this.resolve(this.at(reference)) : ((value ?? {}) as Json)
  }

  validators(content: string, side: Side): ReadonlyMap<string, ValidateFunction> {
    const media = (this.at(content) ?? {}) as Json
    return new Map(
      Object.keys(media).map((type) => {
        const pointer = `${content}/${escaped(type)}/schema`
        const schema = this.at(pointer) === undefined ? {} : { $ref: `api${encodeURI(pointer)}` }
        return [type, this.#ajv[side].compile(schema)]
      }),
    )
  }

  compile(schema: Json): ValidateFunction {
    const { $ref } = schema
    return this.#ajv.request.compile(
      typeof $ref === 'string' ? { $ref: `api${$ref}` } : tolerantSchema(schema, 'request'),
    )
  }
}

const documents = new Map<string, Document>()

const documentOf = (file: string): Document => {
  const known = documents.get(file) ?? new Document(parse(readFileSync(FOLDER + file, 'utf8')) as Json)
  documents.set(file, known)
  return known
}

type Side = 'request' | 'response'

const ajvFor = (root: Json, side: Side): Ajv => {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    logger: false,
    validateSchema: false,
    validateFormats: side === 'response',
  })
  ;(formats.default as unknown as (to: Ajv) => void)(ajv)
  ajv.addSchema({ $id: 'api', ...(tolerant(root, side, false) as Json) })
  return ajv
}

/**
 * The description with the noise of the files taken out (docs/bigcommerce.md, OpenAPI files): more properties are allowed, an
 * answer may hold null anywhere, alternatives need not exclude each other, `required` in the wrong place means nothing.
 */
const tolerant = (node: unknown, side: Side, isSchema: boolean): unknown => {
  if (Array.isArray(node)) return node.map((one) => tolerant(one, side, isSchema))
  if (typeof node !== 'object' || node === null) return node
  if (!isSchema) return mapValues(node as Json, (value, key) => tolerantPart(value, key, side))
  return tolerantSchema(node as Json, side)
}

const tolerantPart = (value: unknown, key: string, side: Side): unknown => {
  if (key === 'schema') return tolerant(value, side, true)
  if (key === 'schemas') return mapValues(value as Json, (schema) => tolerant(schema, side, true))
  return key === 'example' || key === 'examples' ? undefined : tolerant(value, side, false)
}

const tolerantSchema = (schema: Json, side: Side): Json => {
  const {
    oneOf,
    nullable,
    required,
    additionalProperties,
    exclusiveMinimum,
    exclusiveMaximum,
    example: _e,
    examples: _x,
    'x-examples': _xx,
    ...rest
  } = schema
  const open = side === 'response' || nullable === true
  const nested = mapValues(rest, (value, key) =>
    key === 'properties'
      ? mapValues(value as Json, (one) => tolerant(one, side, true))
      : key === 'items' || key === 'allOf' || key === 'anyOf' || key === 'not'
        ? tolerant(value, side, true)
        : value,
  )
  return {
    ...nested,
    ...(Array.isArray(oneOf) && { anyOf: tolerant(oneOf, side, true) }),
    ...(Array.isArray(required) && { required }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: tolerant(additionalProperties, side, true),
    }),
    ...(typeof exclusiveMinimum === 'number' && { exclusiveMinimum }),
    ...(typeof exclusiveMaximum === 'number' && { exclusiveMaximum }),
    ...(open && typeof schema['type'] === 'string' && { type: [schema['type'], 'null'] }),
    ...(open && Array.isArray(schema['enum']) && { enum: [...schema['enum'], null] }),
  }
}

const mapValues = (object: Json, map: (value: unknown, key: string) => unknown): Json =>
  typeof object === 'object' && object !== null
    ? Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]))
    : object
