import type { LeftBehind, Resource, SourceRow, Value } from '../../model/index.ts'
import type { Copy } from './copies.ts'
import type { Kept } from './keep-rows.ts'
import { labelOf } from './label.ts'
import type { Wish, Wished } from './make-rows.ts'
import { aboutOf, keyOf } from './match-rows.ts'
import type { Moving } from './moving.ts'
import type { OldRow } from './old-rows.ts'
import type { Pushed } from './push-copy.ts'

/**
 * Rows that were wished for and are not there: the plan rejected them, or the store did. What is said of one row of a parent, the plan
 * says for all of which it is true.
 */
export const unmadeOf = (
  moving: Moving,
  copy: Copy,
  wishes: readonly Wish[],
  pushed: Pushed,
): readonly LeftBehind[] => {
  const { resource, create } = copy
  const own = complaints(pushed)
  const parentOf = ({ key }: SourceRow) => (create?.isInner ? key[create.key[0] ?? ''] : undefined)
  const missing = wishes.filter(
    (wish): wish is Wished => 'row' in wish && !moving.map.get(resource.name, keyOf(resource, wish.old.held)),
  )
  const shared = new Map<Value | undefined, string>()
  for (const { row } of missing) {
    const [parent, reason] = [parentOf(row), own.get(row.line)]
    if (parent !== undefined && reason !== undefined) shared.set(parent, reason)
  }
  return missing.flatMap(({ old, row }) => {
    const reason = own.get(row.line) ?? shared.get(parentOf(row))
    return reason === undefined ? [] : [{ ...aboutOf(resource, old), ...sentText(moving, copy, old, reason) }]
  })
}

/** Rows that could not be brought to what the old store says. */
export const unkeptOf = (resource: Resource, { olds }: Kept, pushed: Pushed): readonly LeftBehind[] =>
  untakenOf(pushed, (at) => olds[at] && aboutOf(resource, olds[at]))

/** Rows of any kind that were not carried out; `about` tells what the row at that place comes from. */
export const untakenOf = (
  pushed: Pushed,
  about: (at: number) => Omit<LeftBehind, 'reason'> | undefined,
): readonly LeftBehind[] =>
  [...complaints(pushed)].flatMap(([line, reason]) => {
    const old = about(line - 1)
    return old ? [{ ...old, reason }] : []
  })

/** What the plan or the store said of rows that were not carried out, by their lines. */
const complaints = ({ plan, report }: Pushed): ReadonlyMap<number, string> => {
  const lines = new Map(plan?.changes.map(({ id, line }) => [id, line]))
  const rejected = (plan?.rejected ?? []).map(
    ({ row, column, value, reason }) => [row, `${column || value}: ${reason}`] as const,
  )
  const held = (plan?.held ?? []).map(
    ({ line, guard, reason }) => [line ?? 0, `held back by ${guard}: ${reason}`] as const,
  )
  const failed = (report?.rows ?? []).flatMap(({ id, state, reason }) =>
    state === 'applied' ? [] : [[lines.get(id) ?? 0, reason ?? state] as const],
  )
  return new Map([...rejected, ...held, ...failed])
}

/** What is sent by an address goes by that, and by what it belongs to. */
const sentText = (
  { from }: Moving,
  { resource: { sent, part, fields } }: Copy,
  { held, says }: OldRow,
  reason: string,
): Pick<LeftBehind, 'reason'> & Partial<LeftBehind> => {
  const parent = from.catalog.resources.get(part ? (fields[part.link]?.ref ?? '') : '')
  if (!sent || !part || !parent) return { reason }
  const owner = from.mirror.row(parent, { [parent.key[0] ?? 'id']: held[part.link] ?? null })
  const label = `${labelOf(owner ?? {}) ?? ''}: ${String(says[sent.from])}`
  return { label, reason: `${reason}; ${PUT_ANOTHER}` }
}

const PUT_ANOTHER =
  'put another in its place in the old store, or add it by hand in the new one; the next run tries it again'
