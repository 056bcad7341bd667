import { type Clock, isoTime } from '../../model/index.ts'
import type { StoreSide } from '../context.ts'

/** Waits until a reading shows what was written last, because one before that is a reading of what was there before. */
export const waitUntilSettled = async (
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  { mirror }: Pick<StoreSide, 'mirror'>,
): Promise<void> => {
  const now = clock.now()
  const last = mirror.unsettled(isoTime(now)).reduce((most, { until }) => Math.max(most, Date.parse(until)), now)
  if (last > now) await clock.sleep(last - now, signal)
}
