import {
  type ChangedRow,
  EXIT,
  type FreezeReport,
  isoTime,
  keyText,
  matchText,
  type Resource,
  type ResourceChanges,
  sameValue,
  type Values,
} from '../../model/index.ts'
import type { Context } from '../context.ts'
import { pull } from '../pull.ts'
import { requestsSince } from '../run.ts'
import { type Behind, behindOf } from './behind.ts'
import { ChangeBook, type FoundChange } from './change-book.ts'
import { type Between, betweenOf, copyOf, stockField, stockOf } from './copies.ts'
import { countedPairs, stockSpec } from './copy-stock.ts'
import { TAKEN_OUT } from './keep-rows.ts'
import { labelOf } from './label.ts'
import { type Linked, linkedRows } from './linked-rows.ts'
import { keyOf } from './match-rows.ts'
import { type MigrateOptions, movingOf, type Stores } from './migrate.ts'
import type { Moving } from './moving.ts'
import { isRecent, oldRows } from './old-rows.ts'
import { refusePartial } from './refuse-partial.ts'
import { type Places, placedPairs, placesOf, placesSpec } from './stock-places.ts'

/**
 * Lists what changed in the old store since the last copy: rows that came, values that moved away from what was carried over, and rows
 * that went. What that copy told of rows that it left as they are is told again, and is no change. The old store is read from end to end, the new one not at all, and nothing is written to either.
 */
export const freeze = async (context: Context, stores: Stores, options: MigrateOptions): Promise<FreezeReport> => {
  const { from, to, fromContext, fromRun, run } = stores
  const marks = { from: from.store.requests(), to: to.store.requests() }
  refusePartial(await pull(fromContext, from, { full: true }, fromRun))
  const { moving, resources } = movingOf(context, stores, options)
  const between = betweenOf(moving)
  const behind = behindOf(moving)
  const book = new ChangeBook()
  const counted = resources.flatMap((resource) => {
    const places = placesOf(context.catalog, resource)
    if (places) return [placesChanges(moving, places, between, book)]
    if (!resource.moves?.by.length) return []
    const rows = moving.from.mirror.lookup(resource, resource.key).count()
    const changes = book.count(resource.name, rows, changesOf(moving, resource, between, behind))
    return [changes, ...stockChanges(moving, resource, between, book)]
  })
  const isStill = counted.every(({ added, changed, gone }) => added + changed + gone === 0)
  return {
    run,
    from: from.name,
    to: to.name,
    at: isoTime(context.clock.now()),
    resources: counted,
    rows: book.rows,
    told: book.told,
    reads: requestsSince(from, marks.from),
    requests: requestsSince(to, marks.to),
    ...(isStill
      ? { state: book.told.length ? 'complete-with-rejects' : 'complete', exit: EXIT.done }
      : { state: 'partial', exit: EXIT.rows }),
  }
}

function* changesOf(moving: Moving, resource: Resource, between: Between, behind: Behind): Generator<FoundChange> {
  const known = new Map(moving.map.all(resource.name))
  for (const old of oldRows(moving, resource)) {
    const from = keyOf(resource, old.held)
    // What stays behind on purpose, with what belongs to it, was told before the copy.
    if (known.delete(from) || behind.isPassedOver(resource, old)) continue
    const about = { key: { old: from, new: null }, label: labelOf(old.held) }
    const reason = behind.told(resource, old)
    yield reason === undefined ? { what: 'added', ...about, fields: [] } : { ...about, reason }
  }
  for (const linked of linkedRows(moving, copyOf(moving.context.catalog, resource, between))) {
    const about = { key: { old: linked.from, new: keyText(linked.to) }, label: labelOf(linked.old.held) }
    if (!linked.there) {
      yield { ...about, reason: TAKEN_OUT }
      continue
    }
    const fields = isRecent(moving, resource, linked.old) ? movedFields(linked.says, linked.base) : []
    if (fields.length) yield { what: 'changed', ...about, fields }
  }
  for (const [from, to] of known) {
    const there = moving.to.mirror.row(resource, to)
    // Of what both stores have no more, nothing is left to do.
    if (!there) continue
    const about = { key: { old: from, new: keyText(to) }, label: labelOf(there) }
    const reason = behind.toldGone(resource, from)
    yield reason === undefined ? { what: 'gone', ...about, fields: [] } : { ...about, reason }
  }
}

/** What was never agreed on is no change: its row was made without it, or taken out of the new store. */
const movedFields = (says: Values, base: Linked['base']): ChangedRow['fields'] =>
  Object.entries(says).flatMap(([field, now]) => {
    const agreed = base(field)
    return agreed && !sameValue(agreed.source, now) ? [{ field, was: agreed.source, now }] : []
  })

const stockChanges = (
  moving: Moving,
  resource: Resource,
  between: Between,
  book: ChangeBook,
): readonly ResourceChanges[] => {
  const derived = stockOf(moving.context.catalog, resource)
  if (derived?.child !== resource.name) return []
  const { field, spec } = stockSpec(derived, between)
  const base = moving.to.mirror.base(spec.name)
  const pairs = [...countedPairs(moving, derived)]
  const changes = pairs.flatMap(({ old, from, key }) => {
    const agreed = base.get(matchText(key))?.fields
    const fields = movedFields({ [field]: old[field] ?? null }, (name) => agreed?.[name])
    const about = { what: 'changed' as const, key: { old: from, new: keyText(key) }, label: labelOf(old) }
    return fields.length ? [{ ...about, fields }] : []
  })
  return [book.count(derived.name, pairs.length, changes)]
}

/** A figure that was never compared is new where the new store has none; where it has one, that was told before. */
const placesChanges = (moving: Moving, places: Places, between: Between, book: ChangeBook): ResourceChanges => {
  const { field } = stockField(places.derived)[1].writes
  const base = moving.to.mirror.base(placesSpec(places, between).name)
  const { pairs } = placedPairs(moving, places)
  const changes = pairs.flatMap(({ old, from, key, there }): Omit<ChangedRow, 'resource'>[] => {
    const agreed = base.get(matchText(key))?.fields
    const label = labelOf(old)
    if (!agreed && !there) return [{ what: 'added', key: { old: from, new: null }, label, fields: [] }]
    const fields = movedFields({ [field]: old[field] ?? null }, (name) => agreed?.[name])
    return fields.length ? [{ what: 'changed', key: { old: from, new: keyText(key) }, label, fields }] : []
  })
  return book.count(places.items.name, pairs.length, changes)
}
