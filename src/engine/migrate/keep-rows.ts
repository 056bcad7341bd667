import { type LostReference, type Moved, movedValues } from '../../diff/index.ts'
import { type LeftBehind, pick, type Resource, type SourceRow, type Values } from '../../model/index.ts'
import { type Copy, rowKey } from './copies.ts'
import { labelOf } from './label.ts'
import { aboutOf, keyOf } from './match-rows.ts'
import { lostText, type Moving, standsFor } from './moving.ts'
import { isRecent, type OldRow, oldRows } from './old-rows.ts'

/** What the old rows say of the rows that stand for them. */
export interface Kept {
  readonly rows: readonly SourceRow[]
  /** The old rows that they are said of, in the same order. */
  readonly olds: readonly OldRow[]
  /**
   * Rows of which nothing stands for them any more, because somebody took it out of the new store, where it stays out; those that
   * were copied without something that they refer to; and those that the old store has no more.
   */
  readonly lacking: readonly LeftBehind[]
}

/** Rows that stand for one, as their source says them. What refers to nothing in the new store has no opinion. */
export const keptRows = (moving: Moving, copy: Copy): Kept => {
  const { resource, fields } = copy
  const rows: SourceRow[] = []
  const olds: OldRow[] = []
  const lacking: LeftBehind[] = []
  const gone = new Map(moving.map.all(resource.name))
  for (const old of oldRows(moving, resource)) {
    const from = keyOf(resource, old.held)
    const to = moving.map.get(resource.name, from)
    gone.delete(from)
    if (!to) continue
    const there = moving.to.mirror.row(resource, to)
    if (!there) {
      lacking.push({ ...aboutOf(resource, old), reason: TAKEN_OUT })
      continue
    }
    const { values, lost } = asKept(moving, copy, old)
    lacking.push(...lost.map((one) => copiedWithout(resource, old, one)))
    // Half of what says where a row leads would lead elsewhere.
    if (lost.some(({ field }) => resource.fields[field]?.refBy)) continue
    if (!fields.length || !isRecent(moving, resource, old)) continue
    // What is needed whole is not said by half.
    const whole = fields.filter(
      (name) => !(resource.fields[name]?.required && lost.some(({ field }) => field === name)),
    )
    olds.push(old)
    rows.push({ line: rows.length + 1, key: pick(there, rowKey(resource)), values: ofThem(values, whole) })
  }
  for (const [key, to] of gone) {
    const reason = 'the old store has it no more; it stays in the new one'
    const there = moving.to.mirror.row(resource, to)
    if (there) lacking.push({ resource: resource.name, key, label: labelOf(there), reason })
  }
  return { rows, olds, lacking }
}

/** Of a row that somebody took out of the new store. */
export const TAKEN_OUT = 'taken out of the new store since, so it stays out'

/** What an old row says in the new store's terms, of all that a copy carries. */
const asKept = (moving: Moving, { resource, fields, create }: Copy, { says }: OldRow): Moved =>
  movedValues(resource.fields, [...new Set([...fields, ...(create?.fields ?? [])])], says, standsFor(moving))

/** What a row refers to that nothing stands for. */
export const lostOf = (moving: Moving, copy: Copy, old: OldRow): readonly LostReference[] =>
  asKept(moving, copy, old).lost

/** What a row is copied without. */
export const copiedWithout = (resource: Resource, old: OldRow, lost: LostReference): LeftBehind => ({
  ...aboutOf(resource, old),
  reason: `copied without ${lostText(lost)}`,
})

const ofThem = (values: Values, names: readonly string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)))
