import type { Catalog, DerivedField, Field } from '../../model/index.ts'

/** A field that a sync can name: its facts, whether it can be written, and the store's own fields that a write of it touches. */
export interface TargetField {
  readonly field: Field
  readonly readOnly: boolean
  /** `products.price`, `variants.price` */
  readonly touches: readonly string[]
}

export type TargetFields = ReadonlyMap<string, TargetField>

/** The fields of a resource or a derived one, by name. */
export const targetFields = (catalog: Catalog, resource: string): TargetFields => {
  const derived = catalog.derived.get(resource)
  const found = new Map<string, TargetField>()
  for (const [name, field] of Object.entries(catalog.resources.get(resource)?.fields ?? {})) {
    found.set(name, { field, readOnly: field.readOnly === true, touches: [`${resource}.${name}`] })
  }
  for (const [name, field] of Object.entries(derived?.fields ?? {})) {
    const homes = homesOf(field, derived?.parent ?? '', derived?.child ?? '')
    const facts = homes
      .map(([home, inner]) => catalog.resources.get(home)?.fields[inner])
      .find((one) => one !== undefined)
    if (!facts) continue
    const readOnly = field.readOnly === true || facts.readOnly === true
    found.set(name, { field: facts, readOnly, touches: homes.map((home) => home.join('.')) })
  }
  return found
}

/** Names of those that a sync can write. */
export const writableNames = (fields: TargetFields): string[] =>
  [...fields].filter(([, { readOnly }]) => !readOnly).map(([name]) => name)

/** Fields that may name a row of it. */
export const keyFields = (catalog: Catalog, resource: string): readonly string[] => {
  const plain = catalog.resources.get(resource)
  const match = plain?.match ?? catalog.derived.get(resource)?.match ?? []
  return [...new Set([...match, ...(plain?.key ?? [])])]
}

/** Resources that must have been pulled for it. */
export const pulledFor = (catalog: Catalog, resource: string): readonly string[] => {
  const derived = catalog.derived.get(resource)
  return derived ? [derived.parent, derived.child] : [resource]
}

const homesOf = (field: DerivedField, parent: string, child: string): [resource: string, field: string][] => {
  const inParent: [string, string] = [parent, field.field]
  const inChild: [string, string] = [child, field.field]
  switch (field.of) {
    case 'parent':
      return [inParent]
    case 'child':
      return [inChild]
    case 'stock':
      return [inParent, inChild, [field.writes.resource, field.writes.field]]
    default:
      return [inParent, inChild]
  }
}
