import { type LostReference, movedValues } from '../../diff/index.ts'
import { keyText, type LeftBehind, linkTo, type Resource, says, type Values } from '../../model/index.ts'
import type { Copy } from './copies.ts'
import { CREATED } from './id-map.ts'
import { keepLinks } from './keep-links.ts'
import { creationsOf } from './made-with.ts'
import { aboutOf, type Found } from './match-rows.ts'
import { type Existing, type Moving, standsFor } from './moving.ts'
import { naturalKeys } from './natural-keys.ts'
import type { OldRow } from './old-rows.ts'

/** What became of rows that the new store had already. */
export interface Adopted {
  /** They stand for old ones from now on; those that came inside a row that was made do not count. */
  readonly adopted: number
  readonly left: readonly LeftBehind[]
}

/** Takes rows that are there for those of the old store, as the user chose. What came inside a row that was made always is. */
export const adopt = (moving: Moving, copy: Copy, found: readonly Found[]): Adopted => {
  const { existing } = moving.options
  const cameInside = insideTest(moving, copy)
  const inside: Found[] = []
  const others: Found[] = []
  for (const one of found) (cameInside(one) ? inside : others).push(one)
  stand(moving, copy, inside, 'overwrite', CREATED)
  if (existing === null || existing === 'refuse') {
    // What every store has is nothing that anybody put there.
    const isEverywhere = ({ to }: Found) => copy.resource.moves?.same?.includes(Number(Object.values(to)[0]))
    const given = isUnwritable(copy) ? others : others.filter(isEverywhere)
    stand(moving, copy, given, 'adopt')
    return {
      adopted: given.length,
      left: others.filter((one) => !given.includes(one)).map((one) => leftOf(copy, one, existing)),
    }
  }
  stand(moving, copy, others, existing)
  return { adopted: others.length, left: [] }
}

/** Whether no request ever writes such rows, so that nobody has to be asked what becomes of those that are there. */
export const isUnwritable = ({ create, fields }: Copy): boolean => !create && !fields.length

/** Whether the row that it belongs to was made for the old one's. */
export const isInside = (
  { map }: Pick<Moving, 'map'>,
  copy: Pick<Copy, 'resource'>,
  { old }: Pick<Found, 'old'>,
): boolean => {
  const owner = ownerOf(copy.resource, old)
  return owner !== undefined && map.isCreated(owner.resource, owner.key)
}

/**
 * Tells whether a row came with the one that it belongs to, which was made for the old one's, and not from somebody else since. Of what
 * an earlier run made, that is what the plan says that the request carried, and what the store makes by itself.
 */
const insideTest = (moving: Moving, copy: Copy): ((found: Found) => boolean) => {
  const { context, map, run, from } = moving
  const { resource, fields } = copy
  const parent = context.catalog.resources.get(parentOf(resource) ?? '')
  const nests = [...context.catalog.resources.values()].flatMap(({ api }) => api.create?.nest ?? [])
  const isNested = nests.some((nest) => [nest.resource, nest.values?.resource].includes(resource.name))
  const nest = parent?.api.create?.nest?.find((one) => [one.resource, one.values?.resource].includes(resource.name))
  const keys = naturalKeys(context.catalog, resource)
  const creation = creationsOf(moving, parentOf(resource) ?? '')
  const isCarried = (owner: Owner, { values }: Found): boolean => {
    const around = parent && from.mirror.row(parent, { [parent.key[0] ?? 'id']: owner.reference.key })
    if (nest?.resource !== resource.name || (nest.unless && around && says(around, nest.unless))) return true
    // A row without a choice stands for its parent itself, and comes from the store.
    if (nest.choices && !(values[nest.choices] as Values[] | null)?.length) return true
    const link = owner.reference.field
    const rows = creation(owner.key)?.nested?.[resource.name] ?? []
    return keys.some(({ text }) => {
      const there = text(values)
      return there !== undefined && rows.some((row) => text({ ...row, [link]: values[link] ?? null }) === there)
    })
  }
  return (found) => {
    const owner = ownerOf(resource, found.old)
    if (!owner || !map.isCreated(owner.resource, owner.key)) return false
    if (nest) return map.isCreatedBy(run, owner.resource, owner.key) || isCarried(owner, found)
    const carried = isNested || !resource.api.create ? [] : fields
    const told = movedValues(resource.fields, carried, found.old.says, standsFor(moving)).values
    return Object.entries(told).every(([field, value]) => says(found.values[field] ?? null, value))
  }
}

/** The row that it belongs to, where nothing stands for that one, or no longer. */
export const lostOwner = (
  { map }: Pick<Moving, 'map'>,
  copy: Pick<Copy, 'resource'>,
  old: OldRow,
): LostReference | undefined => {
  const owner = ownerOf(copy.resource, old)
  return owner && map.standing(owner.resource, owner.key) === undefined ? owner.reference : undefined
}

/** Whether it stays behind with the row that it belongs to, which is told. */
export const isToldAbove = (
  moving: Pick<Moving, 'map' | 'copied'>,
  copy: Pick<Copy, 'resource'>,
  old: OldRow,
): boolean => moving.copied.has(lostOwner(moving, copy, old)?.resource ?? '')

interface Owner {
  readonly resource: string
  readonly key: string
  readonly reference: LostReference
}

/** The old row that a row belongs to; undefined where it belongs to none. */
const ownerOf = (resource: Resource, { held }: Pick<OldRow, 'held'>): Owner | undefined => {
  const link = ownerField(resource)
  const parent = parentOf(resource)
  if (link === undefined || parent === undefined) return undefined
  const key = held[link] ?? null
  return { resource: parent, key: keyText({ key }), reference: { field: link, resource: parent, key } }
}

const parentOf = (resource: Resource): string | undefined => resource.fields[ownerField(resource) ?? '']?.ref

/** Its rows lie in those of another resource, are listed by them, or are pairs of which the first is one. */
const ownerField = (resource: Resource): string | undefined => {
  const { part, api, key, fields, unit } = resource
  const listed = api.list?.per === undefined ? undefined : linkTo(resource, api.list.per)
  const pair = key.length > 1 && key.every((name) => fields[name]?.ref) ? (unit ?? key[0]) : undefined
  return part?.link ?? api.within?.link ?? listed ?? pair
}

/**
 * To overwrite, both sides are taken to have agreed on what the new store holds, so what the old one says is a change. To adopt, they
 * are taken to have agreed to differ, so that only what changes from now on is carried over.
 */
const stand = (
  moving: Moving,
  copy: Copy,
  found: readonly Found[],
  existing: Exclude<Existing, 'refuse'>,
  as?: typeof CREATED,
): void => {
  const { fields } = copy.resource
  keepLinks(
    moving,
    copy,
    found.map(({ old, values, how }) => {
      const told = movedValues(fields, copy.fields, old.says, standsFor(moving)).values
      const agreed = existing === 'overwrite' ? {} : told
      return {
        old,
        values,
        how: as ?? how,
        agreed: (field, there) => ({ store: there, source: field in agreed ? (agreed[field] ?? null) : there }),
      }
    }),
  )
}

const leftOf = ({ resource }: Copy, { old, how }: Found, existing: Existing | null): LeftBehind => ({
  ...aboutOf(resource, old),
  reason:
    existing === null
      ? `the new store has it already (${how}); say --existing adopt, overwrite or refuse`
      : `the new store has it already (${how})`,
})
