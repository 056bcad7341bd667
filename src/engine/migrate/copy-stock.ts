import { heldBy } from '../../diff/index.ts'
import type { BaseRow } from '../../mirror/index.ts'
import {
  copyName,
  type Derived,
  isoTime,
  keyText,
  type LeftBehind,
  matchText,
  pick,
  type SourceRow,
  type SyncSpec,
  sameValue,
  stableJson,
  type Values,
} from '../../model/index.ts'
import { type Between, keptInStep, specOf, stockField } from './copies.ts'
import type { Copied } from './copy-resource.ts'
import { labelOf } from './label.ts'
import { madeWith } from './made-with.ts'
import type { Moving } from './moving.ts'
import { notDone, pushRows, whyStopped } from './push-copy.ts'
import { untakenOf } from './unmade.ts'

/**
 * Brings stock to what the old store says, through the route that takes most figures to a request. Rows that a store does not count
 * are passed over.
 */
export const copyStock = (moving: Moving, derived: Derived, between: Between): Promise<Copied> => {
  const { field, spec } = stockSpec(derived, between)
  return copyFigures(moving, spec, countedRows(moving, derived, spec, field))
}

/** Figures as the old store says them. */
export interface Figures {
  readonly rows: readonly SourceRow[]
  /** The old store's rows that they come from, in the same order. */
  readonly olds: readonly Omit<LeftBehind, 'reason'>[]
  /** What both sides are taken to have agreed on, of rows that were never compared. */
  readonly fresh: readonly BaseRow[]
  /** Figures that stay behind. */
  readonly left: readonly LeftBehind[]
}

/** Brings figures to what the old store says. */
export const copyFigures = async (
  moving: Moving,
  spec: SyncSpec,
  { rows, olds, fresh, left }: Figures,
): Promise<Copied> => {
  const { from, to, context } = moving
  to.mirror.saveBase(spec.name, fresh, isoTime(context.clock.now()))
  const pushed = await pushRows(moving, spec, `stock of ${from.name}`, rows)
  return {
    resource: spec.resource,
    rows: rows.length,
    created: 0,
    adopted: 0,
    updated: pushed.report?.counts.applied ?? 0,
    conflicts: pushed.plan?.summary.conflict ?? 0,
    failed: notDone(pushed),
    left: [...left, ...untakenOf(pushed, (at) => olds[at])],
    stop: whyStopped(pushed) ? pushed : null,
  }
}

/** The sync that carries stock, and the field with the figure. */
export const stockSpec = (derived: Derived, between: Between): { readonly field: string; readonly spec: SyncSpec } => {
  const [field] = stockField(derived)
  const name = copyName(between, derived.name)
  const spec = specOf(between, name, derived.name, [childKeyOf(derived)], [field], keptInStep(between))
  return { field, spec }
}

/**
 * Figures of rows that both stores count. Where a row is to be overwritten, the old store's figure is a change. A row that was made begins
 * with what it was made with, or with nothing: any other figure was counted in the new store.
 */
export const countedRows = (moving: Moving, derived: Derived, spec: SyncSpec, field: string): Figures => {
  const { to, map, options } = moving
  const base = to.mirror.base(spec.name)
  const rows: SourceRow[] = []
  const olds: Figures['olds'][number][] = []
  const fresh: BaseRow[] = []
  const wasMadeWith = madeWith(moving, derived, childKeyOf(derived), stockField(derived)[1].field)
  for (const { old, there, from, key } of countedPairs(moving, derived)) {
    const says = old[field] ?? null
    rows.push({ line: rows.length + 1, key, values: { [field]: says } })
    olds.push({ resource: derived.name, key: from, label: labelOf(old) })
    const entity = stableJson(there.entity)
    if (base.get(matchText(key))?.entity === entity) continue
    const store = there.values[field] ?? null
    const isMade = map.isCreated(derived.child, from)
    const isMoved = isMade && !sameValue(store, says) && !sameValue(store, 0)
    const begun = isMoved ? (wasMadeWith(old) ?? store) : store
    const isTaken = isMade || options.existing === 'overwrite'
    fresh.push({
      key: matchText(key),
      entity,
      fields: { [field]: { store: begun, source: isTaken ? begun : says } },
    })
  }
  return { rows, olds, fresh, left: [] }
}

/** Rows of which both stores count the stock. */
export function* countedPairs({ from, to, map }: Pick<Moving, 'from' | 'to' | 'map'>, derived: Derived) {
  const [, stock] = stockField(derived)
  const childKey = childKeyOf(derived)
  const rows = to.mirror.lookup(derived, [childKey])
  const isCounted = (row: Values): boolean => heldBy(stock, row) !== 'none'
  for (const { values: old } of from.mirror.lookup(derived, [childKey]).all()) {
    const id = isCounted(old) ? map.standsFor(derived.child, old[childKey] ?? null) : undefined
    const [there] = id === undefined ? [] : rows.find({ [childKey]: id })
    if (!there || !isCounted(there.values)) continue
    yield { old, there, from: keyText(pick(old, [childKey])), key: pick(there.values, [childKey]) }
  }
}

const childKeyOf = ({ name, fields }: Derived): string => {
  const found = Object.entries(fields).find(([, facts]) => facts.of === 'child' && facts.field === 'id')
  if (!found) throw new TypeError(`${name} does not tell its child's key`)
  return found[0]
}
