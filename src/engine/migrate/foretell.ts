import {
  type Catalog,
  type CopyForecast,
  EXIT,
  type MigrationPlanReport,
  type Requests,
  type Resource,
  sameValue,
  type Value,
} from '../../model/index.ts'
import type { Context } from '../context.ts'
import { requestsSince } from '../run.ts'
import { requestsPerSecond } from '../store-plan.ts'
import { A_PUSH, type Beside, besides, lookAtStirred, NOTHING } from './beside-writes.ts'
import { betweenOf, copyOf, stockField, stockOf } from './copies.ts'
import { listedBy } from './empty-lists.ts'
import { type Foretold, foretellPlaces, foretellRows, foretellStock } from './foretell-rows.ts'
import { type MigrateOptions, openMove, type Stores } from './migrate.ts'
import type { Moving } from './moving.ts'
import { type OldRow, oldRow } from './old-rows.ts'
import { refusals } from './refusals.ts'
import { updateRequests } from './request-counts.ts'
import { stirredBy } from './stirred.ts'
import { placesOf } from './stock-places.ts'
import { undated } from './undated.ts'
import { unmetNames } from './unmet-names.ts'
import { unreadThere } from './unread-there.ts'

/** What a migration would do, row by row and request by request. Both mirrors are brought up to date; no store is written to. */
export const foretell = async (
  context: Context,
  stores: Stores,
  options: MigrateOptions,
): Promise<MigrationPlanReport> => {
  const { from, to, run } = stores
  const marks = { from: from.store.requests(), to: to.store.requests() }
  const { moving, resources, unread } = await openMove(context, stores, options)
  const told: Foretold[] = []
  for (const resource of resources) foretellResource(moving, resource, told)
  const forecasts = told.map(({ forecast }) => forecast)
  const isOpen = forecasts.some(({ create, update, conflicts }) => create + update + conflicts > 0)
  const reads = requestsSince(from, marks.from)
  return {
    run,
    from: from.name,
    to: to.name,
    resources: forecasts,
    left: [...unread, ...told.flatMap(({ left }) => left)],
    refused: refusals(moving, resources),
    unmet: unmetNames(moving, resources),
    undated: undated(moving, resources),
    unread: unreadThere(moving, resources),
    reads,
    reading: readingOf(stores, reads),
    scopes: scopesOf(context.catalog, forecasts),
    requests: requestsSince(to, marks.to),
    cost: costOf(moving, told),
    ...(isOpen ? { state: 'waiting', exit: EXIT.changes } : { state: 'complete', exit: EXIT.done }),
  }
}

const foretellResource = (moving: Moving, resource: Resource, told: Foretold[]): void => {
  const { catalog } = moving.context
  const between = betweenOf(moving)
  const places = placesOf(catalog, resource)
  if (places) {
    told.push(foretellPlaces(moving, places, between))
    return
  }
  // What nobody can carry over is told as a refusal.
  if (!resource.moves?.by.length) return
  const rows = foretellRows(moving, copyOf(catalog, resource, between))
  told.push({ ...rows, beside: besides([rows.beside, lookAtLists(moving, resource, told)]) })
  foretellStirred(moving, resource, rows.made, told)
  const derived = stockOf(catalog, resource)
  if (derived?.child === resource.name) told.push(foretellStock(moving, derived, between))
}

/** Rows that are made, and that have a list each of what comes later, are read again before that. */
const lookAtLists = (moving: Moving, resource: Resource, told: readonly Foretold[]): Beside => {
  const parent = listedBy(moving, resource)
  const made = told.find(({ forecast }) => forecast.resource === parent?.name)?.made.length ?? 0
  return parent && made ? lookAtStirred(moving, parent, made) : NOTHING
}

/** What new rows change of the rows that they belong to is put right afterwards. */
const foretellStirred = (moving: Moving, resource: Resource, made: readonly OldRow[], told: Foretold[]): void => {
  const { stirs } = resource.moves ?? {}
  const parent = stirredBy(moving, resource)
  const at = told.findIndex(({ forecast }) => forecast.resource === parent?.name)
  const before = told[at]
  if (!stirs || !parent || !before || !made.length) return
  const [key = 'id'] = parent.key
  const owners = new Set(made.map(({ held }): Value => held[stirs.link] ?? null))
  const changed = [...owners].flatMap((id) => {
    const held = moving.from.mirror.row(parent, { [key]: id })
    const row = held && oldRow(moving, parent, held).says
    const isRight = stirs.makes.some((one) => sameValue(one, row?.[stirs.field]))
    return row && !isRight ? [{ row, fields: [stirs.field] }] : []
  })
  const { update } = copyOf(moving.context.catalog, parent, betweenOf(moving))
  const requests = before.forecast.requests + updateRequests(parent.api, update, changed)
  told[at] = {
    ...before,
    forecast: { ...before.forecast, requests },
    beside: besides([before.beside, lookAtStirred(moving, parent, owners.size), changed.length ? A_PUSH : NOTHING]),
  }
}

const readingOf = ({ from }: Stores, { read, check }: Requests): MigrationPlanReport['reading'] => {
  const requests = read + check
  return { requests, seconds: Math.ceil(requests / requestsPerSecond(from)) }
}

/** What the new store's token has to be allowed to modify, by this copy and by deltas after it. */
const scopesOf = ({ resources, derived }: Catalog, forecasts: readonly CopyForecast[]): readonly string[] => {
  const scopes = forecasts.flatMap(({ resource: name }) => {
    const stock = derived.get(name)
    const { api, scope } = resources.get(stock ? stockField(stock)[1].writes.resource : name) ?? {}
    return scope !== undefined && (api?.create || api?.update?.length) ? scope : []
  })
  return [...new Set(scopes)].sort()
}

/** Requests that write, and how long the whole takes at the quota, with what is looked at and waited for in between. */
const costOf = ({ to }: Moving, told: readonly Foretold[]): MigrationPlanReport['cost'] => {
  const requests = told.reduce((sum, { forecast }) => sum + forecast.requests, 0)
  const beside = besides(told.map((one) => one.beside))
  return { requests, seconds: Math.ceil((requests + beside.requests) / requestsPerSecond(to) + beside.waitMs / 1000) }
}
