import { inspect } from 'node:util'

/** A secret that is fetched when it is asked for, and shows itself nowhere. */
export class Secret {
  readonly #fetch: () => string

  constructor(fetch: () => string) {
    this.#fetch = fetch
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }

  [inspect.custom](): string {
    return REDACTED
  }

  /** The only way to the value. @throws {UsageError} naming the variable or file that does not hold it. */
  static reveal(secret: Secret): string {
    return secret.#fetch()
  }
}

/** @throws {UsageError} naming the variable or file that does not hold the secret. */
export const reveal = Secret.reveal

const REDACTED = '[redacted]'
