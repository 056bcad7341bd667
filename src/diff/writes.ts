import {
  type Change,
  type FieldChange,
  type Nested,
  pathFields,
  pick,
  type Resource,
  sameValue,
  updateRoute,
  type Value,
  type Values,
} from '../model/index.ts'
import { fewestRequests, type Placed } from './fewest-requests.ts'
import { childKey } from './overlay.ts'
import { type FamilyTarget, heldBy, idOf, type StockField, type Target } from './target.ts'

/** One row to be written: which resource, which row, which values, and for whose sake. */
export interface Write {
  readonly resource: string
  /** For a create, what the request names the new row by, and what it belongs to; empty where the store does that. */
  readonly id: Values
  readonly set: Values
  /** Of a create: rows made with it. */
  readonly nested?: Nested
  /** The created row that this one follows: its key goes into `link`. */
  readonly awaits?: { readonly change: number; readonly key: string; readonly link: string }
  /** The entity that one request at a time may touch. */
  readonly unit: string
  /** Ids of the changes that it carries out, wholly or in part. */
  readonly changes: readonly number[]
  /** Which field of which change each set value stands for. */
  readonly parts: readonly Part[]
  readonly verb: 'create' | 'update' | 'delete'
  /** For people: what it goes without, and why. */
  readonly lacks?: string
}

export interface Part {
  readonly change: number
  /** Field of the change, and its name in `set`. */
  readonly field: string
  readonly name: string
}

/** The rows of a family as the store holds them: those of their fields that say where a value is written. */
export interface Family {
  readonly parent: Values
  readonly children: readonly Values[]
}

export interface WriteContext {
  /** A row of a plain target as the store holds it, by its key; undefined when it is gone. */
  row(entity: Values): Values | undefined
  /** The parent and all its children, by the parent's key; undefined when it is gone. */
  family(parentKey: Value): Family | undefined
  /** Location that stock is written to. */
  readonly location: Value
  /** The store opted into writing prices of simple products to their base variant, 50 to a request. */
  readonly soleToChild: boolean
}

export interface Derivation {
  readonly writes: readonly Write[]
  /** Changes that cannot be carried out as they stand, and why; each once. */
  readonly impossible: readonly { readonly change: number; readonly field: string; readonly reason: string }[]
  /** Remarks on fields by change, for the plan. */
  readonly notes: ReadonlyMap<number, Readonly<Record<string, string>>>
}

/** The rows to write for some changes of a target. A create whose row is named is made already, and only what follows it is left. */
export const deriveWrites = (target: Target, changes: readonly Change[], context: WriteContext): Derivation =>
  target.kind === 'plain' ? plainWrites(target, changes, context) : familyWrites(target, changes, context)

/** The fields of a family's rows that say where its values are written. */
export const placingFields = ({
  derived,
  parent,
  child,
}: FamilyTarget): { readonly [K in keyof Family]: readonly string[] } => {
  const facts = Object.values(derived.fields)
  const inherited = facts.flatMap(({ of, field }) => (of === 'inherited' ? [field] : []))
  const stock = facts.flatMap((one) => (one.of === 'stock' ? [one] : []))
  return {
    parent: [...parent.key, derived.sole, ...inherited, ...stock.map(({ tracking }) => tracking)],
    children: [...child.key, derived.link, ...inherited, ...stock.map(({ writes }) => writes.parentKey)],
  }
}

const plainWrites = (
  target: Extract<Target, { kind: 'plain' }>,
  changes: readonly Change[],
  context: WriteContext,
): Derivation => {
  const unit = target.resource.unit ?? target.resource.key[0] ?? 'id'
  const writes = changes.flatMap((change): Write[] => {
    const following = followWrites(target, change)
    if (change.action === 'create' && change.entity[unit] !== undefined) return following
    const verb = change.action === 'create' ? 'create' : change.action === 'remove' ? 'delete' : 'update'
    const named = idOf(target, change)
    const id = {
      ...named,
      ...(verb === 'create'
        ? namesOfNew(target.resource, change.key)
        : whereItLies(target.resource, change, named, context)),
    }
    const write: Write = {
      resource: target.name,
      id,
      set: valuesOf(change.fields),
      ...(change.nested ? { nested: change.nested } : {}),
      unit: String(id[unit] ?? (verb === 'create' ? `new ${change.id}` : Object.values(id)[0])),
      changes: [change.id],
      parts: change.fields.map(({ field }) => ({ change: change.id, field, name: field })),
      verb,
    }
    return [write, ...following]
  })
  const impossible = changes.flatMap((change) => {
    const [first] = change.fields
    const fixed = fixedField(target.resource, change)
    if (fixed) return [{ change: change.id, field: fixed, reason: NEVER_AGAIN }]
    const lacking = first ? lackingFor(target.resource, change, context) : []
    const reason = `the API changes it only in rows that hold ${lacking.join(' and ')}; delete the row and make it again`
    return first && lacking.length ? [{ change: change.id, field: first.field, reason }] : []
  })
  return { writes, impossible, notes: new Map() }
}

const NEVER_AGAIN = 'the API sets it in new rows only; delete the row and make it again'

/** The first field of a change that no route of changes carries. */
const fixedField = ({ api }: Resource, { action, fields }: Change): string | undefined =>
  action === 'update' && api.update ? fields.find(({ field }) => !updateRoute(api, [field]))?.field : undefined

/** Fields without a value in a row, without which the store does not take a change of it. */
const lackingFor = (
  { api }: Resource,
  { action, entity, fields }: Change,
  context: WriteContext,
): readonly string[] => {
  const names = fields.map(({ field }) => field)
  const route = action === 'create' ? undefined : updateRoute(api, names)
  if (!route?.needs) return []
  const row = context.row(entity)
  return row ? route.needs.filter((name) => (row[name] ?? null) === null) : []
}

/** What a request that makes a row names it by, where that is not left to the store: the list it goes to, and what tells it there. */
const namesOfNew = ({ api: { create } }: Resource, key: Values): Values => {
  if (!create) return {}
  const { names, path } = create
  const inBody = 'always' in names ? [...names.always, ...names.oneOf] : names
  return Object.fromEntries(
    [...pathFields(path), ...inBody].flatMap((name) => (name in key ? [[name, key[name] ?? null]] : [])),
  )
}

/** What the path of a request names beside the row itself, where the key of the change does not tell it. */
const whereItLies = (
  { api }: Resource,
  { action, entity, fields }: Change,
  id: Values,
  context: WriteContext,
): Values => {
  const names = fields.map(({ field }) => field)
  const route = action === 'remove' ? api.delete : updateRoute(api, names)
  const lacking = pathFields(route?.path ?? '').filter((name) => !(name in id) && !names.includes(name))
  return lacking.length ? pick(context.row(entity) ?? {}, lacking) : {}
}

/** What is made once a created row is there. Until then nobody knows the key that it is made with. */
const followWrites = (
  { resource }: Extract<Target, { kind: 'plain' }>,
  { id, entity, follow = {} }: Change,
): Write[] => {
  const made = resource.api.create?.follow
  const [key = 'id'] = resource.key
  const parent = entity[key]
  return !made
    ? []
    : (follow[made.resource] ?? []).map((row) => ({
        resource: made.resource,
        id: {},
        set: { ...row, ...(parent === undefined ? {} : { [made.link]: parent }) },
        awaits: { change: id, key, link: made.link },
        unit: parent === undefined ? `new ${id}` : String(parent),
        changes: [id],
        parts: [],
        verb: 'create',
      }))
}

const familyWrites = (target: FamilyTarget, changes: readonly Change[], context: WriteContext): Derivation => {
  const writes = new Map<
    string,
    { write: Omit<Write, 'set' | 'changes' | 'parts'>; set: Record<string, Value>; wishes: Wish[] }
  >()
  const impossible: { change: number; field: string; reason: string }[] = []
  const notes = new Map<number, Record<string, string>>()

  const pending: Pending[] = []
  const add = ({ placed, unit, change, field }: Pending) => {
    const { resource, id, field: name, value } = placed
    const key = `${resource}\t${Object.values(id).join('\t')}`
    const entry = writes.get(key) ?? {
      write: { resource, id, unit: String(unit), verb: 'update' as const },
      set: {},
      wishes: [],
    }
    entry.set[name] = value
    entry.wishes.push({ change, field, name, value })
    writes.set(key, entry)
  }

  for (const [parentKey, rows] of byParent(target, changes)) {
    const family = context.family(parentKey)
    if (!family) {
      for (const change of rows)
        for (const { field } of change.fields)
          impossible.push({ change: change.id, field, reason: 'gone from the store' })
      continue
    }
    const together = followed(target, family, rows)
    for (const change of rows) {
      for (const fieldChange of change.fields) {
        const outcome = place(target, family, together, change, fieldChange, context)
        if ('reason' in outcome)
          impossible.push({ change: change.id, field: fieldChange.field, reason: outcome.reason })
        else {
          for (const placed of outcome.to) {
            const or = outcome.or ? { or: outcome.or } : {}
            pending.push({ placed, ...or, unit: parentKey, change: change.id, field: fieldChange.field })
          }
          if (outcome.note) notes.set(change.id, { ...notes.get(change.id), [fieldChange.field]: outcome.note })
        }
      }
    }
  }
  for (const one of fewestRequests(target, pending)) add(one)
  // None of several different wishes for one place is the right one.
  for (const { write, wishes } of writes.values()) {
    const disputed = new Set(
      wishes
        .filter(({ name, value }) => wishes.some((other) => other.name === name && !sameValue(other.value, value)))
        .map(({ name }) => name),
    )
    const reason = `rows that share one ${write.resource} row want different values`
    for (const { change, field, name } of wishes) if (disputed.has(name)) impossible.push({ change, field, reason })
  }
  return {
    writes: [...writes.values()].map(({ write, set, wishes }) => ({
      ...write,
      set,
      changes: [...new Set(wishes.map(({ change }) => change))],
      parts: wishes.map(({ change, field, name }) => ({ change, field, name })),
    })),
    impossible: [...new Map(impossible.reverse().map((one) => [one.change, one])).values()].reverse(),
    notes,
  }
}

interface Wish extends Part {
  readonly value: Value
}

/** A value at its place, with the row of the plan that asks for it. */
interface Pending {
  readonly placed: Placed
  readonly or?: Placed
  readonly unit: Value
  readonly change: number
  readonly field: string
}

/** Where a value goes; `or` is the place that means the same, should it cost less. */
type Placement =
  | { readonly to: readonly Placed[]; readonly or?: Placed; readonly note?: string }
  | { readonly reason: string }

/** Remark on a value that all variants share, and that is therefore written to their product. */
export const WRITTEN_ONCE = 'all variants: product written once'

/** Where one field of one row goes. */
const place = (
  target: FamilyTarget,
  family: Family,
  together: ReadonlyMap<string, Value>,
  change: Change,
  { field: name, to }: FieldChange,
  context: WriteContext,
): Placement => {
  const facts = target.derived.fields[name]
  const own = family.children.find((child) =>
    sameValue(child[childField(target)] ?? null, childKey(target, change.entity)),
  )
  if (!facts || !own) return { reason: 'gone from the store' }
  const sole = sameValue(family.parent[target.derived.sole] ?? null, own[childField(target)] ?? null)
  const parentKey = target.parent.key[0] ?? 'id'
  const onParent = (value: Value): Placed => ({
    resource: target.parent.name,
    id: { [parentKey]: family.parent[parentKey] ?? null },
    field: facts.field,
    value,
  })
  const onChild = (value: Value): Placed => ({
    resource: target.child.name,
    id: {
      [childField(target)]: own[childField(target)] ?? null,
      [target.derived.link]: own[target.derived.link] ?? null,
    },
    field: facts.field,
    value,
  })

  switch (facts.of) {
    case 'child':
      return { to: [onChild(to)] }
    case 'parent':
      return sole
        ? { to: [onParent(to)] }
        : { reason: `held by the product; use resource ${JSON.stringify(target.parent.name)}` }
    case 'own':
      return { to: [sole ? onParent(to) : onChild(to)] }
    case 'stock':
      return placeStock(facts, own, own[childField(target)] ?? null, family, context, to)
    case 'inherited': {
      const ownValue = own[facts.field] ?? null
      const parentValue = family.parent[facts.field] ?? null
      if (sole) {
        if (to === null) {
          const cleared = [
            ...(ownValue === null ? [] : [onChild(null)]),
            ...(parentValue === null ? [] : [onParent(null)]),
          ]
          return { to: cleared }
        }
        if (ownValue !== null) return { to: [onChild(to)] }
        return context.soleToChild ? { to: [onChild(to)], or: onParent(to) } : { to: [onParent(to)] }
      }
      if (together.has(name)) return { to: [onParent(to)], note: WRITTEN_ONCE }
      if (to === null && parentValue !== null) {
        return {
          reason: `the product has its own ${name}; clear it there (resource ${JSON.stringify(target.parent.name)})`,
        }
      }
      return { to: [onChild(to)], ...(ownValue === null && to !== null ? { note: 'breaks inheritance' } : {}) }
    }
  }
}

const placeStock = (
  facts: StockField,
  own: Values,
  ownKey: Value,
  family: Family,
  context: WriteContext,
  to: Value,
): Placement => {
  const holder = heldBy(facts, family.parent)
  if (holder === 'none') return { reason: 'its stock is not tracked in the store' }
  const { resource, field, parentKey, childKey: childName, location } = facts.writes
  const id = {
    [location]: context.location,
    [childName]: holder === 'child' ? ownKey : null,
    [parentKey]: own[parentKey] ?? null,
  }
  return { to: [{ resource, id, field, value: to }] }
}

/** Fields that every child inherits and that all of them are to get the same new value of: the parent's is written once. */
const followed = (target: FamilyTarget, family: Family, rows: readonly Change[]): ReadonlyMap<string, Value> => {
  const byChild = new Map(rows.map((row) => [String(childKey(target, row.entity)), row]))
  const planned = family.children.map((child) => byChild.get(String(child[childField(target)]))?.fields)
  const together = new Map<string, Value>()
  for (const { field: name, to } of planned[0] ?? []) {
    const facts = target.derived.fields[name]
    if (facts?.of !== 'inherited') continue
    const inherits = family.children.every((child) => (child[facts.field] ?? null) === null)
    const agree = planned.every((fields) => fields?.some((one) => one.field === name && sameValue(one.to, to)))
    if (inherits && agree) together.set(name, to)
  }
  return together
}

const byParent = (target: FamilyTarget, changes: readonly Change[]): Map<Value, Change[]> => {
  const groups = new Map<Value, Change[]>()
  for (const change of changes) {
    const key = change.entity[target.derived.link] ?? null
    groups.set(key, [...(groups.get(key) ?? []), change])
  }
  return groups
}

const childField = (target: FamilyTarget): string => target.child.key[0] ?? 'id'

const valuesOf = (fields: readonly FieldChange[]): Record<string, Value> =>
  Object.fromEntries(fields.map(({ field, to }) => [field, to]))
