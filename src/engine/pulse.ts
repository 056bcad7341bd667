import type { Clock } from '../model/index.ts'

/**
 * Notices when the work stood still: the process was stopped, the machine slept, or the store kept everybody waiting. What was
 * read before such a gap may be true no more.
 */
export class Pulse {
  readonly #clock: Clock
  #last: number
  #gaps = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#last = clock.elapsed()
  }

  /** Something goes on. Returns the number of gaps until now. */
  beat(): number {
    const now = this.#clock.elapsed()
    if (now - this.#last > LONGEST_MS) this.#gaps += 1
    this.#last = now
    return this.#gaps
  }

  /** What went on until now was our own reckoning, however long it took. */
  reckoned(): void {
    this.#last = this.#clock.elapsed()
  }
}

const LONGEST_MS = 5000
