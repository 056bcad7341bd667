import type { BaseRow } from '../../mirror/index.ts'
import { matchText, pick, type Resource, stableJson, type Value, type Values } from '../../model/index.ts'
import { type Copy, rowKey } from './copies.ts'
import type { Moving } from './moving.ts'

/**
 * Rows of the new store of which people there chose what stands for all of their pictures: both stores never agreed on the one that does.
 * To set it on another would take it from that one, so it is left out of what is made, and asked about of what is there.
 */
export const ownFirst = (moving: Moving, copy: Pick<Copy, 'resource' | 'update'>): ReadonlySet<Value> => {
  const { to, options } = moving
  const { resource, update } = copy
  const { sent, part } = resource
  const owners = new Set<Value>()
  if (!sent || !part || options.conflict === 'source') return owners
  const base = to.mirror.base(update.name)
  const isOverwritten = overwritten(moving, part.parent)
  const made = new Set(madeKeys(moving, resource.name).map((key) => stableJson(key)))
  for (const { values } of to.mirror.lookup(resource, resource.key).all()) {
    if (values[sent.first] !== true) continue
    const agreed = base.get(matchText(pick(values, rowKey(resource))))?.fields[sent.first]
    const owner = values[part.link] ?? null
    // Of pictures that were made, the store chooses one by itself where the one that was to be it is lacking.
    const isTheirs = made.has(stableJson(pick(values, resource.key))) && !agreed?.kept
    const isAgreed = agreed?.store === true && (agreed.source === true || isTheirs)
    if (!isAgreed && !isOverwritten(owner)) owners.add(owner)
  }
  return owners
}

/** Whether a row was there before, and is to take the old store's values. */
const overwritten = (moving: Moving, parent: string): ((key: Value) => boolean) => {
  if (moving.options.existing !== 'overwrite') return () => false
  const made = new Set(madeKeys(moving, parent).flatMap((key) => Object.values<Value>(key)))
  return (key) => !made.has(key)
}

const madeKeys = ({ map }: Moving, resource: string): readonly Values[] =>
  [...map.all(resource)].flatMap(([from, to]) => (map.isCreated(resource, from) ? [to] : []))

/** That none of the pictures that stand for old ones is the first of such rows is an edit of each of them. */
export const keptFirst = (
  { to }: Moving,
  { resource, update }: Copy,
  owners: ReadonlySet<Value>,
): readonly BaseRow[] => {
  const { sent, part } = resource
  if (!sent || !part || !owners.size) return []
  const base = to.mirror.base(update.name)
  return [...to.mirror.lookup(resource, resource.key).all()].flatMap(({ values }): BaseRow[] => {
    const key = matchText(pick(values, rowKey(resource)))
    const known = base.get(key)
    const agreed = known?.fields[sent.first]
    if (!known || !agreed || agreed.store !== false || agreed.kept || !owners.has(values[part.link] ?? null)) return []
    return [{ ...known, fields: { ...known.fields, [sent.first]: { ...agreed, kept: true } } }]
  })
}

/** The field that a new row leaves out, so that it does not take the place of the one that people chose. */
export const leftOutFirst = (
  { sent, part }: Resource,
  owners: ReadonlySet<Value>,
  values: Values,
): string | undefined => (part && owners.has(values[part.link] ?? null) ? sent?.first : undefined)

/** What both stores are taken to have agreed on in a field that a new row left out for that: to differ. */
export const agreedToDiffer = (
  { sent }: Resource,
  field: string,
  store: Value,
  says: Values,
): BaseRow['fields'][string] | undefined =>
  field === sent?.first ? { store, source: says[field] ?? null, kept: true } : undefined
