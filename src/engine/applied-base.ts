import type { Target } from '../diff/index.ts'
import type { BaseRow, MirrorRow } from '../mirror/index.ts'
import { type Change, isoTime, matchText, stableJson } from '../model/index.ts'
import type { StoreSide } from './context.ts'
import type { Pushing } from './pushing.ts'
import { appliedSince, currentValues, rowFinder } from './store-rows.ts'

/** Both sides agree on what was applied: on what the store made of it and on what the source says. */
export const saveAppliedBase = (
  { context, side, spec, target, ledger }: Pick<Pushing, 'context' | 'side' | 'spec' | 'target' | 'ledger'>,
  changes: readonly Change[],
): void => {
  const find = rowFinder(side.mirror, target)
  const applied = appliedSince(side.mirror, '')
  const rows = changes
    .filter(({ id, action }) => ledger.state(id) === 'applied' && action !== 'remove' && action !== 'hide')
    .flatMap((change): BaseRow[] => {
      const row = change.action === 'create' ? createdRow(side, target, change) : find(change.entity)
      if (!row) return []
      const names = change.fields.map(({ field }) => field)
      const store = currentValues(target, row, names, applied)
      const fields = Object.fromEntries(
        change.fields.map(({ field, to }) => [field, { store: store[field] ?? null, source: to }]),
      )
      return [{ key: matchText(change.key), entity: stableJson(row.entity), fields }]
    })
  side.mirror.saveBase(spec.name, rows, isoTime(context.clock.now()))
}

const createdRow = (side: StoreSide, target: Target, { key }: Change): MirrorRow | undefined =>
  side.mirror.lookup(target.kind === 'plain' ? target.resource : target.derived, Object.keys(key)).find(key)[0]
