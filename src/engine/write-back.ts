import { type Change, type EditResult, type RowEdit, SkiffError, sameValue } from '../model/index.ts'
import type { Ledger, Step } from './ledger.ts'
import type { Pushing, Writing } from './pushing.ts'
import { readByKeys } from './read-rows.ts'
import { parentKeys, taskOf } from './scope-of-pull.ts'
import { appliedSince, currentValues, rowFinder } from './store-rows.ts'

/**
 * Writes the store's values back into the source. Rows whose store side moved on since the plan are skipped; the others' intent is
 * durable before the source is touched, and the base takes them in once the source holds them.
 * @throws {SourceRefusedError} when the source is not the snapshot any more that the plan was made from; the rows stay approved.
 */
export const writeBack = async (pushing: Pushing, changes: readonly Change[]): Promise<void> => {
  const { plan, ledger, options } = pushing
  const ready = await stillSo(pushing, changes)
  const { write } = options.source
  if (!ready.length) return
  if (!write) {
    const evidence = { reason: 'the source is only read now; it was writable when the plan was made' }
    ledger.record(ready.map(({ id }) => ({ change: id, to: 'skipped' as const, evidence })))
    return
  }
  const evidence = { endpoint: `source ${pushing.spec.source}` }
  ledger.record(ready.map(({ id }) => ({ change: id, to: 'intent' as const, evidence })))
  try {
    settle(ledger, ready, await write(ready.map(editOf), plan.binding.snapshot || null))
  } catch (error) {
    // A replaced file is untouched then. A database may hold some; those rows are found in place when the plan is pushed again.
    if (error instanceof SkiffError) {
      const evidence = { reason: error.message }
      ledger.record(ready.map(({ id }) => ({ change: id, to: 'approved' as const, evidence })))
    }
    throw error
  }
}

/**
 * What became of write-backs whose push was killed. A row that holds its new value was written; one that still holds the old one
 * was not, because a file is replaced in one step and a transaction committed in one, and neither is late.
 */
export const settleWriteBacks = async (
  { ledger }: Pick<Writing, 'ledger'>,
  write: NonNullable<Pushing['options']['source']['write']>,
  changes: readonly Change[],
): Promise<void> => {
  const found = await write(
    changes.map(({ key, fields }) => ({ key, fields: fields.map(({ field, to }) => ({ field, from: to, to })) })),
    null,
  )
  const written = changes.filter((_change, index) => found[index]?.kind === 'already')
  prove(ledger, written, 'found in the source')
  const evidence = { reason: 'the push was interrupted before it was carried out' }
  const others = changes.filter((_change, index) => found[index]?.kind !== 'already')
  ledger.record(others.map(({ id }) => ({ change: id, to: 'skipped' as const, evidence })))
}

const editOf = ({ key, fields, adds }: Change): RowEdit => ({ key, fields, ...(adds ? { adds } : {}) })

const settle = (ledger: Ledger, changes: readonly Change[], results: readonly EditResult[]): void => {
  const left = changes.flatMap(({ id }, index): Step[] => {
    const result = results[index]
    return result?.kind === 'left' ? [{ change: id, to: 'skipped', evidence: { reason: result.reason } }] : []
  })
  const held = new Set(left.map(({ change }) => change))
  prove(
    ledger,
    changes.filter(({ id }) => !held.has(id)),
    'written to the source',
  )
  ledger.record(left)
}

const prove = (ledger: Ledger, changes: readonly Change[], reason: string): void =>
  ledger.prove(
    changes.flatMap(({ id, fields }) => fields.map(({ field, to }) => ({ change: id, field, value: to }))),
    changes.map(({ id }) => ({ change: id, to: 'applied' as const, evidence: { reason } })),
  )

/** Reads the store's rows again: a value that is no longer there is not written into the source. */
const stillSo = async (pushing: Pushing, changes: readonly Change[]): Promise<readonly Change[]> => {
  const { context, side, target, ledger, run } = pushing
  if (!changes.length) return []
  const reading = { task: taskOf(context.catalog, target), purpose: 'check' as const, run }
  await readByKeys(context, side, reading, parentKeys(side.mirror, reading.task, target, changes))
  const find = rowFinder(side.mirror, target)
  const applied = appliedSince(side.mirror, context.catalog, '')
  const skipped: Step[] = []
  const ready = changes.filter((change) => {
    const row = find(change.entity)
    const now =
      row &&
      currentValues(
        target,
        row,
        change.fields.map(({ field }) => field),
        applied,
      )
    const moved = change.fields.find(({ field, to }) => !now || !sameValue(now[field] ?? null, to))
    if (!moved || isDecided(moved)) return true
    const reason = now ? `${moved.field} is another value in the store now` : 'gone from the store'
    skipped.push({ change: change.id, to: 'skipped', evidence: { reason } })
    return false
  })
  ledger.record(skipped)
  return ready
}

/** A value that a person chose, or that an undo brings back, need not be the store's. */
const isDecided = ({ other }: Change['fields'][number]): boolean => other !== undefined
