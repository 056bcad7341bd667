import { heldBy, movedValues } from '../../diff/index.ts'
import type { BaseRow, Mirror } from '../../mirror/index.ts'
import {
  type Catalog,
  copyName,
  type Derived,
  keyText,
  type LeftBehind,
  matchText,
  nameField,
  pick,
  type Resource,
  type SourceRow,
  type SyncSpec,
  sameValue,
  stableJson,
  type Value,
  type Values,
} from '../../model/index.ts'
import { DEFAULT_LOCATION } from '../stock-location.ts'
import { type Between, keptInStep, specOf, stockField } from './copies.ts'
import type { Figures } from './copy-stock.ts'
import { labelOf } from './label.ts'
import { type Moving, standsFor } from './moving.ts'

/** Figures of stock by location: whose stock it is, and where the rows and the locations are. */
export interface Places {
  readonly derived: Derived
  /** Resource with the figures. */
  readonly items: Resource
  /** Resource of the locations. */
  readonly locations: Resource
}

/** What a resource's rows tell of stock by location; undefined where they tell nothing. */
export const placesOf = (catalog: Catalog, items: Resource): Places | undefined => {
  const derived = [...catalog.derived.values()].find((one) =>
    Object.values(one.fields).some((facts) => facts.of === 'stock' && facts.writes.resource === items.name),
  )
  const location = derived && items.fields[stockField(derived)[1].writes.location]
  const locations = catalog.resources.get(location?.ref ?? '')
  return derived && locations && { derived, items, locations }
}

/** The sync that carries them. A figure that a location never had is set anew. */
export const placesSpec = ({ derived, items }: Places, between: Between): SyncSpec => {
  const [, { writes }] = stockField(derived)
  const name = copyName(between, items.name)
  return { ...specOf(between, name, items.name, items.key, [writes.field], keptInStep(between)), create: true }
}

/** Figures at all locations but the default one, whose stock goes with what it is counted on. */
export const placedRows = (moving: Moving, places: Places, spec: SyncSpec): Figures => {
  const { to, options } = moving
  const [, { writes }] = stockField(places.derived)
  const base = to.mirror.base(spec.name)
  const { pairs, stays } = placedPairs(moving, places)
  const left = [...stays]
  const rows: SourceRow[] = []
  const olds: Figures['olds'][number][] = []
  const fresh: BaseRow[] = []
  for (const { old, from, key, there } of pairs) {
    const says = old[writes.field] ?? null
    const store = there?.[writes.field] ?? null
    if (there && !base.get(matchText(key))) {
      const isTaken = options.existing === 'overwrite' || Number(store) === 0 || sameValue(store, says)
      if (!isTaken && options.existing !== 'adopt') {
        left.push({
          at: old[writes.location] ?? null,
          reason: options.existing === null ? OWN_FIGURES_ASK : OWN_FIGURES,
        })
        continue
      }
      const fields = { [writes.field]: { store, source: isTaken ? store : says } }
      fresh.push({ key: matchText(key), entity: stableJson(key), fields })
    }
    rows.push({ line: rows.length + 1, key, values: { [writes.field]: says } })
    olds.push({ resource: places.items.name, key: from, label: labelOf(old) })
  }
  return { rows, olds, fresh, left: toldByPlace(moving, places, left) }
}

const OWN_FIGURES = 'the new store has figures of its own for them'
const OWN_FIGURES_ASK = `${OWN_FIGURES}; say --existing adopt, overwrite or refuse`

/** A figure of the old store, and the key of the one that stands for it. */
export interface PlacedPair {
  readonly old: Values
  readonly from: string
  readonly key: Values
  /** Undefined where the new store has none there yet. */
  readonly there: Values | undefined
}

/** The figures whose location, product and variant stand in the new store, and which the new store counts in the same way. */
export const placedPairs = (
  moving: Moving,
  { derived, items, locations }: Places,
): { readonly pairs: readonly PlacedPair[]; readonly stays: readonly Stay[] } => {
  const { context, from, to } = moving
  const [, stock] = stockField(derived)
  const { location, open, parentKey } = stock.writes
  const parent = context.catalog.resources.get(derived.parent)
  const stays: Stay[] = []
  const pairs: PlacedPair[] = []
  /** Undefined of a product that is not there yet. */
  const holder = (mirror: Mirror, row: Values) => {
    const product = parent && mirror.row(parent, { [parent.key[0] ?? 'id']: row[parentKey] ?? null })
    return product && heldBy(stock, product)
  }
  for (const { values: old } of from.mirror.lookup(items, items.key).all()) {
    if (Number(old[location]) === DEFAULT_LOCATION) continue
    const { values: key, lost } = movedValues(items.fields, items.key, old, standsFor(moving))
    // Of what stays behind, no stock is missed.
    if (lost.some(({ field }) => field !== location)) continue
    const was = holder(from.mirror, old)
    const is = holder(to.mirror, key) ?? was
    if (was === 'none' || is === 'none') continue
    const place = to.mirror.row(locations, { [locations.key[0] ?? 'id']: key[location] ?? null })
    const reason = lost.length
      ? 'nothing in the new store stands for their location'
      : place?.[open] === false
        ? 'their location is switched off in the new store'
        : is !== was
          ? 'the new store counts their products in another way'
          : undefined
    if (reason !== undefined) stays.push({ at: old[location] ?? null, reason })
    else pairs.push({ old, from: keyText(pick(old, items.key)), key, there: to.mirror.row(items, key) })
  }
  return { pairs, stays }
}

/** A figure that stays behind. */
interface Stay {
  readonly at: Value
  readonly reason: string
}

/** Told by location and reason, because there may be as many as there are products. */
const toldByPlace = ({ from }: Moving, { items, locations }: Places, stays: readonly Stay[]): readonly LeftBehind[] => {
  const groups = new Map<string, { readonly stay: Stay; count: number }>()
  for (const stay of stays) {
    const key = `${String(stay.at)}\t${stay.reason}`
    groups.set(key, { stay, count: (groups.get(key)?.count ?? 0) + 1 })
  }
  return [...groups.values()].map(({ stay: { at, reason }, count }) => {
    const label = from.mirror.row(locations, { [locations.key[0] ?? 'id']: at })?.[nameField(locations)]
    const figures = count === 1 ? '1 figure' : `${count} figures`
    return {
      resource: items.name,
      key: `location ${String(at)}`,
      label: typeof label === 'string' ? label : null,
      reason: `${figures} of stock: ${reason}`,
    }
  })
}
