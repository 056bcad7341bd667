export type Plan = keyof typeof PLANS

/** Requests a 30 s window (docs/bigcommerce.md, Quotas). Unlimited stores tell a number that nobody reaches. */
export const PLANS = { standard: 150, pro: 450, unlimited: 7_000_000 } as const

/** A quota of its own kind. */
export interface Window {
  readonly requests: number
  readonly windowMs: number
}

export interface OtherApp {
  /** Requests that another app of the same store makes; they come out of the same quota. */
  readonly requestsPerSecond: number
  /** A token of its own: writes made with it are logged as `other`. */
  readonly accessToken?: string
}

/**
 * The store's quota in fixed windows. A window starts with the first request after the last one ended.
 * `elapsed` is a time in ms that only grows.
 */
export class Quota {
  readonly #most: number
  readonly #windowMs: number
  readonly #elapsed: () => number
  readonly #otherPerMs: number
  #start: number | undefined
  #used = 0
  #othersCounted = 0

  constructor(most: number, windowMs: number, elapsed: () => number, otherPerSecond = 0) {
    this.#most = most
    this.#windowMs = windowMs
    this.#elapsed = elapsed
    this.#otherPerMs = otherPerSecond / 1000
  }

  /** Takes one request out of the quota; false when none is left. */
  take(): boolean {
    this.#roll()
    this.#start ??= this.#elapsed()
    if (this.#used >= this.#most) return false
    this.#used += 1
    return true
  }

  headers(): Record<string, string> {
    this.#roll()
    const reset = this.#start === undefined ? this.#windowMs : this.#start + this.#windowMs - this.#elapsed()
    return {
      'X-Rate-Limit-Time-Window-Ms': String(this.#windowMs),
      'X-Rate-Limit-Time-Reset-Ms': String(Math.ceil(reset)),
      'X-Rate-Limit-Requests-Quota': String(this.#most),
      'X-Rate-Limit-Requests-Left': String(this.#most - this.#used),
    }
  }

  #roll(): void {
    if (this.#start === undefined) return
    const age = this.#elapsed() - this.#start
    if (age >= this.#windowMs) {
      this.#start = undefined
      this.#used = 0
      this.#othersCounted = 0
      return
    }
    const others = Math.floor(age * this.#otherPerMs)
    this.#used = Math.min(this.#most, this.#used + others - this.#othersCounted)
    this.#othersCounted = others
  }
}
