import { inChild } from '../in-child.ts'
import { atLeast, atMost, type Result, result } from '../result.ts'
import type { Options } from './options.ts'

/** Requests of pulls and pushes against what arithmetic asks for. Counted, not timed, so once is enough. */
export const requests = async ({ scale, say }: Options): Promise<readonly Result[]> => {
  say('requests: of pulls')
  const pulls = await inChild('countPulls', { scale })
  say('requests: of finding removed products')
  const removals = await inChild('countRemovals', { scale })
  say('requests: of pushes')
  const pushes = await inChild('countPushes', { scale })
  say('requests: of a script')
  const { skiff, naive } = await inChild('countNaive', { products: Math.max(300, Math.round(20_000 * scale)) })
  return [
    ...[...pulls, ...pushes].flatMap(({ what, kind, minimum, requests: made }) => {
      const work = made.read + made.write
      const figures = { minimum, ...made }
      const least = result('requests', `${what} / minimum`, work / minimum, atMost(1), figures)
      if (kind === 'pull') return [least]
      return [least, result('requests', `${what}: checking / writing`, made.check / made.write, atMost(0.1), figures)]
    }),
    ...removals.map(({ what, sweep, requests: made }) =>
      result('requests', `${what}: finding / reading every key`, made / sweep, atMost(1), { sweep, requests: made }),
    ),
    result(
      'requests',
      'nightly price feed, 1 % changed: script with node-bigcommerce / Skiff',
      naive / skiff,
      atLeast(1),
      {
        naive,
        skiff,
      },
    ),
  ]
}
