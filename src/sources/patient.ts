import type { Clock, Source } from '../model/index.ts'
import type { Location } from './location.ts'
import type { SharedReading } from './shared-reading.ts'
import { UnfinishedError } from './unfinished.ts'

export interface Patience {
  /** How long to wait for a file to be complete. */
  readonly seconds: number
  readonly clock: Clock
  readonly signal?: AbortSignal
}

/**
 * A source that waits for its file while another program writes it: two looks, a second apart, must show the same, and a file whose
 * end is missing is read again. A reading hands out nothing before it proved sound, so it can begin anew. One that is kept already
 * waits for nothing.
 * @throws {UnfinishedError} while it is read, when the time is over.
 */
export const patient = (
  source: Source,
  location: Location,
  patience: Patience,
  shared?: Pick<SharedReading, 'isKept'>,
): Source => ({
  ...source,
  read: async function* (since, familiar) {
    const { clock, signal, seconds } = patience
    const end = clock.elapsed() + seconds * 1000
    for (;;) {
      try {
        if (!shared?.isKept()) await refuseMoving(location, patience)
        yield* source.read(since, familiar)
        return
      } catch (error) {
        if (!(error instanceof UnfinishedError) || clock.elapsed() >= end) throw error
        await clock.sleep(BETWEEN_LOOKS_MS, signal)
      }
    }
  },
})

const BETWEEN_LOOKS_MS = 1000

const refuseMoving = async (location: Location, { clock, signal, seconds }: Patience): Promise<void> => {
  if (!location.look) return
  const before = await location.look()
  await clock.sleep(BETWEEN_LOOKS_MS, signal)
  if ((await location.look()) === before) return
  throw new UnfinishedError(`${location.origin} is still being written`, {
    where: location.origin,
    hint: `it did not come to rest in ${seconds} s; run again once it is complete, or set a longer "settleSeconds"`,
  })
}
