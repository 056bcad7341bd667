import { belongs, type Target } from '../diff/index.ts'
import type { Mirror } from '../mirror/index.ts'
import {
  type Catalog,
  type Change,
  type Embedded,
  type Resource,
  UsageError,
  type Value,
  type Values,
} from '../model/index.ts'

/** One listing to be read, with the resources that ride inside its rows. */
export interface PullTask {
  readonly resource: Resource
  readonly children: readonly Resource[]
}

/**
 * The listings that bring the named resources up to date. Children that cost no further request ride along unasked; those that
 * make the pages smaller come only when they are named.
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
      ({ name, api }) =>
        api.within?.parent === resource.name &&
        (api.within.pageSize === undefined || named.some((one) => one.name === name)),
    ),
  }))
}

/** The listing that a target's rows come from. */
export const taskOf = (catalog: Catalog, target: Target): PullTask => {
  const [task] = pullTasks(catalog, [target.name])
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
  const keys = new Set(changes.map((change) => Number(linkOf(mirror, target, asked, change))))
  return [...keys].sort((a, b) => a - b).map((key) => ({ [asked]: key }))
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
