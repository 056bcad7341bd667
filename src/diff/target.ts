import type {
  Catalog,
  Change,
  Derived,
  DerivedField,
  Field,
  PartFacts,
  Resource,
  Value,
  Values,
} from '../model/index.ts'
import { pick, refusal, UsageError } from '../model/index.ts'

/** What a sync compares with: a resource as it is, or a derived one with the two resources it is made of. */
export type Target = PlainTarget | FamilyTarget

export interface PlainTarget {
  readonly kind: 'plain'
  readonly name: string
  readonly resource: Resource
}

export interface FamilyTarget {
  readonly kind: 'family'
  readonly name: string
  readonly derived: Derived
  readonly parent: Resource
  readonly child: Resource
}

/** @throws {UsageError} when the catalog has no such resource. */
export const targetOf = (catalog: Catalog, name: string): Target => {
  const resource = catalog.resources.get(name)
  if (resource) return { kind: 'plain', name, resource }
  const derived = catalog.derived.get(name)
  const parent = derived && catalog.resources.get(derived.parent)
  const child = derived && catalog.resources.get(derived.child)
  if (derived && parent && child) return { kind: 'family', name, derived, parent, child }
  const known = [...catalog.derived.keys(), ...catalog.resources.keys()].join(', ')
  throw new UsageError(`no resource is called ${JSON.stringify(name)}`, { hint: `known: ${known}` })
}

/** What names the row of a change in a request: its own keys, and the rows that it belongs to where its key tells that. */
export const idOf = ({ resource }: PlainTarget, { entity, key }: Pick<Change, 'entity' | 'key'>): Values =>
  belongs(resource, key) ? { ...pick(key, above(resource, key)), ...entity } : entity

const above = ({ fields }: Resource, key: Values): readonly string[] =>
  Object.keys(key).filter((name) => fields[name]?.ref !== undefined)

/** Whether a key of a resource's rows says which row of another they belong to. */
export const belongs = (resource: Resource, key: Values): resource is Resource & { readonly part: PartFacts } =>
  resource.part !== undefined && resource.part.link in key

/** Resources whose mirror a target is read from. */
export const resourcesOf = (target: Target): readonly Resource[] =>
  target.kind === 'plain' ? [target.resource] : [target.parent, target.child]

/** Facts of a target's fields, by which cells are parsed and values compared. */
export const fieldsOf = (target: Target): Readonly<Record<string, Field>> => {
  if (target.kind === 'plain') return target.resource.fields
  const known = FIELDS.get(target)
  if (known) return known
  const fields = Object.fromEntries(
    Object.entries(target.derived.fields).map(([name, facts]) => [name, physicalField(target, facts)]),
  )
  FIELDS.set(target, fields)
  return fields
}

/** Asked for with every row. */
const FIELDS = new WeakMap<FamilyTarget, Readonly<Record<string, Field>>>()

/** Why a value cannot be written to a row of the target, as a reason that fits after the value; undefined when it can. */
export const refuse = (target: Target, row: Values, name: string, to: Value): string | undefined => {
  const field = fieldsOf(target)[name]
  if (!field) return `no field of ${target.name}`
  const reason = refusal(field, to)
  if (reason || target.kind === 'plain') return reason
  const facts = target.derived.fields[name]
  if (facts?.of === 'parent' && !isSole(row)) {
    return `held by the product, which has several variants; use resource ${JSON.stringify(target.parent.name)}`
  }
  if (facts?.of === 'stock' && heldBy(facts, row) === 'none') return 'its stock is not tracked in the store'
  return undefined
}

/** Whether the row is the sole child of its parent, so that it stands for the parent too. */
export const isSole = (row: Values): boolean => row['is_simple'] === true || row['is_simple'] === 1

export type StockField = Extract<DerivedField, { of: 'stock' }>

/** Who holds the stock of a row. */
export const heldBy = (facts: StockField, row: Values): 'parent' | 'child' | 'none' =>
  facts.heldBy[String(row[facts.tracking])] ?? 'none'

const physicalField = (target: FamilyTarget, facts: DerivedField): Field => {
  const field = (facts.of === 'child' ? target.child : target.parent).fields[facts.field]
  if (!field) throw new UsageError(`${target.name}: no field ${facts.field}`)
  return facts.readOnly ? { ...field, readOnly: true } : field
}
