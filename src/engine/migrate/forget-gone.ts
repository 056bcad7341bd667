import type { Mirror } from '../../mirror/index.ts'
import { type Catalog, matchText, type Resource, stableJson, type Values } from '../../model/index.ts'
import { type Between, type Copy, stockField, stockOf } from './copies.ts'
import { stockSpec } from './copy-stock.ts'
import { madeRows } from './made-rows.ts'
import { placesOf, placesSpec } from './stock-places.ts'
import { takenParts } from './taken-parts.ts'

/**
 * Drops what is known of made rows that the new store has no more: what they stood for, and what was agreed on them. That of a part which
 * somebody took out of a row stays with the row: it tells the next undo that the row is not the migration's own.
 */
export const forgetGone = (
  mirror: Mirror,
  catalog: Catalog,
  { hash }: { readonly hash: string },
  copies: readonly Copy[],
  between: Between,
): void => {
  const made = madeRows(
    mirror,
    hash,
    copies.map(({ resource }) => resource),
  )
  const here = new Set(made.flatMap(({ rows }) => rows.map(({ id }) => id)))
  for (const one of made) {
    const { resource } = one
    const copy = copies.find((each) => each.resource === resource)
    const lasting = new Set(
      takenParts(mirror, copy, one).flatMap(({ owner, entity }) => (here.has(owner) ? [entity] : [])),
    )
    const gone = one.gone.filter(({ to }) => !lasting.has(stableJson(to)))
    if (!copy || !gone.length) continue
    const entities = new Set(gone.map(({ to }) => stableJson(to)))
    mirror.atOnce(() => {
      for (const { name } of [copy.update, ...(copy.create ? [copy.create.spec] : [])])
        mirror.dropBase(name, keysOf(mirror, name, entities))
      const derived = stockOf(catalog, resource)
      if (derived?.child === resource.name) {
        const { spec } = stockSpec(derived, between)
        const [name = ''] = Object.keys(spec.key)
        mirror.dropBase(
          spec.name,
          gone.map(({ to }) => matchText({ [name]: Object.values<Values[string]>(to)[0] ?? null })),
        )
      }
      forgetPlaces(mirror, catalog, resource, between, gone)
      mirror.dropLinks(
        hash,
        resource.name,
        gone.map(({ from }) => from),
      )
    })
  }
}

/** What was agreed on the stock of products at the locations beside the default one. */
const forgetPlaces = (
  mirror: Mirror,
  catalog: Catalog,
  { name: resource }: Resource,
  between: Between,
  gone: readonly { readonly to: Values }[],
): void => {
  for (const items of catalog.resources.values()) {
    const places = placesOf(catalog, items)
    if (places?.derived.parent !== resource) continue
    const { parentKey } = stockField(places.derived)[1].writes
    const keys = new Set(gone.map(({ to }) => Object.values<Values[string]>(to)[0]))
    const { name } = placesSpec(places, between)
    const base = [...mirror.base(name).all()].filter(({ entity }) => keys.has(JSON.parse(entity)[parentKey]))
    mirror.dropBase(
      name,
      base.map(({ key }) => key),
    )
  }
}

const keysOf = (mirror: Mirror, sync: string, entities: ReadonlySet<string>): readonly string[] =>
  [...mirror.base(sync).all()].flatMap(({ key, entity }) => (entities.has(entity) ? [key] : []))
