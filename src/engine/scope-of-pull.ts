import { belongs, type Target } from '../diff/index.ts'
import type { Mirror } from '../mirror/index.ts'
import {
  type Catalog,
  type Change,
  type Embedded,
  keyText,
  pick,
  type Resource,
  UsageError,
  type Value,
  type Values,
} from '../model/index.ts'
import { listField } from './lists-of.ts'

/** One listing to be read, with the resources that ride inside its rows. */
export interface PullTask {
  readonly resource: Resource
  readonly children: readonly Resource[]
}

/**
 * The listings that bring the named resources up to date. Children that cost no further request ride along unasked; those that
 * make the pages smaller or are pulled on demand come only when they are named, or when another one is that the same answer holds:
 * modifiers come with their values.
 */
export const pullTasks = (catalog: Catalog, names: readonly string[]): readonly PullTask[] => {
  const named = names.flatMap((name) => physical(catalog, name))
  const parents = new Map<string, Resource>()
  for (const resource of named) {
    const root = rootOf(catalog, resource)
    parents.set(root.name, root)
  }
  return [...parents.values()].map((resource) => ({
    resource,
    children: [...catalog.resources.values()].filter(
      ({ name, api: { within }, onDemand }) =>
        within?.parent === resource.name &&
        ((isFree(within) && !onDemand) || named.some((one) => one.name === name || holdsBoth(one, within))),
    ),
  }))
}

const holdsBoth = ({ api: { within } }: Resource, { parent, include }: Embedded): boolean =>
  include !== undefined && within?.parent === parent && within.include === include

/** Costs no further request, or makes the row whole that it rides in. */
const isFree = ({ pageSize, apart }: Embedded): boolean =>
  pageSize === undefined && (apart === undefined || apart.sole !== undefined)

/**
 * The listing that a target's rows come from.
 * @param inner resources whose rows have to come along
 */
export const taskOf = (catalog: Catalog, target: Target, inner: readonly string[] = []): PullTask => {
  const [task] = pullTasks(catalog, [target.name, ...inner])
  if (!task) throw new UsageError(`${target.name} comes from no listing`)
  return task
}

/** What to ask a listing for so that the rows of some changes come: the values of the field that it can be asked by. */
export const parentKeys = (
  mirror: Mirror,
  { resource }: PullTask,
  target: Target,
  changes: readonly Pick<Change, 'entity' | 'key'>[],
): readonly Values[] => {
  const asked = askedBy(resource)
  const list = listField(resource)
  const keys = new Map<string, Values>()
  for (const change of changes) {
    const key = { ...(list ? pick(change.entity, [list]) : {}), [asked]: Number(linkOf(mirror, target, asked, change)) }
    keys.set(keyText(key), key)
  }
  return [...keys.values()].sort((a, b) => Number(a[asked]) - Number(b[asked]))
}

const linkOf = (
  mirror: Mirror,
  target: Target,
  asked: string,
  { entity, key }: Pick<Change, 'entity' | 'key'>,
): Value => {
  if (target.kind === 'family') return entity[target.derived.link] ?? null
  const link = target.resource.api.within?.link
  const name = link ?? asked
  if (belongs(target.resource, key)) return key[target.resource.part.link] ?? null
  return entity[name] ?? mirror.row(target.resource, entity)?.[name] ?? null
}

/** The field that rows are asked for by: what stands before the operator of the listing's `ids` parameter. */
export const askedBy = (resource: Resource): string => resource.api.list?.ids?.split(':')[0] ?? resource.key[0] ?? 'id'

/** What a listing has to ask for so that the children come along. */
export const includesOf = (children: readonly Resource[]): readonly Embedded[] =>
  children.map(({ api }) => api.within).filter((within): within is Embedded => within !== undefined)

const physical = (catalog: Catalog, name: string): readonly Resource[] => {
  const derived = catalog.derived.get(name)
  const found = derived
    ? [derived.parent, derived.child].map((one) => catalog.resources.get(one))
    : [catalog.resources.get(name)]
  return found.map((resource) => {
    if (!resource) throw new UsageError(`no resource is called ${JSON.stringify(name)}`)
    return resource
  })
}

const rootOf = (catalog: Catalog, resource: Resource): Resource => {
  const parent = resource.api.within && catalog.resources.get(resource.api.within.parent)
  return parent ? rootOf(catalog, parent) : resource
}
