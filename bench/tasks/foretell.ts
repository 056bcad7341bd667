import { etaErrors } from '../../test/support/pacing/eta.ts'

export interface Foretold {
  readonly what: string
  /** Largest error of the foretold end from a tenth of the work on, in parts of the whole time. */
  readonly error: number
}

/** Holds the end that the progress bar foretells against the one that comes, in virtual time. */
export const foretell = async ({ scale }: { scale: number }): Promise<readonly Foretold[]> => {
  const found: Foretold[] = []
  for (const others of [false, true]) {
    const errors: number[] = []
    for (const quota of [150, 450])
      for (const atOnce of [1, 4])
        for (const tripMs of [[20, 20] as const, [100, 320] as const, [400, 400] as const])
          for (const seed of [1, 2]) {
            // What another app does is chance; a longer time evens it out.
            const requests = Math.max(300, Math.round((others ? quota * 40 : 1500) * scale))
            errors.push((await etaErrors({ seed, requests, atOnce, quota, tripMs, others })).ofAll)
          }
    found.push({ what: others ? 'beside another app' : 'alone', error: Math.max(...errors) })
  }
  return found
}
