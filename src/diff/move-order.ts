import type { Resource } from '../model/index.ts'

/**
 * Resources in the order in which their rows go into another store: what is referred to before what refers to it. A reference of a
 * resource to itself, and one that closes a circle, says nothing of the order.
 */
export const moveOrder = (resources: readonly Resource[]): readonly Resource[] => {
  const byName = new Map(resources.map((resource) => [resource.name, resource]))
  const done: Resource[] = []
  const met = new Set<string>()
  const visit = (resource: Resource): void => {
    if (met.has(resource.name)) return
    met.add(resource.name)
    for (const name of neededBy(resource, byName)) {
      const before = byName.get(name)
      if (before) visit(before)
    }
    done.push(resource)
  }
  for (const resource of resources) visit(resource)
  return done
}

/** Resources whose rows are there before a resource's: what those refer to, and what rows inside a new one refer to. */
export const neededBy = (resource: Resource, byName: ReadonlyMap<string, Resource>): readonly string[] => [
  ...needs(resource),
  ...(resource.api.create?.nest ?? []).flatMap((nest) => {
    const { fields = {} } = byName.get(nest.resource) ?? {}
    return referred(Object.fromEntries(nest.fields.flatMap((name) => (fields[name] ? [[name, fields[name]]] : []))))
  }),
]

const needs = ({ fields, api, moves }: Resource): readonly string[] => [
  ...(api.within ? [api.within.parent] : []),
  ...referred(fields),
  ...(moves?.after ?? []),
]

const referred = (fields: Resource['fields']): readonly string[] =>
  Object.values(fields).flatMap(({ ref, refs = {}, refBy }) => [
    ...(ref === undefined ? [] : [ref]),
    ...Object.values(refs),
    ...Object.values(refBy?.of ?? {}),
  ])
