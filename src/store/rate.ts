/** A request rate for stores that tell no quota: careful, halved by each refusal, slowly raised by answers. */
export interface Rate {
  /** Milliseconds between two requests. */
  intervalMs(): number
  succeeded(): void
  refused(): void
}

/** Stays within 5 requests a second, the smallest quota there is (docs/bigcommerce.md, Quotas: 150 in 30 s). */
export const createRate = (): Rate => {
  let perSecond = 4
  return {
    intervalMs: () => 1000 / perSecond,
    succeeded: () => {
      perSecond = Math.min(5, perSecond + 0.02)
    },
    refused: () => {
      perSecond = Math.max(0.1, perSecond / 2)
    },
  }
}
