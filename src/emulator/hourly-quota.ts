/**
 * What a legacy account may request in an hour: the hour is the present minute and the 59 before it (docs/bigcommerce.md, Quotas).
 * `elapsed` is a time in ms that only grows.
 */
export class HourlyQuota {
  readonly #elapsed: () => number
  readonly #minutes = new Map<number, number>()
  #used = 0

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  /** Takes one request out of the quota; false when none is left. */
  take(): boolean {
    const minute = this.#forget()
    if (this.#used >= MOST) return false
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1)
    this.#used += 1
    return true
  }

  headers(): Record<string, string> {
    this.#forget()
    return { 'X-BC-ApiLimit-Remaining': String(MOST - this.#used) }
  }

  /** Leaves out what is over an hour ago; returns the present minute. */
  #forget(): number {
    const present = Math.floor(this.#elapsed() / 60_000)
    for (const [minute, count] of this.#minutes) {
      if (minute > present - 60) break
      this.#minutes.delete(minute)
      this.#used -= count
    }
    return present
  }
}

const MOST = 20_000
