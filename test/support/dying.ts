import type { Mirror } from '../../src/mirror/index.ts'

/** What a process that was killed leaves behind. */
export class Crash extends Error {}

/** A mirror that dies at the n-th call of one of its methods, before or after that was done, and is dead from then on. */
export const dying = (
  mirror: Mirror,
  call: number,
  when: 'before' | 'after',
  method: keyof Mirror = 'journal',
): Mirror => {
  let calls = 0
  let dead = false
  return new Proxy(mirror, {
    get: (inner, name) => {
      const value = inner[name as keyof Mirror]
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        if (dead) throw new Crash()
        if (name === method) calls += 1
        const isTurn = name === method && calls === call
        if (isTurn && when === 'before') dead = true
        if (dead) throw new Crash()
        const result = (value as (...all: unknown[]) => unknown).apply(inner, args)
        if (isTurn) dead = true
        if (dead) throw new Crash()
        return result
      }
    },
  })
}
