import type { Random } from '../model/index.ts'

/**
 * How often a request is tried in all, and how long the waits between are: the first is up to `firstMs`, each further one up
 * to twice as long, none above `mostMs`. BigCommerce asks for growing delays (docs/bigcommerce.md, Status codes).
 */
const POLICY = {
  none: { tries: 1, firstMs: 0, mostMs: 0 },
  few: { tries: 3, firstMs: 1000, mostMs: 8000 },
  usual: { tries: 6, firstMs: 1000, mostMs: 64_000 },
  long: { tries: 8, firstMs: 5000, mostMs: 300_000 },
  // The pace already waits for the window's end.
  throttled: { tries: 12, firstMs: 0, mostMs: 0 },
} as const

export type Patience = keyof typeof POLICY

/** Milliseconds to wait before the next try (full jitter, at least what the store asks for); null when it is given up. */
export const delayBefore = (patience: Patience, tried: number, askedMs: number, random: Random): number | null => {
  const { tries, firstMs, mostMs } = POLICY[patience]
  if (tried >= tries) return null
  const most = Math.min(mostMs, firstMs * 2 ** (tried - 1))
  return Math.min(300_000, Math.max(askedMs, Math.round(random() * most)))
}
