import { driftOfMirror, driftOfSides, fieldsOf, type Target, withApplied, type Young } from '../diff/index.ts'
import type { MirrorRow, Unsettled } from '../mirror/index.ts'
import {
  type DriftCause,
  type DriftRow,
  matchText,
  pick,
  type Source,
  type SyncSpec,
  stableJson,
  type Value,
  type Values,
} from '../model/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import type { DriftBook } from './drift-book.ts'
import { passesFilter } from './filter.ts'
import { labelOf } from './label.ts'
import type { Fresh } from './read-fresh.ts'
import { readResolved } from './references.ts'
import { isSampled, type Sample } from './sample.ts'
import { askedBy, type PullTask } from './scope-of-pull.ts'
import { SourceKeys } from './source-keys.ts'
import { rowFinder } from './store-rows.ts'

/** What is compared: the fields of a sync with its source, or every field of a resource with the store alone. */
export interface Compared {
  readonly target: Target
  readonly sync: { readonly spec: SyncSpec; readonly source: Source } | null
}

export interface Comparing {
  readonly context: Context
  readonly side: StoreSide
  readonly task: PullTask
  readonly fresh: Fresh
  readonly sample: Sample
  /** Moment before the first reading, UTC ISO-8601. */
  readonly readAt: string
  readonly book: DriftBook
}

/** Compares store and mirror, mirror and base, base and source. Every difference has one cause: the first on that way. */
export const driftOfTarget = async (
  { context, side, task, fresh, sample, readAt, book }: Comparing,
  { target, sync }: Compared,
): Promise<readonly string[]> => {
  const keyFields = Object.keys(sync?.spec.key ?? {})
  // A reading knows nothing of what the API does not tell.
  const mapped = Object.entries(sync?.spec.fields ?? {}).filter(([name]) => !fieldsOf(target)[name]?.untold)
  const names = sync ? [...keyFields, ...mapped.map(([name]) => name)] : comparable(target)
  const sent = target.kind === 'plain' ? target.resource.sent : undefined
  // Others that come or go move them: of one that the source says nothing of, they are nobody's edit.
  const yielding = sent ? [sent.place, sent.first] : []
  const what = target.kind === 'plain' ? target.resource : target.derived
  const named = keyFields.length || target.kind === 'family' ? keyFields : target.resource.key
  const only = sync ? neededFields(target, sync.spec, names) : undefined
  const ours = side.mirror.lookup(what, named, only)
  const theirs = fresh.rows.lookup(what, named, only)
  const findOurs = rowFinder(side.mirror, target, only)
  const findTheirs = rowFinder(fresh.rows, target, only)
  const young = youngValues(side, target, readAt)
  const takesPart = (row: MirrorRow): boolean => !sync || passesFilter(sync.spec.filter, row.values)
  const isIn = (entity: Values, values: Values): boolean => isSampled(sample, askedValue(task, target, entity, values))

  const tell = (cause: DriftCause, { values }: Pick<MirrorRow, 'values'>, more: Partial<DriftRow> = {}): void =>
    book.add({
      cause,
      sync: sync?.spec.name ?? null,
      resource: target.name,
      key: pick(values, named),
      label: labelOf(values),
      field: null,
      ...more,
    })

  const compareMirror = (): void => {
    for (const row of ours.all()) {
      stopIfAsked(context, 'the comparison')
      if (!takesPart(row)) continue
      book.of += 1
      if (!isIn(row.entity, row.values)) continue
      book.sampled += 1
      const store = findTheirs(row.entity)
      if (!store) {
        const isHeard = fresh.answered(askedValue(task, target, row.entity, row.values))
        if (isHeard && !isUnreadable(fresh, target, row)) tell('missing-in-store', row)
        continue
      }
      for (const field of new Set(names)) {
        const [now, before] = [store.values[field] ?? null, row.values[field] ?? null]
        const cause = driftOfMirror(now, before, young(row, field))
        if (cause === 'unsettled') book.unsettled += 1
        else if (cause) tell(cause, row, { field, store: now, mirror: before })
      }
    }
    for (const row of theirs.all()) {
      if (!takesPart(row) || !isIn(row.entity, row.values) || findOurs(row.entity)) continue
      tell('missing-in-mirror', row)
    }
  }

  /** What the store holds of a field that the mirror agrees on; undefined where the mirror is told of already. */
  const agreed = (row: MirrorRow, store: MirrorRow, field: string): Value | undefined => {
    const now = store.values[field] ?? null
    return driftOfMirror(now, row.values[field] ?? null, young(row, field)) === null ? now : undefined
  }

  const compareSides = async ({ spec, source }: NonNullable<Compared['sync']>): Promise<readonly string[]> => {
    const base = side.mirror.base(spec.name)
    const keys = new SourceKeys(ours, spec.filter, base)
    let [rejected, unknown] = [0, 0]
    const compare = (row: MirrorRow, values: Values | null, key: string): void => {
      const store = findTheirs(row.entity)
      if (!store || !isIn(row.entity, row.values)) return
      const known = base.get(key)
      const own = known?.entity === stableJson(row.entity) ? known.fields : undefined
      for (const [field, rule] of mapped) {
        const now = agreed(row, store, field)
        if (now === undefined) continue
        const said = values?.[field]
        if (said === undefined && yielding.includes(field)) continue
        const cause = driftOfSides(rule, now, said, own?.[field])
        if (!cause) continue
        const last = own?.[field]
        const sides = { ...(last && { base: last.store }), ...(said !== undefined && { source: said }) }
        tell(cause, row, { field, store: now, mirror: row.values[field] ?? null, ...sides })
      }
    }
    const known = { catalog: context.catalog, mirror: side.mirror, asOf: readAt }
    for await (const items of readResolved(known, spec, target, source)) {
      stopIfAsked(context, 'the comparison')
      for (const item of items) {
        if ('rejection' in item) {
          rejected += 1
          keys.reject(item.rejection)
          continue
        }
        const { rows, isOutside } = keys.meet(item.row.key)
        const [row, second] = rows
        if (!row) unknown += 1
        else if (!second && !isOutside) compare(row, item.row.values, matchText(item.row.key))
      }
    }
    for (const { key, entity: text } of base.all()) {
      const entity = JSON.parse(text) as Values
      const row = findOurs(entity)
      if (!row) {
        const isGone = isIn(entity, entity) && !findTheirs(entity)
        if (isGone) tell('base-of-gone-row', { values: { [named[0] ?? 'key']: key } })
      } else if (!keys.has(key) && takesPart(row)) compare(row, null, key)
    }
    return [
      ...(unknown ? [`${spec.name}: ${unknown} rows of the source are not in the store`] : []),
      ...(rejected ? [`${spec.name}: ${rejected} rows of the source are rejected`] : []),
    ]
  }

  compareMirror()
  return sync ? compareSides(sync) : []
}

/** The fields that comparing a sync's fields looks at: theirs, the filter's, a row's name, and what tells who holds its stock. */
const neededFields = (target: Target, { filter }: SyncSpec, names: readonly string[]): readonly string[] => {
  const derived = target.kind === 'family' ? Object.values(target.derived.fields) : []
  const tracking = derived.flatMap((facts) => (facts.of === 'stock' ? facts.tracking : []))
  return [...new Set([...names, ...Object.keys(filter.equals), 'sku', 'name', 'is_simple', ...tracking])]
}

/** Fields that mean something when they differ: what changes by itself is left out. */
const comparable = (target: Target): readonly string[] =>
  Object.entries(fieldsOf(target)).flatMap(([name, { noise, untold }]) => (noise || untold ? [] : [name]))

/** What a row of a target hangs on in the listing that it comes from. */
const askedValue = ({ resource }: PullTask, target: Target, entity: Values, values: Values): Value => {
  const link = target.kind === 'family' ? target.derived.link : target.resource.api.within?.link
  const name = link ?? askedBy(resource)
  return entity[name] ?? values[name] ?? null
}

const isUnreadable = (fresh: Fresh, target: Target, { entity, values }: MirrorRow): boolean => {
  if (target.kind === 'plain') return fresh.isUnreadable(target.resource, values)
  const { parent, child, derived } = target
  const [own] = Object.entries(entity).filter(([name]) => name !== derived.link)
  return (
    fresh.isUnreadable(parent, { [parent.key[0] ?? 'id']: entity[derived.link] ?? null }) ||
    fresh.isUnreadable(child, { [child.key[0] ?? 'id']: own?.[1] ?? null })
  )
}

/** What we wrote to a field of a row and no pull has confirmed yet. */
const youngValues = (
  { mirror }: StoreSide,
  target: Target,
  readAt: string,
): ((row: MirrorRow, field: string) => Young | undefined) => {
  const known = new Map<string, Unsettled>()
  for (const one of mirror.unsettled('')) known.set(`${one.resource}\n${one.key}\n${one.field}`, one)
  return ({ values, entity }, field) => {
    if (!known.size) return undefined
    let found: Unsettled | undefined
    withApplied(target, values, entity, [field], (resource, key, name) => {
      found = known.get(`${resource}\n${key}\n${name}`) ?? found
      return found?.value
    })
    return found && { value: found.value, before: found.before, isSettling: found.until > readAt }
  }
}
