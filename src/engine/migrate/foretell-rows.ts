import type { CopyForecast, Derived, LeftBehind, Resource, SourceRow, SyncSpec, Values } from '../../model/index.ts'
import { isUnwritable } from './adopt.ts'
import { A_PUSH, type Beside, besides, lookAgain, NOTHING } from './beside-writes.ts'
import { type Between, type Copy, stockField } from './copies.ts'
import { countedRows, type Figures, stockSpec } from './copy-stock.ts'
import { carriedInside, comesInside, lacksOf } from './foretell-lacks.ts'
import { CREATED } from './id-map.ts'
import { judgeRows } from './judge-rows.ts'
import { copiedWithout, keptRows, lostOf } from './keep-rows.ts'
import { leftOut } from './left-out.ts'
import { wishesOf } from './make-rows.ts'
import { aboutOf, type Found, keyOf, matchRows } from './match-rows.ts'
import type { Moving } from './moving.ts'
import { type OldRow, oldRows } from './old-rows.ts'
import { keptFirst, ownFirst } from './own-first.ts'
import { createRequests, updateRequests } from './request-counts.ts'
import { type Places, placedRows, placesSpec } from './stock-places.ts'

/** What copying one resource would come to. */
export interface Foretold {
  readonly forecast: CopyForecast
  readonly left: readonly LeftBehind[]
  /** Old rows for which one is made by a request of its own. */
  readonly made: readonly OldRow[]
  /** What it takes of the new store beside the requests that write. */
  readonly beside: Beside
}

/**
 * Foretells what copying a resource comes to. Whatever can be made is taken for made from then on, so that what refers to it is
 * foretold too.
 */
export const foretellRows = (moving: Moving, copy: Copy): Foretold => {
  const { resource, create, update } = copy
  const { found, fresh, doubtful } = matchRows(moving, copy)
  const rows = moving.from.mirror.lookup(resource, resource.key).count()
  const isAsked = !isUnwritable(copy)
  if (!isAsked) pretendFound(moving, resource, found)
  const standing = [...oldRows(moving, resource)].filter(({ held }) =>
    moving.map.get(resource.name, keyOf(resource, held)),
  ).length
  const { existing: asked } = moving.options
  if (asked === 'adopt' || asked === 'overwrite') pretendFound(moving, resource, found)
  const inside = new Set(fresh.filter((old) => comesInside(moving, copy, old)))
  pretendMade(moving, resource, inside)
  const alone = fresh.filter((old) => !inside.has(old))
  const { rounds, waiting } = roundsOf(moving, copy, alone)
  const made = rounds.flat()
  const kept = keptRows(moving, copy)
  const coming = create ? [...made.map(({ old }) => old), ...inside] : []
  const unmade = new Set(fresh.map(({ held }) => keyOf(resource, held)))
  const edits = keptFirst(moving, copy, ownFirst(moving, copy))
  const judged = judgeRows(moving, resource, update, kept.rows, edits)
  const lacking = [
    ...[...(copy.fields.length ? inside : [])].flatMap(
      (old) => lacksOf(moving, copy, old, carriedInside(moving, copy, old)) ?? [],
    ),
    ...made.flatMap(({ old, row }) => lacksOf(moving, copy, old, row.values) ?? []),
  ]
  const changed = [...judged.changed, ...lacking]
  const looks = rounds.map((round) =>
    lookAgain(
      moving,
      resource,
      round.map(({ old }) => old),
    ),
  )
  const left = [
    ...doubtful.map(({ old, reason }) => ({ ...aboutOf(resource, old), reason })),
    ...leftOut(moving, copy, alone, waiting),
    ...coming.flatMap((old) => lostOf(moving, copy, old).map((lost) => copiedWithout(resource, old, lost))),
    ...kept.lacking.filter(({ key }) => !unmade.has(key)),
  ]
  const existing: Record<string, number> = {}
  for (const { how } of isAsked ? found : []) existing[how] = (existing[how] ?? 0) + 1
  const creating = rounds.map((round) =>
    createRequests(
      resource.api.create,
      round.map(({ row }) => valuesOf(row)),
    ),
  )
  return {
    left,
    made: made.map(({ old }) => old),
    beside: besides([...looks, changed.length ? A_PUSH : NOTHING]),
    forecast: {
      resource: resource.name,
      rows,
      standing,
      existing,
      create: made.length + inside.size,
      inside: inside.size,
      update: judged.changed.length,
      conflicts: judged.conflicts,
      left: left.length,
      requests: creating.reduce((sum, one) => sum + one, 0) + updateRequests(resource.api, update, changed),
    },
  }
}

/** Foretells the stock of rows that are there: that of new ones comes with them. */
export const foretellStock = (moving: Moving, derived: Derived, between: Between): Foretold => {
  const { spec, field } = stockSpec(derived, between)
  return foretellFigures(moving, derived, derived, spec, countedRows(moving, derived, spec, field))
}

/** Foretells the stock at all locations but the default one. */
export const foretellPlaces = (moving: Moving, places: Places, between: Between): Foretold => {
  const spec = placesSpec(places, between)
  return foretellFigures(moving, places.derived, places.items, spec, placedRows(moving, places, spec))
}

const foretellFigures = (
  moving: Moving,
  derived: Derived,
  target: Derived | Resource,
  spec: SyncSpec,
  { rows, fresh, left }: Figures,
): Foretold => {
  const there = moving.to.mirror.lookup(target, Object.keys(spec.key))
  const made = rows.filter(({ key }) => !there.find(key).length)
  const { conflicts, changed } = judgeRows(moving, target, spec, rows, fresh)
  const [, { writes }] = stockField(derived)
  const api = moving.context.catalog.resources.get(writes.resource)?.api
  const figures = changed.map(({ row }) => ({ row, fields: [writes.field] }))
  return {
    left,
    made: [],
    beside: changed.length + made.length ? A_PUSH : NOTHING,
    forecast: {
      resource: spec.resource,
      rows: rows.length,
      standing: rows.length - made.length,
      existing: {},
      create: made.length,
      inside: 0,
      update: changed.length,
      conflicts,
      left: left.length,
      requests: api ? createRequests(api.create, made.map(valuesOf)) + updateRequests(api, spec, figures) : 0,
    },
  }
}

const pretendFound = ({ map, run }: Moving, resource: Resource, found: readonly Found[]): void =>
  map.pretend(
    resource.name,
    found.map(({ old, to, how }) => ({ from: keyOf(resource, old.held), to, how })),
    { run },
  )

const pretendMade = ({ map, run }: Moving, resource: Resource, made: Iterable<OldRow>): void =>
  map.pretend(
    resource.name,
    [...made].map(({ held }) => {
      const from = keyOf(resource, held)
      return { from, to: Object.fromEntries(resource.key.map((name) => [name, `new ${from}`])), how: CREATED }
    }),
    { run },
  )

interface Round {
  readonly old: OldRow
  readonly row: SourceRow
}

/** Rows that wait for others of their kind are made after those. */
const roundsOf = (moving: Moving, copy: Copy, fresh: readonly OldRow[]) => {
  const rounds: (readonly Round[])[] = []
  let open = fresh
  for (;;) {
    const wishes = wishesOf(moving, copy, open)
    const round = wishes.flatMap((wish) => ('row' in wish ? [wish] : []))
    const waiting = wishes.flatMap((wish) => ('waits' in wish ? [wish] : []))
    if (!round.length) return { rounds, waiting }
    rounds.push(round)
    pretendMade(
      moving,
      copy.resource,
      round.map(({ old }) => old),
    )
    open = waiting.map(({ old }) => old)
  }
}

const valuesOf = ({ key, values }: SourceRow): Values => ({ ...values, ...key })
