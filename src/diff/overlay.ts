import type { Value, Values } from '../model/index.ts'
import { type FamilyTarget, heldBy, isSole, type Target } from './target.ts'

/** A value of ours that no reading has confirmed or denied yet, by resource, key text and field. */
export type Applied = (resource: string, key: string, field: string) => Value | undefined

/**
 * The store row with what we applied lately in the place of what an early reading says: stock, for one, is read with its old
 * figure for some time after a write.
 */
export const withApplied = (
  target: Target,
  row: Values,
  entity: Values,
  fields: readonly string[],
  applied: Applied,
): Values => {
  const over: Record<string, Value> = {}
  for (const name of fields) {
    const value =
      target.kind === 'plain'
        ? applied(target.name, keyOf(target.resource.key, entity), name)
        : familyValue(target, row, entity, name, applied)
    if (value !== undefined) over[name] = value
  }
  return Object.keys(over).length ? { ...row, ...over } : row
}

const familyValue = (
  target: FamilyTarget,
  row: Values,
  entity: Values,
  name: string,
  applied: Applied,
): Value | undefined => {
  const facts = target.derived.fields[name]
  if (!facts) return undefined
  const parent = () => applied(target.parent.name, String(entity[target.derived.link]), facts.field)
  const child = () => applied(target.child.name, String(childKey(target, entity)), facts.field)
  switch (facts.of) {
    case 'parent':
      return parent()
    case 'child':
      return child()
    case 'own':
      return isSole(row) ? parent() : child()
    case 'inherited': {
      const own = child()
      return own !== undefined && own !== null ? own : parent()
    }
    case 'stock': {
      const holder = heldBy(facts, row)
      return holder === 'parent' ? parent() : holder === 'child' ? child() : undefined
    }
  }
}

/** The child's own key inside a family row's entity: the entry that is not the link. */
export const childKey = (target: FamilyTarget, entity: Values): Value =>
  Object.entries(entity).find(([name]) => name !== target.derived.link)?.[1] ?? null

const keyOf = (names: readonly string[], entity: Values): string => names.map((name) => String(entity[name])).join('\t')
