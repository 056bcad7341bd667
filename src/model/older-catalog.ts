import type { Told } from './older.ts'
import { type Catalog, catalogOf, type Resource } from './resource.ts'

/** Whether a path is one of the older API. */
export const isOlderPath = (path: string): boolean => path.startsWith('/v2/')

/**
 * What of a catalog is within reach of a legacy API account: resources that live in the older API anyway, and those that it tells
 * too. The latter are read only.
 */
export const olderCatalog = ({ resources, derived }: Catalog): Catalog => {
  const listed = [...resources.values()].flatMap((one) => olderListed(one) ?? [])
  const names = new Set(listed.map(({ name }) => name))
  const inner = [...resources.values()].flatMap((one) =>
    names.has(one.api.within?.parent ?? '') ? (olderInner(one, resources) ?? []) : [],
  )
  const found = new Map([...listed, ...inner].map((one) => [one.name, one]))
  return catalogOf(
    [...resources.keys()].flatMap((name) => found.get(name) ?? []),
    [...derived.values()].filter(({ parent, child }) => found.has(parent) && found.has(child)),
  )
}

const olderListed = (resource: Resource): Resource | undefined => {
  const { api, older } = resource
  if (api.within) return undefined
  if (api.list && isOlderPath(api.list.path)) return resource
  return older?.list && { ...resource, api: { list: { ...older.list, told: toldOf(resource) } } }
}

const olderInner = (resource: Resource, resources: Catalog['resources']): Resource | undefined => {
  const { api, older } = resource
  const { within } = api
  if (!within) return undefined
  if (isOlderPath(resources.get(within.parent)?.api.list?.path ?? '')) return resource
  const { parent, at, link } = within
  return (
    older?.apart && {
      ...resource,
      api: { within: { parent, at, link, apart: { ...older.apart, told: toldOf(resource) } } },
    }
  )
}

/** Every field that the older API tells, with where. */
const toldOf = ({ fields, older }: Resource): Readonly<Record<string, Told>> =>
  Object.fromEntries(
    Object.keys(fields).flatMap((name) => {
      const told = older?.told[name]
      return told === null ? [] : [[name, told ?? name]]
    }),
  )
