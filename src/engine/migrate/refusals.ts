import type { Above, Refusal, Resource } from '../../model/index.ts'
import type { Moving } from './moving.ts'
import { oldRows, whyItStays } from './old-rows.ts'
import { unnamed } from './unnamed.ts'

/** What nobody can carry over, and what stays behind, told before anything is written; of resources that have rows in the old store. */
export const refusals = (moving: Moving, resources: readonly Resource[]): readonly Refusal[] =>
  resources.flatMap((resource) => {
    const all = moving.from.mirror.lookup(resource, resource.key).count()
    const comes = (name: string | undefined) => resources.some((one) => one.name === name)
    const refused = (resource.moves?.refused ?? []).flatMap(({ what, instead, unless, where }) => {
      const rows = comes(unless) ? 0 : where ? countAbove(moving, resource, where) : all
      return rows ? [{ resource: resource.name, rows, what, instead }] : []
    })
    return [...refused, ...staying(moving, resource), ...unnamed(moving, resource)]
  })

const countAbove = (moving: Moving, resource: Resource, { field, above }: Above): number => {
  let count = 0
  for (const old of oldRows(moving, resource))
    if (Number(old.held[field]) > above && !whyItStays(moving, resource, old)) count += 1
  return count
}

const staying = (moving: Moving, resource: Resource): readonly Refusal[] => {
  const { stays = [] } = resource.moves ?? {}
  if (!stays.length) return []
  const counts = new Map<string, number>()
  for (const old of oldRows(moving, resource)) {
    const why = whyItStays(moving, resource, old)
    if (why) counts.set(why.what, (counts.get(why.what) ?? 0) + 1)
  }
  return stays.flatMap(({ what, instead }) => {
    const rows = counts.get(what) ?? 0
    return rows ? [{ resource: resource.name, rows, what, instead }] : []
  })
}
