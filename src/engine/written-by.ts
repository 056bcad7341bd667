import type { JournalEntry, Mirror } from '../mirror/index.ts'
import { type Change, type Plan, UsageError, type Value } from '../model/index.ts'

/** What a run wrote: rows of its plan, each with the fields that it wrote. */
export interface WrittenByRun {
  readonly plan: Plan
  readonly changes: readonly Change[]
}

/**
 * What a run wrote, also where a later run found that out, and also of rows of which it wrote but a part.
 * @throws {UsageError} when it wrote nothing.
 */
export const writtenBy = (mirror: Mirror, run: string): WrittenByRun => {
  const sent = mirror.sentIn(run)
  const plan = sent[0] && mirror.plan(sent[0].plan)?.plan
  const numbers = new Set(sent.map(({ change }) => change))
  const changes = (plan?.changes ?? [])
    .filter(({ id }) => numbers.has(id))
    .flatMap((change) => partOf(change, mirror.journalOf(plan?.plan ?? '', change.id), run))
  if (plan && changes.length) return { plan, changes }
  const record = mirror.run(run)
  const dropped = mirror.prunedUntil()
  if (record && dropped !== null && record.started <= dropped) {
    throw new UsageError(`what run ${run} wrote is no longer known: the journal goes back to ${dropped} only`, {
      hint: '"retention" in the configuration says for how long it is kept; a backup may know more',
    })
  }
  throw new UsageError(record ? `run ${run} wrote nothing, so there is nothing to undo` : `there is no run ${run}`, {
    hint: 'list them with `skiff runs`',
  })
}

/** The change with the fields that the run wrote, each as the store saved it; nothing where it wrote none. */
const partOf = (change: Change, journal: readonly JournalEntry[], run: string): readonly Change[] => {
  const written = new Set<string>()
  const saved: Record<string, Value> = {}
  let isOurs = false
  let isApplied = false
  for (const { to, run: by, evidence } of journal) {
    if (to === 'intent') isOurs = by === run
    if (!isOurs) continue
    isApplied ||= to === 'applied'
    const { proven } = evidence
    Object.assign(saved, evidence['saved'])
    const all = to === 'applied' ? change.fields.map(({ field }) => field) : []
    for (const field of Array.isArray(proven) ? proven : all) written.add(String(field))
  }
  const fields = change.fields
    .filter(({ field }) => written.has(field))
    .map((one) => (one.field in saved ? { ...one, to: saved[one.field] ?? null } : one))
  return fields.length || isApplied ? [{ ...change, fields }] : []
}
