import { type LostReference, movedValues } from '../../diff/index.ts'
import type { Refusal, Resource } from '../../model/index.ts'
import { keyOf } from './match-rows.ts'
import { lostText, type Moving, standsFor } from './moving.ts'
import { isRecent, oldRows, whyItStays } from './old-rows.ts'

/**
 * Rows that stay behind because of a reference that only a create sets, to rows that nobody asked the old store for. Made without it,
 * they would lack it for good.
 */
export const unnamed = (moving: Moving, resource: Resource): readonly Refusal[] =>
  Object.entries(resource.fields).flatMap(([field, { atCreate, ref }]) => {
    if (!atCreate || ref === undefined || !isUnnamed(moving, ref)) return []
    const rows = countLost(moving, resource, field)
    return rows ? [{ resource: resource.name, rows, ...textOf(moving, field, ref) }] : []
  })

/** Whether the old store could tell a resource, and its "resources" do not name it. */
export const isUnnamed = ({ from: { catalog, brought } }: Pick<Moving, 'from'>, resource: string): boolean =>
  catalog.resources.has(resource) && !brought.has(resource)

/** For people: why a row waits for one that it refers to. */
export const waitText = (moving: Moving, lost: LostReference): string =>
  isUnnamed(moving, lost.resource)
    ? `${lostText(lost)}, because "resources" of ${moving.from.name} do not name them`
    : lostText(lost)

const countLost = (moving: Moving, resource: Resource, field: string): number => {
  let count = 0
  for (const old of oldRows(moving, resource)) {
    const isOpen = !moving.map.get(resource.name, keyOf(resource, old.held)) && isRecent(moving, resource, old)
    const { lost } = movedValues(resource.fields, [field], old.says, standsFor(moving))
    if (isOpen && lost.length && !whyItStays(moving, resource, old)) count += 1
  }
  return count
}

const textOf = ({ from, to }: Moving, field: string, ref: string): Pick<Refusal, 'what' | 'instead'> => ({
  what: `they stay behind, because "resources" of ${from.name} do not name ${ref}, and ${field} is set in new rows only`,
  instead: `name ${ref} in "resources" of ${from.name} and ${to.name}; the next run makes them`,
})
