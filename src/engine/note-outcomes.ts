import { type Change, isoTime, matchText, type RowOutcome, SkiffError } from '../model/index.ts'
import type { Pushing } from './pushing.ts'

/** Tells the source what became of its rows, where it keeps that. The push is over by then, so a failure is told and changes nothing. */
export const noteOutcomes = async (pushing: Pushing, chosen: readonly Change[]): Promise<void> => {
  const { spec, options } = pushing
  const { note } = options.source
  // What names or parts became of is no word about a row of the source.
  if (!note || spec.namedBy || spec.partOf) return
  const outcomes = outcomesOf(pushing, chosen)
  try {
    const noted = await note(outcomes)
    if (noted < outcomes.length)
      warn(pushing, `${outcomes.length - noted} of ${outcomes.length} rows of ${spec.source} do not keep their outcome`)
  } catch (error) {
    if (!(error instanceof SkiffError)) throw error
    warn(pushing, `${spec.source} does not keep the outcomes of its rows: ${error.message}`)
  }
}

/** One for each key: what was not applied says more than what was, and what waits for a person is not done either. */
const outcomesOf = ({ context, plan, ledger }: Pushing, chosen: readonly Change[]): readonly RowOutcome[] => {
  const at = isoTime(context.clock.now())
  const byKey = new Map<string, RowOutcome>()
  const add = (key: RowOutcome['key'], what: string, isFinal: boolean): void => {
    const text = matchText(key)
    if (isFinal || !byKey.has(text)) byKey.set(text, { key, text: `${at} ${what}` })
  }
  for (const { key, state, reason } of ledger.results(chosen))
    add(key, reason === null ? state : `${state}: ${reason}`, state !== 'applied')
  for (const { key, guard, reason } of plan.held) add(key, `held: ${guard}: ${reason}`, true)
  for (const { action, key, fields } of plan.changes)
    if (action === 'conflict') add(key, `conflict: ${namesOf(fields)} changed on both sides`, true)
  for (const { key, column, reason } of plan.rejected) if (key) add(key, `rejected: ${column} is ${reason}`, true)
  return [...byKey.values()]
}

const namesOf = (fields: Change['fields']): string => fields.map(({ field }) => field).join(', ')

const warn = ({ context }: Pushing, text: string): void => context.progress({ kind: 'warning', text })
