import { type Applied, type Family, placingFields, type Target, type WriteContext, withApplied } from '../diff/index.ts'
import type { Mirror, MirrorRow } from '../mirror/index.ts'
import { type Catalog, sameValue, type Value, type Values } from '../model/index.ts'
import type { StoreSide } from './context.ts'
import { keyOf } from './keep-written.ts'

/**
 * What we applied and no reading could confirm yet, as of a moment of reading. It stands in only where the mirror still shows the
 * value from before it: a third value is somebody's edit.
 */
export const appliedSince = (mirror: Mirror, catalog: Catalog, asOf: string): Applied => {
  const known = new Map<string, Value>()
  for (const { resource: name, key, field, value, before } of mirror.unsettled(asOf)) {
    const resource = catalog.resources.get(name)
    const held = resource && mirror.row(resource, keyOf(resource, key))?.[field]
    if (held !== undefined && sameValue(held, before)) known.set(`${name}\n${key}\n${field}`, value)
  }
  return (resource, key, field) => (known.size ? known.get(`${resource}\n${key}\n${field}`) : undefined)
}

/** Finds a target's row again by what names it in the store; with `only`, with just these fields. */
export const rowFinder = (
  mirror: Mirror,
  target: Target,
  only?: readonly string[],
): ((entity: Values) => MirrorRow | undefined) => {
  const names = target.kind === 'plain' ? target.resource.key : familyKey(target)
  const lookup = mirror.lookup(target.kind === 'plain' ? target.resource : target.derived, names, only)
  return (entity) => lookup.find(entity)[0]
}

/** A row with what we applied lately laid over it. */
export const currentValues = (target: Target, row: MirrorRow, fields: readonly string[], applied: Applied): Values =>
  withApplied(target, row.values, row.entity, fields, applied)

/** What deriving writes needs to know, read from the mirror. */
export const writeContext = (side: StoreSide, target: Target): WriteContext => {
  const cache = new Map<Value, Family | undefined>()
  const only = target.kind === 'plain' ? undefined : placingFields(target)
  const find = target.kind === 'plain' ? rowFinder(side.mirror, target) : undefined
  return {
    row: (entity) => find?.(entity)?.values,
    location: side.location,
    soleToChild: side.soleToChild,
    family: (parentKey) => {
      if (target.kind === 'plain' || !only) return undefined
      if (!cache.has(parentKey)) {
        const name = target.parent.key[0] ?? 'id'
        const parent = side.mirror.row(target.parent, { [name]: parentKey }, only.parent)
        cache.set(
          parentKey,
          parent && {
            parent,
            children: side.mirror.rowsWhere(target.child, target.derived.link, parentKey, only.children),
          },
        )
      }
      return cache.get(parentKey)
    },
  }
}

/** The fields that name a family's row: the parent's key by its link, and the child's own key. */
const familyKey = (target: Extract<Target, { kind: 'family' }>): readonly string[] => {
  const { derived, child } = target
  const named = Object.entries(derived.fields).filter(
    ([, facts]) => facts.of === 'child' && (facts.field === derived.link || facts.field === child.key[0]),
  )
  return named.map(([name]) => name)
}
