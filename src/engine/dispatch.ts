import type { Batch, Stage } from '../diff/index.ts'
import type { Writing } from './pushing.ts'
import { type Sender, sendBatch } from './send.ts'

/**
 * Sends stage after stage, and inside a stage as many requests at once as the routes' lanes allow, but never two that touch the
 * same unit: the API has no optimistic locking, so the later of two would win unpredictably.
 */
export const dispatch = async (writing: Writing, sender: Sender, stages: readonly Stage[]): Promise<void> => {
  const { context, side, plan } = writing
  const total = stages.reduce((sum, stage) => sum + stage.length, 0)
  let done = 0
  for (const stage of stages) {
    const most = mostAtOnce(stage)
    const waiting = [...stage]
    const busy = new Set<string>()
    const running = new Set<Promise<void>>()
    while (waiting.length || running.size) {
      const index =
        running.size < most ? waiting.findIndex((batch) => unitsOf(batch).every((unit) => !busy.has(unit))) : -1
      const [batch] = index >= 0 ? waiting.splice(index, 1) : []
      if (!batch) {
        await endOfOne(running)
        continue
      }
      const units = unitsOf(batch)
      for (const unit of units) busy.add(unit)
      const task = sendBatch(writing, sender, batch).finally(() => {
        for (const unit of units) busy.delete(unit)
        running.delete(task)
        done += 1
        context.progress({ kind: 'advance', what: `push ${plan.sync}`, done, total, eta: side.store.eta(total - done) })
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

const mostAtOnce = (stage: Stage): number => stage.reduce((most, { route }) => Math.max(most, route.lanes), 1)

const unitsOf = ({ rows }: Batch): readonly string[] => [...new Set(rows.map(({ unit }) => unit))]
