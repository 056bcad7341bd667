import type { Resource, Value, Values } from '../model/index.ts'

/** A value and the field of a row that it is written to. */
export interface Placed {
  readonly resource: string
  readonly id: Values
  readonly field: string
  readonly value: Value
}

/** The two resources that a value of a family may be written to. */
interface Routes {
  readonly parent: Resource
  readonly child: Resource
}

/**
 * Values of a child that may as well be written to its parent (`or`) go there where that saves a request: where the parent's
 * row is written anyway, and where the last request of children is small enough for what is free in the last one of parents.
 * All values of one child go together.
 */
export const fewestRequests = <P extends { readonly placed: Placed; readonly or?: Placed }>(
  { parent, child }: Routes,
  pending: readonly P[],
): readonly P[] => {
  if (!pending.some(({ or }) => or)) return pending
  const rows = new Map<string, P[]>()
  for (const one of pending) {
    const key = rowOf(one.placed)
    rows.set(key, [...(rows.get(key) ?? []), one])
  }
  const movable = [...rows].filter(([, row]) => row.every(({ or }) => or)).map(([key, row]) => ({ key, row }))
  const moved = new Set<string>()
  for (const { key, row } of movable) if (row.some(({ or }) => or && rows.has(rowOf(or)))) moved.add(key)

  const over = (together(child, rows) - moved.size) % batchOf(child)
  const last = together(parent, rows) % batchOf(parent)
  const free = last && batchOf(parent) - last
  const more = movable.filter(({ key }) => !moved.has(key)).slice(0, over)
  if (over <= free && more.length === over) for (const { key } of more) moved.add(key)
  return pending.map((one) => (one.or && moved.has(rowOf(one.placed)) ? { ...one, placed: one.or } : one))
}

const rowOf = ({ resource, id }: Placed): string => `${resource}\t${Object.values(id).join('\t')}`

/** How many rows of a resource go by the route that takes the most. */
const together = (
  { name, api }: Resource,
  rows: ReadonlyMap<string, readonly { readonly placed: Placed }[]>,
): number => {
  const carried = api.update?.[0]?.fields
  return [...rows.values()].filter(
    (row) => row[0]?.placed.resource === name && row.every(({ placed }) => !carried || carried.includes(placed.field)),
  ).length
}

const batchOf = ({ api }: Resource): number => api.update?.[0]?.batch ?? 1
