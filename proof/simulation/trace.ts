import { createHash } from 'node:crypto'

/** What happened, in order; the hash tells whether two runs of one seed were the same run (I30). */
export class Trace {
  readonly #hash = createHash('sha256')
  readonly #lines: string[] = []
  readonly #keep: boolean

  constructor(keep: boolean) {
    this.#keep = keep
  }

  add(line: string): void {
    this.#hash.update(line).update('\n')
    if (this.#keep) this.#lines.push(line)
  }

  get lines(): readonly string[] {
    return this.#lines
  }

  digest(): string {
    return this.#hash.digest('hex')
  }
}
