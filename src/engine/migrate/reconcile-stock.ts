import { type Derived, keyText, matchText, type ResourceMatch } from '../../model/index.ts'
import { type Between, stockField } from './copies.ts'
import { countedPairs, stockSpec } from './copy-stock.ts'
import type { DifferenceBook } from './difference-book.ts'
import { labelOf } from './label.ts'
import type { Moving } from './moving.ts'
import { type Places, placedPairs, placesSpec } from './stock-places.ts'

/** Compares the stock of rows that both stores count. */
export const reconcileStock = (
  moving: Moving,
  derived: Derived,
  between: Between,
  book: DifferenceBook,
): ResourceMatch => {
  const { field, spec } = stockSpec(derived, between)
  const base = moving.to.mirror.base(spec.name)
  let rows = 0
  for (const { old, there, from, key } of countedPairs(moving, derived)) {
    rows += 1
    const about = { resource: derived.name, key: { old: from, new: keyText(key) }, label: labelOf(old) }
    const agreed = base.get(matchText(key))?.fields
    book.compare(about, { [field]: old[field] ?? null }, there.values, (name) => agreed?.[name])
  }
  return matchOf(derived.name, rows, rows, book)
}

/** The same at the locations beside the default one. */
export const reconcilePlaces = (
  moving: Moving,
  places: Places,
  between: Between,
  book: DifferenceBook,
): ResourceMatch => {
  const { name } = places.items
  const { field } = stockField(places.derived)[1].writes
  const base = moving.to.mirror.base(placesSpec(places, between).name)
  const { pairs } = placedPairs(moving, places)
  let linked = 0
  for (const { old, there, from, key } of pairs) {
    const about = { resource: name, key: { old: from, new: there ? keyText(key) : null }, label: labelOf(old) }
    if (!there) {
      book.missing({ ...about, why: 'the location has no figure of it in the new store' })
      continue
    }
    linked += 1
    const agreed = base.get(matchText(key))?.fields
    book.compare(about, { [field]: old[field] ?? null }, there, (one) => agreed?.[one])
  }
  return matchOf(name, pairs.length, linked, book)
}

const matchOf = (resource: string, old: number, linked: number, book: DifferenceBook): ResourceMatch => {
  const { differs, agreed } = book.counts(resource)
  const counts = { created: 0, adopted: 0, onlyOld: old - linked, onlyNew: 0, compared: linked, differs, agreed }
  return { resource, old, new: linked, linked, ...counts }
}
