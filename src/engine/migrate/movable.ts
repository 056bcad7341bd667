import { moveOrder } from '../../diff/index.ts'
import { type Catalog, type Resource, UsageError } from '../../model/index.ts'
import { pullTasks } from '../scope-of-pull.ts'

/**
 * The resources that a migration copies, in the order of their references: those that a pull of the named ones brings.
 * @param told What the old store can be asked for.
 * @throws {UsageError} when one is asked for that a migration cannot copy, or that the old store's mirror does not hold.
 */
export const movable = (
  catalog: Catalog,
  told: Catalog,
  configured: readonly string[],
  only: readonly string[] | null,
): readonly Resource[] => {
  const brought = [...broughtBy(told, configured)].flatMap((name) => catalog.resources.get(name) ?? [])
  const all = brought.filter(({ moves }) => moves !== undefined)
  const names = all.map(({ name }) => name)
  const unknown = only?.filter((name) => !names.includes(name)) ?? []
  if (unknown.length) {
    throw new UsageError(`a migration cannot copy ${unknown.join(', ')}`, {
      hint: `it copies what the old store's "resources" name: ${names.join(', ')}`,
    })
  }
  return moveOrder(all.filter(({ name }) => only?.includes(name) ?? true))
}

/** Names of the resources that a pull of the named ones brings. */
export const broughtBy = (told: Catalog, configured: readonly string[]): ReadonlySet<string> =>
  new Set(
    pullTasks(told, configured).flatMap(({ resource, children }) => [resource, ...children].map(({ name }) => name)),
  )
