import { canWrite } from '../../diff/index.ts'
import type { BaseRow, Mirror } from '../../mirror/index.ts'
import { type Catalog, matchText, pick, type Resource, sameValue, type Value, type Values } from '../../model/index.ts'
import { type Between, type Copy, rowKey, stockField, stockOf } from './copies.ts'
import { stockSpec } from './copy-stock.ts'
import type { Touched } from './leaners.ts'
import { type MadeOf, type MadeRow, type RowId, rowId } from './made-rows.ts'
import { placesOf, placesSpec } from './stock-places.ts'
import { takenParts } from './taken-parts.ts'

/**
 * Tells why a row that the migration made is not its own any more: it holds something else than when both stores last agreed, its stock
 * does, or what came inside it was taken out.
 */
export const touches = (
  mirror: Mirror,
  catalog: Catalog,
  copies: readonly Copy[],
  made: readonly MadeOf[],
  between: Between,
): Touched => {
  const byName = new Map(copies.map((copy) => [copy.resource.name, copy]))
  const robbed = new Map(made.flatMap((one) => takenOut(mirror, byName.get(one.resource.name), one)))
  const counted = new Map([
    ...copies.flatMap(({ resource }) => recounted(mirror, catalog, resource, between)),
    ...[...catalog.resources.values()].flatMap((resource) => recountedPlaces(mirror, catalog, resource, between)),
  ])
  return (row) => edited(mirror, byName.get(row.resource.name), row) ?? counted.get(row.id) ?? robbed.get(row.id)
}

const edited = (
  mirror: Mirror,
  copy: Copy | undefined,
  { id, root, resource, values }: MadeRow,
): string | undefined => {
  if (!copy || (id === root && !canWrite(resource, 'delete'))) return 'Skiff has no request that deletes it'
  const base = mirror.base(copy.update.name).get(matchText(pick(values, rowKey(resource))))
  if (!base) return 'nothing tells what it held when it was made'
  const field = Object.entries(base.fields).find(([name, agreed]) => isEdited(agreed, values[name] ?? null))
  return field && `${field[0]} was changed since`
}

/** A copy leaves an edit as it is, and both stores agree on it from then on; it is somebody's all the same. */
const isEdited = (agreed: BaseRow['fields'][string] | undefined, now: Value): boolean =>
  agreed !== undefined && (agreed.kept === true || !sameValue(agreed.store, now))

/** The rows that lost a part. */
const takenOut = (mirror: Mirror, copy: Copy | undefined, made: MadeOf): readonly (readonly [RowId, string])[] =>
  takenParts(mirror, copy, made).map(({ owner }) => [
    owner,
    `something of its ${made.resource.name} was taken out since`,
  ])

const recounted = (
  mirror: Mirror,
  catalog: Catalog,
  resource: Resource,
  between: Between,
): readonly (readonly [RowId, string])[] => {
  const { name } = resource
  const derived = stockOf(catalog, resource)
  if (derived?.child !== name) return []
  const { field, spec } = stockSpec(derived, between)
  const base = mirror.base(spec.name)
  const [key = ''] = Object.keys(spec.key)
  return [...mirror.lookup(derived, [key]).all()].flatMap(({ values }) => {
    const agreed = base.get(matchText(pick(values, [key])))?.fields[field]
    if (!isEdited(agreed, values[field] ?? null)) return []
    return [[rowId(name, pick(values, [key])), `${field} was changed since`] as const]
  })
}

/** The same at the locations beside the default one, told of the variant, or of the product that is counted as a whole. */
const recountedPlaces = (
  mirror: Mirror,
  catalog: Catalog,
  items: Resource,
  between: Between,
): readonly (readonly [RowId, string])[] => {
  const places = placesOf(catalog, items)
  if (!places) return []
  const { parent, child } = places.derived
  const { field, parentKey, childKey } = stockField(places.derived)[1].writes
  return [...mirror.base(placesSpec(places, between).name).all()].flatMap(({ entity, fields }) => {
    const key = JSON.parse(entity) as Values
    const row = mirror.row(items, key)
    if (!row || !isEdited(fields[field], row[field] ?? null)) return []
    const owner = key[childKey] ? rowId(child, pick(key, [childKey])) : rowId(parent, pick(key, [parentKey]))
    return [[owner, `${field} of ${items.name} was changed since`] as const]
  })
}
