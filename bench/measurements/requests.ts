import { inChild } from '../in-child.ts'
import { atMost, type Result, result } from '../result.ts'
import type { Options } from './options.ts'

/** Requests of pulls and pushes against what arithmetic asks for. Counted, not timed, so once is enough. */
export const requests = async ({ scale, say }: Options): Promise<readonly Result[]> => {
  say('requests: counting')
  const counted = await inChild('countRequests', { scale })
  const removals = (await inChild('countRemovals', { scale })).map(({ what, sweep, requests: made }) =>
    result('requests', `${what}: finding them / reading every key`, made / sweep, atMost(1), { sweep, requests: made }),
  )
  const work = counted.flatMap(({ what, kind, minimum, requests: made }) => {
    const figures = { minimum, ...made }
    const least = result('requests', `${what} / minimum`, (made.read + made.write) / minimum, atMost(1), figures)
    if (kind === 'pull') return [least]
    return [least, result('requests', `${what}: checking / writing`, made.check / made.write, atMost(0.1), figures)]
  })
  return [...work, ...removals]
}
