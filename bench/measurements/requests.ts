import { inChild } from '../in-child.ts'
import { atMost, type Result, result } from '../result.ts'
import type { Options } from './options.ts'

/** Requests of pulls and pushes against what arithmetic asks for. Counted, not timed, so once is enough. */
export const requests = async ({ scale, say }: Options): Promise<readonly Result[]> => {
  say('requests: counting')
  const counted = await inChild('countRequests', { scale })
  return counted.flatMap(({ what, kind, minimum, requests: made }) => {
    const work = made.read + made.write
    const figures = { minimum, ...made }
    const least = result('requests', `${what} / minimum`, work / minimum, atMost(1), figures)
    if (kind === 'pull') return [least]
    return [least, result('requests', `${what}: checking / writing`, made.check / made.write, atMost(0.1), figures)]
  })
}
