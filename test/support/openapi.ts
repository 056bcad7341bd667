import type { ErrorObject, ValidateFunction } from 'ajv'
import { EXCEPTIONS, type Exception } from './openapi-exceptions.ts'
import { absence, type Operation, operationOf, type Parameter } from './openapi-specs.ts'

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

export interface Judged {
  readonly fetch: Fetch
  /** What the official description does not allow, and no known exception excuses. */
  readonly violations: readonly string[]
}

const excused = new Set<Exception>()
let told = false

/** Whether the official files are there; says on the console that judging is skipped when they are not. */
export const canJudge = (): boolean => {
  const reason = absence()
  if (reason && !told)
    console.error(`SKIPPED: requests and answers are not held against the official OpenAPI files: ${reason}`)
  told = true
  return reason === undefined
}

/** The same `fetch`; each request that it sends and each answer that it gets is held against the official OpenAPI files. */
export const judge = (fetch: Fetch): Judged => {
  const violations: string[] = []
  if (!canJudge()) return { fetch, violations }
  return {
    violations,
    fetch: async (input, init) => {
      const { method, path, query, body } = await seen(input, init)
      violations.push(...validateRequest(method, path, query, body))
      const response = await fetch(input, init)
      const text = await response
        .clone()
        .text()
        .catch(() => undefined)
      if (text !== undefined) {
        const type = response.headers.get('content-type') ?? ''
        violations.push(...validateResponse(method, path, response.status, contentOf(text, type), type))
      }
      return response
    },
  }
}

/** The same `fetch`, with only the requests judged: answers may be meant to be wrong. */
export const judgeRequests = (fetch: Fetch): Judged => {
  const violations: string[] = []
  if (!canJudge()) return { fetch, violations }
  return {
    violations,
    fetch: async (input, init) => {
      const { method, path, query, body } = await seen(input, init)
      violations.push(...validateRequest(method, path, query, body))
      return fetch(input, init)
    },
  }
}

/**
 * What is wrong with a request. `path` is below the store's root (`/v3/...`). Nulls are allowed where the description says so,
 * formats and headers are not looked at, and lists in `:in` parameters are checked element by element.
 */
export const validateRequest = (method: string, path: string, query: URLSearchParams, body: unknown): string[] => {
  const operation = operationOf(method, path)
  if (!operation) return unexcused('request', `${method} ${path}`, [UNKNOWN])
  const complaints = [...queryComplaints(operation, query), ...bodyComplaints(operation, body)]
  return unexcused('request', operation.name, complaints)
}

/** What is wrong with an answer. Statuses that any operation may give are held against the general error bodies. */
export const validateResponse = (
  method: string,
  path: string,
  status: number,
  body: unknown,
  type = JSON_TYPE,
): string[] => {
  const operation = operationOf(method, path)
  if (!operation) return status === 404 || status === 405 ? [] : unexcused('answer', `${method} ${path}`, [UNKNOWN])
  return unexcused('answer', `${operation.name} ${status}`, answerComplaints(operation, status, body, type))
}

/** Exceptions of the table that nothing has needed so far. */
export const unusedExceptions = (): readonly string[] =>
  EXCEPTIONS.filter((exception) => !excused.has(exception)).map(
    ({ on, operation, complaint }) => `${on} ${operation} ${complaint}`,
  )

const UNKNOWN = 'no such operation'
const JSON_TYPE = 'application/json'

const seen = async (input: string | URL | Request, init?: RequestInit) => {
  const request = new Request(input, init)
  const url = new URL(request.url)
  const type = request.headers.get('content-type') ?? ''
  const path = url.pathname.replace(/^\/stores\/[^/]+|^\/api(?=\/v2)/, '')
  const about = { method: request.method, path, query: url.searchParams }
  if (type.startsWith('multipart/form-data')) return { ...about, body: await request.clone().formData() }
  const text = await request.clone().text()
  return { ...about, body: text && type.includes('json') ? contentOf(text, JSON_TYPE) : undefined }
}

const contentOf = (text: string, type: string): unknown => {
  if (!type.includes('json') || text === '') return text === '' ? undefined : text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const queryComplaints = ({ query: known }: Operation, query: URLSearchParams): string[] => {
  const unknown = [...query.keys()].filter((name) => !known.some((one) => one.name === name))
  const missing = known.filter(({ name, required }) => required && !query.has(name))
  return [
    ...unknown.map((name) => `?${name} is no parameter`),
    ...missing.map(({ name }) => `?${name} is required`),
    ...known.flatMap((one) => (query.has(one.name) ? valueComplaints(one, query.get(one.name) ?? '') : [])),
  ]
}

const valueComplaints = ({ name, kind, check }: Parameter, text: string): string[] => {
  const listed = kind === 'array' || /:(not_)?in$/.test(name)
  const parts = listed ? text.split(',') : [text]
  const passes = (value: unknown): boolean => check(value) === true
  const fits =
    kind === 'array' ? passes(parts) || passes(parts.map(Number)) : parts.map((part) => typed(part, kind)).every(passes)
  return fits ? [] : [`?${name} is not what is described`]
}

const typed = (text: string, kind: unknown): unknown => {
  if ((kind === 'integer' || kind === 'number') && text.trim() !== '') return Number(text)
  return kind === 'boolean' ? (text === 'true' ? true : text === 'false' ? false : text) : text
}

const bodyComplaints = ({ body: check, form }: Operation, body: unknown): string[] => {
  if (body === undefined) return []
  if (body instanceof FormData) return form ? failures(form, fieldsOf(body)) : ['a form is not described']
  return check ? failures(check, body) : ['a body is not described']
}

/** The texts of a form as what they say, a file by its name. */
const fieldsOf = (form: FormData): object =>
  Object.fromEntries(
    [...form].map(([name, value]) => [
      name,
      typeof value !== 'string' ? value.name : /^(true|false|-?\d+)$/.test(value) ? JSON.parse(value) : value,
    ]),
  )

const answerComplaints = (operation: Operation, status: number, body: unknown, type: string): string[] => {
  const described = operation.response(status)
  if (!described)
    return status >= 400 ? generalComplaints(operation, status, body) : [`status ${status} is not described`]
  if (body === undefined) return status === 204 || !described.size ? [] : ['has no body']
  const check = described.get(type.split(';')[0] ?? '')
  return check ? failures(check, body) : [`${type} is not described`]
}

/**
 * v3: an object with status, title and type; v2: an array of status and message. The store's front, which is the same for both,
 * answers 401, and whatever answers 500 and above keeps to no form.
 */
const generalComplaints = ({ name }: Operation, status: number, body: unknown): string[] => {
  if (status === 401 || status >= 500) return []
  const isV2 = name.includes(' /v2/')
  const error = ((isV2 ? (Array.isArray(body) ? body[0] : undefined) : body) ?? {}) as Readonly<Record<string, unknown>>
  const needed = { status: 'number', ...(isV2 ? { message: 'string' } : { title: 'string', type: 'string' }) }
  const wrong = Object.entries(needed).filter(([field, kind]) => typeof error[field] !== kind)
  return wrong.map(([field]) => `the error has no ${field}`)
}

const failures = (check: ValidateFunction, value: unknown): string[] =>
  check(value) ? [] : [...new Set((check.errors ?? []).map(complaintOf))]

/** `/data/*` instead of `/data/17`: the same fault of a thousand rows is one complaint. */
const complaintOf = ({ instancePath, message, params }: ErrorObject): string =>
  `${instancePath.replace(/\/\d+(?=\/|$)/g, '/*')} ${message}${params['allowedValues'] ? ` (${params['allowedValues']})` : ''}`.trim()

const unexcused = (on: Exception['on'], operation: string, complaints: readonly string[]): string[] =>
  complaints.flatMap((complaint) => {
    const exception = EXCEPTIONS.find(
      (one) => one.on === on && one.operation.test(operation) && one.complaint.test(complaint),
    )
    if (exception) excused.add(exception)
    return exception ? [] : [`${on} ${operation}: ${complaint}`]
  })
