import type { Catalog, Resource, Route } from '../../model/index.ts'
import { Refusal, v2Error } from '../answers.ts'
import type { Endpoint } from '../types.ts'
import { countOf, list } from './list.ts'
import { pathOf } from './target.ts'
import { create, remove, update } from './write.ts'

/**
 * Working endpoints for the definitions whose list the store does not serve yet, so that a new resource can be tried as soon as it
 * is described. Lists whose rows lie inside other elements cannot be derived.
 */
export const collectionEndpoints = (catalog: Catalog, served: readonly Endpoint[]): readonly Endpoint[] => {
  const taken = new Set(served.map(({ method, path }) => `${method} ${unnamed(path)}`))
  return [...catalog.resources.values()]
    .filter(
      ({ api: { list: listing } }) => listing && !listing.rows && !taken.has(`GET ${unnamed(pathOf(listing.path))}`),
    )
    .flatMap(derive)
    .map((endpoint) =>
      endpoint.path.startsWith('/v2/') ? { ...endpoint, handle: complainAsV2(endpoint.handle) } : endpoint,
    )
    .filter(
      ({ method, path }, place, all) => all.findIndex((one) => one.method === method && one.path === path) === place,
    )
}

/** Two paths are the same whatever their parameters are called. */
const unnamed = (path: string): string => path.replaceAll(/:\w+/g, ':')

const derive = (resource: Resource): readonly Endpoint[] => {
  const { scope, api } = resource
  const listing = api.list
  const total = listing?.total
  const at = ({ verb, path }: Route) => ({ method: verb, path: pathOf(path), scope })
  return [
    ...(listing
      ? [{ method: 'GET' as const, path: pathOf(listing.path), scope, handle: list(resource, listing) }]
      : []),
    ...(typeof total === 'object'
      ? [{ method: 'GET' as const, path: total.path, scope, handle: countOf(resource, total.at) }]
      : []),
    ...(api.create ? [{ ...at(api.create), handle: create(resource, api.create) }] : []),
    ...(api.update ?? []).map((route) => ({ ...at(route), handle: update(resource, route) })),
    ...(api.delete ? [{ ...at(api.delete), handle: remove(resource, api.delete) }] : []),
  ]
}

/** v2 answers with an array of messages, and with 400 where v3 has 422. */
const complainAsV2 =
  (handle: Endpoint['handle']): Endpoint['handle'] =>
  (call) => {
    try {
      return handle(call)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { status, body } = error.answer
      const { title } = body as { title: string }
      throw new Refusal(v2Error(status === 422 ? 400 : status, title))
    }
  }
