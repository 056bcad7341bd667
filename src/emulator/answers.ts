import type { Answer } from './types.ts'

/** Thrown by a handler: the request is answered so, and what it had changed is undone. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(answer: Answer) {
    super(`answered ${answer.status}`)
    this.answer = answer
  }
}

export const refuse = (answer: Answer): never => {
  throw new Refusal(answer)
}

/** v3: the envelope around what was asked for. */
export const ok = (data: unknown, meta: unknown = {}): Answer => ({ status: 200, body: { data, meta } })

export const noContent: Answer = { status: 204 }

export type FieldErrors = Readonly<Record<string, string>>

/** v3: `{status, title, type, errors}`. Some refusals carry no `errors` (docs/bigcommerce.md, Error bodies). */
export const problem = (status: number, title: string, errors?: FieldErrors): Answer => ({
  status,
  body: { status, title, type: STATUS_PAGE, ...(errors && { errors }) },
})

export const notFound = (title: string): Answer => problem(404, title)
export const conflict = (title: string, errors: FieldErrors = {}): Answer => problem(409, title, errors)
export const invalid = (title: string, errors: FieldErrors = {}): Answer => problem(422, title, errors)

/** v3: the object was saved, but a side of it (stock, URL) was not. */
export const partly = (data: unknown, title: string, errors: FieldErrors): Answer => ({
  status: 207,
  body: { data, errors: { status: 207, title, type: STATUS_PAGE, errors }, meta: {} },
})

export const tooManyRows = (most: number): Answer =>
  problem(413, `The request payload is too large. The maximum items allowed in the array is ${most}.`)

/** v2: an array of one complaint. */
export const v2Error = (status: number, message: string, details?: unknown): Answer => ({
  status,
  body: [{ status, message, ...(details !== undefined && { details }) }],
})

export const STATUS_PAGE = 'https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes'
