import * as z from 'zod'
import { type Random, UsageError } from '../model/index.ts'

const where = {
  /** Any method when absent. */
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(),
  /** Path below the store's root; `:name` stands for one segment, a `*` at the end for any rest. Every path when absent. */
  path: z.string().startsWith('/').optional(),
  /** How often it strikes; without end when absent. */
  times: z.int().positive().optional(),
  /** Share of matching requests that it strikes, 0 to 1. */
  probability: z.number().min(0).max(1).optional(),
}
/** Whether the request is carried out first. */
const when = { when: z.enum(['before', 'after']).optional() }

const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    ...where,
    ...when,
    status: z.int().min(200).max(599),
    /** Added to the answer. */
    headers: z.record(z.string(), z.string()).optional(),
    /** False leaves the rate-limit headers out, as an overloaded edge does. */
    rateHeaders: z.boolean().optional(),
    /** Body as text; the API's own error body when absent. */
    body: z.string().optional(),
  }),
  /** The connection ends without an answer. */
  z.strictObject({ kind: z.literal('drop'), ...where, ...when }),
  /** The answer takes this much longer. */
  z.strictObject({ kind: z.literal('slow'), ...where, ...when, ms: z.int().positive() }),
  /** The answer's body ends half-way. */
  z.strictObject({ kind: z.literal('truncate'), ...where }),
  /** A 200 with an HTML page, as a proxy gives. */
  z.strictObject({ kind: z.literal('html200'), ...where, ...when }),
  /** A 200 with an empty body. */
  z.strictObject({ kind: z.literal('empty200'), ...where, ...when }),
  /** A GET shows the store as it was this long ago. */
  z.strictObject({ kind: z.literal('stale'), ...where, ms: z.int().positive() }),
])

export type Fault = z.infer<typeof faultSchema>

/** A fault that is set, and how often it struck. */
export type ActiveFault = Fault & { readonly hits: number }

/** Reads a list of faults, from a file or a request. @throws {UsageError} naming the place of what is wrong. */
export const parseFaults = (value: unknown, origin: string): Fault[] => {
  const read = z.array(faultSchema).safeParse(value)
  if (read.success) return read.data
  throw new UsageError(`the list of faults is wrong: ${z.prettifyError(read.error)}`, {
    where: origin,
    hint: 'Give an array such as [{"kind": "status", "status": 503, "path": "/v3/catalog/products", "times": 2}].',
  })
}

/** What strikes one request: at most one of the faults that end it, and any number that only change it. */
export interface Strike {
  readonly slowBeforeMs: number
  readonly slowAfterMs: number
  readonly staleMs: number
  readonly end: Exclude<Fault, { kind: 'slow' | 'stale' }> | undefined
}

/** The faults that are set. */
export class Faults {
  readonly #random: Random
  #active: { fault: Fault; hits: number }[] = []

  constructor(random: Random) {
    this.#random = random
  }

  set(faults: readonly Fault[]): void {
    this.#active = faults.map((fault) => ({ fault, hits: 0 }))
  }

  add(fault: Fault): void {
    this.#active.push({ fault, hits: 0 })
  }

  clear(): void {
    this.#active = []
  }

  list(): readonly ActiveFault[] {
    return this.#active.map(({ fault, hits }) => ({ ...fault, hits }))
  }

  /** Decides what strikes a request, and counts it. */
  strike(method: string, path: string): Strike {
    let [slowBeforeMs, slowAfterMs, staleMs] = [0, 0, 0]
    let end: Strike['end']
    for (const one of this.#active) {
      const { fault } = one
      if (!this.#hits(one, method, path)) continue
      if (fault.kind === 'stale') staleMs = Math.max(staleMs, fault.ms)
      else if (fault.kind === 'slow' && fault.when === 'after') slowAfterMs += fault.ms
      else if (fault.kind === 'slow') slowBeforeMs += fault.ms
      else if (end) continue
      else end = fault
      one.hits += 1
    }
    return { slowBeforeMs, slowAfterMs, staleMs, end }
  }

  #hits({ fault, hits }: { fault: Fault; hits: number }, method: string, path: string): boolean {
    if (fault.times !== undefined && hits >= fault.times) return false
    if (fault.method && fault.method !== method) return false
    if (fault.kind === 'stale' && method !== 'GET') return false
    if (fault.path && !matches(fault.path, path)) return false
    return fault.probability === undefined || this.#random() < fault.probability
  }
}

/** Whether the request is carried out although the fault strikes: by default it is, except where a status says that it failed. */
export const strikesFirst = (fault: NonNullable<Strike['end']>): boolean => {
  if (fault.kind === 'truncate') return false
  return (fault.when ?? (fault.kind === 'status' ? 'before' : 'after')) === 'before'
}

const matches = (pattern: string, path: string): boolean => {
  if (pattern.endsWith('*')) return path.startsWith(pattern.slice(0, -1))
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  return wanted.length === given.length && wanted.every((one, place) => one.startsWith(':') || one === given[place])
}
