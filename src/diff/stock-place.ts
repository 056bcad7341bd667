import type { Values } from '../model/index.ts'
import { childKey } from './overlay.ts'
import { heldBy, type Target } from './target.ts'

/** The row of the store that holds a stock figure: its resource, its key as the change log writes it, and the field there. */
export interface StockPlace {
  readonly resource: string
  readonly key: string
  readonly field: string
}

/** Undefined where the stock of the row is not tracked. */
export const stockPlace = (target: Target, name: string, row: Values, entity: Values): StockPlace | undefined => {
  if (target.kind === 'plain') {
    return { resource: target.name, key: target.resource.key.map((one) => String(entity[one])).join('\t'), field: name }
  }
  const { derived, parent, child } = target
  const facts = derived.fields[name]
  if (facts?.of !== 'stock') return undefined
  const { field } = facts
  switch (heldBy(facts, row)) {
    case 'parent':
      return { resource: parent.name, key: String(entity[derived.link]), field }
    case 'child':
      return { resource: child.name, key: String(childKey(target, entity)), field }
    case 'none':
      return undefined
  }
}
