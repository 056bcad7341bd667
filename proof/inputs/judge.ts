import { isDeepStrictEqual } from 'node:util'
import type { Input } from './goods.ts'
import type { Outcome } from './shop.ts'

/** What is wrong with what came of a file; undefined when all of it was expected. */
export const faultOf = ({ title, says, writes }: Input, outcome: Outcome): string | undefined => {
  if (outcome.says === says && isDeepStrictEqual(outcome.writes, writes)) return undefined
  const [wanted, got] = [
    { says, writes },
    { says: outcome.says, writes: outcome.writes },
  ].map((one) => JSON.stringify(one))
  return `${title}\n  expected ${wanted}\n  and got  ${got}`
}
