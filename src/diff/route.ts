import {
  type Catalog,
  carries,
  pathFields,
  type Resource,
  type Route,
  routeName,
  UsageError,
  updateRoute,
} from '../model/index.ts'
import type { Write } from './writes.ts'

/** One request of a push. */
export interface Batch {
  readonly resource: Resource
  readonly route: Route
  readonly rows: readonly Write[]
}

/** Batches that may run side by side; a stage begins when the one before has ended. */
export type Stage = readonly Batch[]

/**
 * The requests for some writes, in as few as the routes allow. References come first (a parent before its children, stock last);
 * rows of one unit lie next to each other, so that they share a request wherever they can.
 */
export const routeWrites = (catalog: Catalog, writes: readonly Write[]): readonly Stage[] => {
  const byRoute = new Map<Route, Map<string, { resource: Resource; rows: Write[] }>>()
  for (const write of writes) {
    const resource = catalog.resources.get(write.resource)
    if (!resource) throw new UsageError(`no resource is called ${JSON.stringify(write.resource)}`)
    const route = routeOf(resource, write)
    const places = byRoute.get(route) ?? new Map<string, { resource: Resource; rows: Write[] }>()
    const place = placeOf(route, write)
    const entry = places.get(place) ?? { resource, rows: [] }
    entry.rows.push(write)
    byRoute.set(route, places.set(place, entry))
  }
  const stages = new Map<number, Batch[]>()
  const groups = [...byRoute].flatMap(([route, places]) => [...places.values()].map((group) => ({ route, ...group })))
  for (const { resource, route, rows } of groups) {
    const rank = depth(catalog, resource)
    // Who asks for one row at a time may have asked for an order.
    const sorted = route.batch === 1 ? rows : rows.sort((a, b) => (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0))
    const batches = stages.get(rank) ?? []
    for (let start = 0; start < sorted.length; start += route.batch) {
      batches.push({ resource, route, rows: sorted.slice(start, start + route.batch) })
    }
    stages.set(rank, batches)
  }
  return [...stages.entries()].sort(([a], [b]) => a - b).map(([, batches]) => batches)
}

/** Requests and rows by endpoint, in the order of sending. */
export const costOf = (
  stages: readonly Stage[],
  requestsPerSecond: number,
): { requests: number; seconds: number; endpoints: { endpoint: string; requests: number; rows: number }[] } => {
  const endpoints = new Map<string, { endpoint: string; requests: number; rows: number }>()
  for (const { route, rows } of stages.flat()) {
    const endpoint = routeName(route)
    const entry = endpoints.get(endpoint) ?? { endpoint, requests: 0, rows: 0 }
    entry.requests += 1
    entry.rows += rows.length
    endpoints.set(endpoint, entry)
  }
  const requests = stages.flat().length
  return { requests, seconds: Math.round((requests / requestsPerSecond) * 10) / 10, endpoints: [...endpoints.values()] }
}

/** Whether the resource offers a way to carry such a change at all. */
export const canWrite = (resource: Resource, verb: Write['verb']): boolean =>
  verb === 'create' ? !!resource.api.create : verb === 'delete' ? !!resource.api.delete : !!resource.api.update?.length

const routeOf = (resource: Resource, { verb, set }: Write): Route => {
  const { create, createOther, delete: remove } = resource.api
  const fields = Object.keys(set)
  const route =
    verb === 'create'
      ? [create, createOther].find((one) => one && carries(one, fields))
      : verb === 'delete'
        ? remove
        : updateRoute(resource.api, fields)
  if (!route) throw new UsageError(`${resource.name}: the API has no way to ${verb} ${fields.join(', ')}`)
  return route
}

/** Rows of one place may share a request: all of one request go to one path. */
const placeOf = (route: Route, { id }: Write): string =>
  route.batch === 1
    ? ''
    : pathFields(route.path)
        .map((name) => id[name])
        .join('\t')

/** Length of the longest chain of references below a resource: what must exist first is written first. */
const depth = (catalog: Catalog, resource: Resource, seen: ReadonlySet<string> = new Set()): number => {
  const below = Object.values(resource.fields)
    .map(({ ref }) => ref)
    .filter((ref): ref is string => ref !== undefined && ref !== resource.name && !seen.has(ref))
  const depths = below.map((name) => {
    const next = catalog.resources.get(name)
    return next ? 1 + depth(catalog, next, new Set([...seen, resource.name])) : 0
  })
  return Math.max(0, ...depths)
}
