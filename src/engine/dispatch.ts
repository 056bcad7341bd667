import type { Batch, Stage } from '../diff/index.ts'
import type { Context, StoreSide } from './context.ts'
import type { Ledger } from './ledger.ts'
import { type Sender, sendBatch } from './send.ts'

/**
 * Sends stage after stage, and inside a stage as many requests at once as the routes' lanes allow, but never two that touch the
 * same unit: the API has no optimistic locking, so the later of two would win unpredictably.
 */
export const dispatch = async (
  context: Context,
  side: StoreSide,
  ledger: Ledger,
  sender: Sender,
  stages: readonly Stage[],
  what: string,
): Promise<void> => {
  const total = stages.flat().length
  let done = 0
  for (const stage of stages) {
    const waiting = [...stage]
    const busy = new Set<string>()
    const running = new Set<Promise<void>>()
    while (waiting.length || running.size) {
      const index =
        running.size < mostAtOnce(stage)
          ? waiting.findIndex((batch) => unitsOf(batch).every((unit) => !busy.has(unit)))
          : -1
      const [batch] = index >= 0 ? waiting.splice(index, 1) : []
      if (!batch) {
        await endOfOne(running)
        continue
      }
      const units = unitsOf(batch)
      for (const unit of units) busy.add(unit)
      const task = sendBatch(context, side, ledger, sender, batch).finally(() => {
        for (const unit of units) busy.delete(unit)
        running.delete(task)
        done += 1
        context.progress({ kind: 'advance', what, done, total, eta: side.store.eta(total - done) })
      })
      running.add(task)
    }
  }
}

/** When recording fails, the requests in flight still come to their ends before the push does. */
const endOfOne = async (running: ReadonlySet<Promise<void>>): Promise<void> => {
  try {
    await Promise.race(running)
  } catch (error) {
    await Promise.allSettled(running)
    throw error
  }
}

const mostAtOnce = (stage: Stage): number => Math.max(1, ...stage.map(({ route }) => route.lanes))

const unitsOf = ({ rows }: Batch): readonly string[] => [...new Set(rows.map(({ unit }) => unit))]
