/** Exit codes of the command, one table for every document. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  changes: 3,
  blocked: 4,
  rows: 5,
  refused: 6,
  auth: 7,
  interrupted: 8,
  locked: 9,
} as const

export type Exit = (typeof EXIT)[keyof typeof EXIT]

export interface ErrorFacts {
  /** Where: a file with line and column, a key, a URL path. */
  readonly where?: string | undefined
  /** What a person can do about it. */
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** The base of every failure that Skiff knows: a code for machines, a sentence, a place and a remedy for people. */
export abstract class SkiffError extends Error {
  abstract readonly code: string
  abstract readonly exit: Exit
  readonly where: string | undefined
  readonly hint: string | undefined

  constructor(message: string, { where, hint, cause }: ErrorFacts = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.where = where
    this.hint = hint
  }
}

/** The command line or the configuration asks for something that cannot be. */
export class UsageError extends SkiffError {
  readonly code = 'usage'
  readonly exit = EXIT.usage
}

/** A file, table or feed was refused as a whole; nothing was planned from it. */
export class SourceRefusedError extends SkiffError {
  readonly code = 'source_refused'
  readonly exit = EXIT.refused
}

/** The store did not accept the credentials. */
export class AuthError extends SkiffError {
  readonly code = 'auth'
  readonly exit = EXIT.auth
}

/** The credentials are good but lack a scope. */
export class ScopeError extends SkiffError {
  readonly code = 'scope'
  readonly exit = EXIT.auth
}

/** The store has no such thing. */
export class NotFoundError extends SkiffError {
  readonly code = 'not_found'
  readonly exit = EXIT.failed
}

/** The store refused what was sent; `fields` is its own map of field to complaint. */
export class ValidationError extends SkiffError {
  readonly code = 'validation'
  readonly exit = EXIT.failed
  readonly fields: Readonly<Record<string, string>>

  constructor(message: string, facts: ErrorFacts & { readonly fields?: Readonly<Record<string, string>> } = {}) {
    super(message, facts)
    this.fields = facts.fields ?? {}
  }
}

/** The store's quota is used up and waiting did not help. */
export class RateLimitedError extends SkiffError {
  readonly code = 'rate_limited'
  readonly exit = EXIT.failed
}

/** The store does not answer, or answers that it cannot. */
export class UnavailableError extends SkiffError {
  readonly code = 'unavailable'
  readonly exit = EXIT.failed
}

/** A request left, and nothing tells whether it was carried out. */
export class AmbiguousError extends SkiffError {
  readonly code = 'ambiguous'
  readonly exit = EXIT.failed
}

/** The store answered with something that is not what the API promises. */
export class UnexpectedAnswerError extends SkiffError {
  readonly code = 'unexpected_answer'
  readonly exit = EXIT.failed
}

/** The mirror is not in a state to be used so. */
export class MirrorError extends SkiffError {
  readonly code = 'mirror'
  readonly exit = EXIT.failed
}

/** A plan cannot be pushed: changed, expired, from another config or store, or already pushed. */
export class StalePlanError extends SkiffError {
  readonly code = 'stale_plan'
  readonly exit = EXIT.failed
}

/** A guard blocks. */
export class BlockedError extends SkiffError {
  readonly code = 'blocked'
  readonly exit = EXIT.blocked
}

/** Too many runs of a sync in a row failed; only a person pushes for it now. */
export class CircuitError extends SkiffError {
  readonly code = 'circuit'
  readonly exit = EXIT.blocked
}

/** A person's approval is needed and nobody is there to give it. */
export class ApprovalError extends SkiffError {
  readonly code = 'approval'
  readonly exit = EXIT.changes
}

/** Another process holds the store. */
export class LockedError extends SkiffError {
  readonly code = 'locked'
  readonly exit = EXIT.locked
}

/** Stopped by a signal at a point from which the next run goes on. */
export class InterruptedError extends SkiffError {
  readonly code = 'interrupted'
  readonly exit = EXIT.interrupted
}

/** Of several outcomes, the one that the process leaves with. */
export const worstExit = (exits: readonly Exit[]): Exit => PRECEDENCE.find((exit) => exits.includes(exit)) ?? EXIT.done

const PRECEDENCE: readonly Exit[] = [2, 7, 9, 8, 1, 4, 6, 3, 5]
