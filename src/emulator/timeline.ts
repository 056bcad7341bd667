/**
 * The store's time, what is due later, and the undoing of what a refused request had begun.
 * Everything is synchronous: effects that fell due run when `catchUp` is called, each at the moment it was due.
 */
export class Timeline {
  readonly #clock: () => number
  #due: { readonly at: number; readonly effect: () => void }[] = []
  #at: number | undefined
  #readAt: number | undefined
  #begun = false
  #undo: (() => void)[] | undefined

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** ms since 1970; while an effect runs, the moment it was due. */
  now(): number {
    return this.#at ?? this.#clock()
  }

  /** The start-up data are in: from now on tables remember their past. */
  begin(): void {
    this.#begun = true
  }

  get begun(): boolean {
    return this.#begun
  }

  /** Moment that reads look back to; undefined reads what is. */
  get readAt(): number | undefined {
    return this.#readAt
  }

  /** Runs `read` so that every table shows what it held at `at`. */
  reading<T>(at: number | undefined, read: () => T): T {
    this.#readAt = at
    try {
      return read()
    } finally {
      this.#readAt = undefined
    }
  }

  /** Has `effect` happen after `delayMs`. A refused request takes back what it had put off. */
  later(delayMs: number, effect: () => void): void {
    const entry = { at: this.now() + delayMs, effect }
    const place = this.#due.findIndex(({ at }) => at > entry.at)
    this.#due.splice(place < 0 ? this.#due.length : place, 0, entry)
    this.onUndo(() => {
      this.#due = this.#due.filter((one) => one !== entry)
    })
  }

  /** Lets everything happen that is due by now, in order. */
  catchUp(): void {
    const now = this.#clock()
    for (let next = this.#due[0]; next && next.at <= now; next = this.#due[0]) {
      this.#due.shift()
      this.#at = next.at
      try {
        next.effect()
      } finally {
        this.#at = undefined
      }
    }
  }

  /** Carries `work` out as a whole: when it throws, everything it changed is as before. May be nested. */
  atomically<T>(work: () => T): T {
    const outer = this.#undo
    const undo: (() => void)[] = []
    this.#undo = undo
    try {
      const result = work()
      outer?.push(...undo)
      return result
    } catch (error) {
      this.#undo = undefined
      for (const step of undo.reverse()) step()
      throw error
    } finally {
      this.#undo = outer
    }
  }

  /** Names the way back of a change that was just made. */
  onUndo(step: () => void): void {
    this.#undo?.push(step)
  }
}
