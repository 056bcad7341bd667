import { type BaseField, type LostReference, movedValues } from '../../diff/index.ts'
import { type Field, matchText, pick, stableJson, type Value, type Values } from '../../model/index.ts'
import { type Copy, rowKey, stockOf } from './copies.ts'
import { keyOf } from './match-rows.ts'
import { type Moving, standsFor } from './moving.ts'
import { type OldRow, oldRows } from './old-rows.ts'

/** A row of the old store beside the one that stands for it. */
export interface Linked {
  readonly old: OldRow
  readonly from: string
  /** Undefined where somebody took it out of the new store. */
  readonly there: Values | undefined
  readonly to: Values
  /** What the old row says in the new store's terms: only fields that the migration carries. */
  readonly says: Values
  readonly lost: readonly LostReference[]
  /** What both were last agreed to hold. */
  base(field: string): BaseField | undefined
}

/**
 * Every old row that something stands for, with what the copy carried over and what both agreed on.
 * @param ridden Also what only the request that made the row above could say, and no delta carries over.
 */
export function* linkedRows(moving: Moving, copy: Copy, ridden = false): Generator<Linked> {
  const { resource, update, create } = copy
  const { mirror } = moving.to
  const kept = mirror.base(update.name)
  const made = create ? mirror.base(create.spec.name) : undefined
  const names = [...new Set([...carriedFields(moving, copy), ...(ridden ? riddenFields(moving, copy) : [])])]
  for (const old of oldRows(moving, resource)) {
    const from = keyOf(resource, old.held)
    const to = moving.map.get(resource.name, from)
    if (!to) continue
    const there = mirror.row(resource, to)
    const { values, lost } = movedValues(resource.fields, names, old.says, standsFor(moving))
    const agreed = there && kept.get(matchText(pick(there, rowKey(resource))))?.fields
    const first = create && made?.get(matchText(pick(values, create.key)))
    const begun = first?.entity === stableJson(to) ? first.fields : undefined
    const says = Object.fromEntries(
      Object.entries(values).filter(([name, value]) => copy.fields.includes(name) || !isBlank(value)),
    )
    yield { old, from, there, to, says, lost, base: (field) => agreed?.[field] ?? begun?.[field] }
  }
}

/** Fields that are kept in step, and those that only a new row takes and that can be read again. */
const carriedFields = ({ context }: Moving, { resource, fields, create }: Copy): readonly string[] => {
  const isCounted = stockOf(context.catalog, resource) !== undefined
  const told = ({ untold, role }: Field): boolean => !untold && !(isCounted && role === 'stock')
  const names = new Set([...fields, ...(create?.fields ?? [])])
  return [...names].filter((name) => told(resource.fields[name] as Field))
}

/** Of rows that come inside another one's request, and that no request of their own changes. */
const riddenFields = ({ context }: Moving, { resource, create }: Copy): readonly string[] => {
  if (create) return []
  const nests = [...context.catalog.resources.values()].flatMap(({ api }) => api.create?.nest ?? [])
  const fields = nests.find((nest) => nest.resource === resource.name)?.fields ?? []
  return fields.filter((name) => !resource.moves?.leave?.includes(name))
}

/** A new row leaves out what is not set, and the store fills in its own. */
const isBlank = (value: Value): boolean => value === null || (Array.isArray(value) && value.length === 0)
