import { resourcesOf, type Target } from '../diff/index.ts'
import { createEmulator, type Emulator, filledFrom } from '../emulator/index.ts'
import { pullTasks, type StoreSide } from '../engine/index.ts'
import type { Mirror, Pace } from '../mirror/index.ts'
import type { Body, Catalog, Clock, Plan, Resource } from '../model/index.ts'

/** A store in memory with the rows that the plan can touch or collide with. */
export const emulatedStore = (
  catalog: Catalog,
  { mirror, hash, location }: StoreSide,
  target: Target,
  plan: Plan,
  pace: Pace,
  clock: Clock,
): Emulator => {
  const wanted = touched(catalog, target)
  const bodies = (resource: Resource): Iterable<Body> => {
    if (resource.api.list?.paging === 'single') return [identityOf(mirror, resource)]
    if (!wanted.has(resource.name)) return []
    // Of what rides inside other rows, some may be known though it was never pulled.
    const isKnown = resource.api.within !== undefined || mirror.freshness(resource.name) !== null
    return isKnown ? mirror.bodies(resource) : named(mirror, target, plan, resource)
  }
  return createEmulator({
    catalog,
    clock,
    storeHash: hash,
    plan: quotaOf(pace),
    data: filledFrom(catalog, bodies, [location]),
  })
}

/** The target's rows with all that comes with them, what they refer to, and where their stock lies. */
const touched = (catalog: Catalog, target: Target): ReadonlySet<string> => {
  const own = pullTasks(catalog, [target.name]).flatMap(({ resource }) => [
    resource,
    ...[...catalog.resources.values()].filter(({ api }) => api.within?.parent === resource.name),
  ])
  const stock =
    target.kind === 'plain'
      ? []
      : Object.values(target.derived.fields).flatMap((facts) => (facts.of === 'stock' ? facts.writes.resource : []))
  return new Set([...own.map(({ name }) => name), ...referred(target), ...stock])
}

/** Resources that the target's rows refer to. */
export const referred = (target: Target): ReadonlySet<string> =>
  new Set(resourcesOf(target).flatMap(({ fields }) => Object.values(fields).flatMap(({ ref }) => ref ?? [])))

/** The store as the mirror knows it, whether or not its own description was pulled. */
const identityOf = (mirror: Mirror, resource: Resource): Body => {
  const [known = {}] = mirror.bodies(resource)
  const { hash = '', domain, currency } = mirror.lineage() ?? {}
  return { id: hash, ...known, domain, currency }
}

/** Rows of a resource that is not mirrored, as far as the target's rows and the plan name them. */
function* named(
  mirror: Mirror,
  target: Target,
  plan: Plan,
  { name: wanted, key: [key = 'id'] }: Resource,
): Generator<Body> {
  const ids = new Set<number>()
  const add = (value: unknown): void => {
    for (const one of Array.isArray(value) ? value : [value]) if (typeof one === 'number' && one > 0) ids.add(one)
  }
  for (const resource of resourcesOf(target)) {
    const refs = Object.keys(resource.fields).filter((field) => resource.fields[field]?.ref === wanted)
    if (refs.length) for (const body of mirror.bodies(resource)) for (const field of refs) add(body[field])
    for (const { fields } of plan.changes) for (const { field, to } of fields) if (refs.includes(field)) add(to)
  }
  for (const id of ids) yield { [key]: id, name: `${wanted} ${id}` }
}

/** Where nothing was learned of the store: the smallest quota, and answers as slow as they are over the internet. */
export const USUAL_PACE: Pace = { quota: 150, windowMs: 30_000, medianMs: 300, p95Ms: 1000, requests: 0, at: '' }

/** Requests in a window, as far as known. */
export const quotaOf = ({ quota, windowMs }: Pace) => ({
  requests: quota ?? (USUAL_PACE.quota as number),
  windowMs: windowMs ?? (USUAL_PACE.windowMs as number),
})
