import type { Requests } from '../src/model/index.ts'

/** The requests of one piece of work. */
export interface Counted {
  readonly what: string
  readonly kind: 'pull' | 'push'
  /** What arithmetic asks for at least. */
  readonly minimum: number
  readonly requests: Requests
}
