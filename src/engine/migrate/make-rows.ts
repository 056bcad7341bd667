import { type BaseField, type LostReference, movedValues } from '../../diff/index.ts'
import type { BaseRow, MirrorRow } from '../../mirror/index.ts'
import {
  type Change,
  canonical,
  chosenRows,
  type Field,
  isoTime,
  type LeftBehind,
  matchText,
  pick,
  type Resource,
  type SourceRow,
  stableJson,
  type Value,
  type Values,
} from '../../model/index.ts'
import { type Copy, type Creating, newValues } from './copies.ts'
import { CREATED } from './id-map.ts'
import { keepLinks } from './keep-links.ts'
import { labelOf } from './label.ts'
import { madeChanges } from './made-with.ts'
import { makeInner } from './make-inner.ts'
import { keyOf } from './match-rows.ts'
import { type Moving, standsFor } from './moving.ts'
import { GIVE_IT_ONE, nestedRows, whyHalf, whyWithoutInner } from './nested-rows.ts'
import { isRecent, type OldRow, oldRows, whyUnfit } from './old-rows.ts'
import { agreedToDiffer, leftOutFirst, ownFirst } from './own-first.ts'
import { type Pushed, pushRows } from './push-copy.ts'
import { keepStirred } from './stirred.ts'
import { isUnnamed, waitText } from './unnamed.ts'

/** A new row as a source says it, or why it cannot be said. */
export type Wish = Wished | { readonly old: OldRow; readonly waits: LeftBehind }

export interface Wished {
  readonly old: OldRow
  readonly row: SourceRow
}

/**
 * What is to be made of old rows that nothing stands for. A row waits whose key refers to one that is not there yet, or that needs such
 * a reference; one that it can do without is left out and set later.
 */
export const wishesOf = (moving: Moving, copy: Copy, fresh: readonly OldRow[]): readonly Wish[] => {
  const { create, resource } = copy
  if (!create) return []
  const { sorted } = resource.moves ?? {}
  const owners = ownFirst(moving, copy)
  const rank = ({ says }: OldRow): string => String(says[sorted ?? ''] ?? '')
  return fresh
    .filter((old) => isRecent(moving, resource, old))
    .toSorted((a, b) => (rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b))))
    .map((old, at) => wishOf(moving, copy, create, owners, old, at + 1))
}

const wishOf = (
  moving: Moving,
  { resource }: Copy,
  { key, fields }: Creating,
  owners: ReadonlySet<Value>,
  old: OldRow,
  line: number,
): Wish => {
  const { values, lost } = movedValues(resource.fields, fields, old.says, standsFor(moving))
  const missing = lost.find((one) => key.includes(one.field) || isNeeded(moving, resource, one))
  const label = labelOf(old.says)
  const left = { resource: resource.name, key: keyOf(resource, old.held), label }
  const reason = missing ? waitText(moving, missing) : whyUnfit(resource, old.says)
  if (reason !== undefined) return { old, waits: { ...left, reason } }
  const unsaid = chosenRows(moving.context.catalog, resource.name)?.nest.made
  if (unsaid !== undefined && (old.says[unsaid] ?? null) === null)
    return { old, waits: { ...left, reason: `it has no ${unsaid}; ${GIVE_IT_ONE}` } }
  const out = leftOutFirst(resource, owners, values)
  const isSet = (name: string) => name !== out && (!resource.fields[name]?.readOnly || resource.fields[name]?.atCreate)
  const set = Object.fromEntries(
    Object.entries({
      ...topOf(resource, values),
      ...newValues(moving.context.catalog, resource, values),
    }).filter(([name]) => isSet(name)),
  )
  const nested = nestedRows(moving, resource, old.held)
  const poor = whyWithoutInner(moving, resource, old.held, nested) ?? whyHalf(moving, resource, old.held)
  if (poor !== undefined) return { old, waits: { ...left, reason: poor } }
  const row: SourceRow = {
    line,
    key: pick(values, key),
    values: set,
    command: 'create',
    standsFor: left.key,
    ...(Object.keys(nested).length ? { nested } : {}),
  }
  return { old, row }
}

/** What every row at the top of a tree holds, for where the old store does not tell it. */
const topOf = ({ tree }: Resource, values: Values): Values => (tree && values[tree.parent] === 0 ? tree.top : {})

/** What only a create sets is waited for as long as there is something to wait for, or may be. */
const isNeeded = (moving: Moving, { fields }: Resource, { field, resource, key }: LostReference): boolean => {
  const { required, refBy, atCreate } = fields[field] ?? {}
  const referred = moving.context.catalog.resources.get(resource)
  const isThere = () => referred && moving.from.mirror.row(referred, { [referred.key[0] ?? 'id']: key }) !== undefined
  return required === true || refBy !== undefined || (atCreate === true && (isUnnamed(moving, resource) || !!isThere()))
}

/** Makes rows in the new store. What was made stands for its old row from then on, also where the answer came late. */
export const makeRows = async (moving: Moving, copy: Copy, wishes: readonly Wish[]): Promise<Pushed> => {
  const rows = wishes.flatMap((wish) => ('row' in wish ? [wish.row] : []))
  const { create, resource } = copy
  if (!create) return { plan: null, report: null }
  if (create.isInner && rows.length) return makeInner(moving, copy, wishes)
  return pushRows(moving, create.spec, `${resource.name} of ${moving.from.name}`, rows)
}

/**
 * Rows that a migration has made and that stand for nothing yet, because it ended before it could note that. The plan tells which old
 * row each was made for, whatever that says by now.
 */
export const noteMade = async (moving: Moving, copy: Copy, fresh: readonly OldRow[]): Promise<readonly OldRow[]> => {
  const { create, resource } = copy
  if (!create || !fresh.length) return fresh
  const { mirror } = moving.to
  const unnoted = unnotedOf(moving, resource, create)
  const byKey = mirror.lookup(resource, create.key)
  const left: OldRow[] = []
  const found: BaseRow[] = []
  const made = fresh.flatMap((old) => {
    const { change, known } = unnoted.get(keyOf(resource, old.held)) ?? {}
    const entity = known && (JSON.parse(known.entity) as Values)
    // An answer without rows told no key of its own; then it is found by what it is known by.
    const isTold = entity && resource.key.every((name) => name in entity)
    const there = entity && (isTold ? mirror.row(resource, entity) : soleRow(byKey.find(change?.key ?? {})))
    if (!known || !there || moving.map.isTaken(resource.name, pick(there, resource.key))) {
      left.push(old)
      return []
    }
    if (!isTold) found.push({ ...known, entity: stableJson(pick(there, resource.key)) })
    return [
      {
        old,
        values: there,
        how: CREATED,
        agreed: (field: string, value: Value) =>
          known.fields[field] ??
          agreedToDiffer(resource, field, value, old.says) ??
          unsetOf(resource.fields[field], value),
      },
    ]
  })
  await keepStirred(moving, resource, made)
  mirror.saveBase(create.spec.name, found, isoTime(moving.context.clock.now()))
  keepLinks(moving, copy, made)
  return left
}

/** Both sides began with what the store fills in where nothing was sent: what is there instead by now is somebody's edit. */
const unsetOf = (field: Field | undefined, value: Value): BaseField => {
  const begun = field?.fill === undefined ? value : canonical(field, field.fill)
  return { store: begun, source: begun }
}

const soleRow = ([row, other]: readonly MirrorRow[]): Values | undefined => (other ? undefined : row?.values)

/** The same of all old rows that nothing stands for, as they were read last. */
export const noteEarlier = async (moving: Moving, copy: Copy): Promise<void> => {
  const { create, resource } = copy
  if (!create || !unnotedOf(moving, resource, create).size) return
  const isOpen = ({ held }: OldRow): boolean => !moving.map.get(resource.name, keyOf(resource, held))
  await noteMade(moving, copy, [...oldRows(moving, resource)].filter(isOpen))
}

/** What was made and stands for nothing yet, by the old row that it was made for. */
const unnotedOf = (
  { map, to: { mirror } }: Moving,
  { name }: Resource,
  { spec }: Creating,
): ReadonlyMap<string, { readonly change: Change; readonly known: BaseRow }> => {
  const open = new Map<string, BaseRow>()
  for (const row of mirror.base(spec.name).all())
    if (!map.isTaken(name, JSON.parse(row.entity) as Values)) open.set(row.key, row)
  const made = new Map<string, { change: Change; known: BaseRow }>()
  if (!open.size) return made
  for (const change of madeChanges(mirror, spec.name)) {
    const key = matchText(change.key)
    const known = open.get(key)
    if (known) made.set(change.standsFor, { change, known })
    open.delete(key)
    if (!open.size) break
  }
  return made
}
