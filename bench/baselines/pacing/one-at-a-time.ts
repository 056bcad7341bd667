import type { Client } from '../../../test/support/pacing/simulate.ts'

/** As tap-bigcommerce does it: one request after the other, and before each a sleep of what remains of the window by what is left. */
export const oneAtATime: Client = ({ later, send }) => {
  const next = (): void =>
    send((_, { facts }) => {
      later(facts ? facts.resetMs / Math.max(1, facts.left) : 1000, next)
    })
  next()
}
