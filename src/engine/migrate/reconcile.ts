import {
  EXIT,
  isoTime,
  pick,
  type ReconcileReport,
  type Resource,
  type ResourceMatch,
  type StoreDifference,
} from '../../model/index.ts'
import type { Context } from '../context.ts'
import { requestsSince } from '../run.ts'
import { isToldAbove } from './adopt.ts'
import { type Between, betweenOf, copyOf, stockOf } from './copies.ts'
import { DifferenceBook } from './difference-book.ts'
import { labelOf } from './label.ts'
import { linkedRows } from './linked-rows.ts'
import { keyOf } from './match-rows.ts'
import { type MigrateOptions, openMove, type Stores } from './migrate.ts'
import { lostText, type Moving } from './moving.ts'
import { oldRows, whyItStays } from './old-rows.ts'
import { samplePictures } from './picture-sample.ts'
import { reconcilePlaces, reconcileStock } from './reconcile-stock.ts'
import { refusals } from './refusals.ts'
import { waitUntilSettled } from './settled.ts'
import { placesOf } from './stock-places.ts'

export interface ReconcileOptions extends MigrateOptions {
  /** Rows whose pictures are looked at, of each resource that has some. */
  readonly pictures: number
  /** The same seed takes the same ones. */
  readonly seed: number
}

/**
 * Compares two stores through the id map of their migration, after both were read from end to end: rows that only one has, every value
 * that the migration carries, stock, and a sample of the pictures themselves. Nothing is written to either.
 */
export const reconcile = async (
  context: Context,
  stores: Stores,
  options: ReconcileOptions,
): Promise<ReconcileReport> => {
  const { from, to, run } = stores
  const marks = { from: from.store.requests(), to: to.store.requests() }
  await waitUntilSettled(context, to)
  const { moving, resources, unread } = await openMove(context, stores, options, { full: true })
  const between = betweenOf(moving)
  const book = new DifferenceBook()
  for (const { resource, key, label, reason } of unread)
    book.missing({ resource, key: { old: key, new: null }, label, why: reason })
  const matches = resources.flatMap((resource) => {
    const places = placesOf(context.catalog, resource)
    return places
      ? [reconcilePlaces(moving, places, between, book)]
      : [matchOf(moving, resource, between, book), ...stockOfRows(moving, resource, between, book)]
  })
  const pictures = await samplePictures(moving, resources, options)
  const isEqual =
    matches.every(({ differs }) => differs === 0) && pictures.every(({ verdict }) => verdict !== 'differs')
  return {
    run,
    from: from.name,
    to: to.name,
    at: isoTime(context.clock.now()),
    resources: matches,
    differences: book.differences,
    agreed: book.agreed,
    refused: refusals(moving, resources),
    pictures,
    seed: options.seed,
    reads: requestsSince(from, marks.from),
    requests: requestsSince(to, marks.to),
    ...(isEqual ? { state: 'complete', exit: EXIT.done } : { state: 'partial', exit: EXIT.rows }),
  }
}

const matchOf = (moving: Moving, resource: Resource, between: Between, book: DifferenceBook): ResourceMatch => {
  const copy = copyOf(moving.context.catalog, resource, between)
  const counts = { old: 0, linked: 0, created: 0, compared: 0 }
  const about = (
    from: string,
    to: string | null,
    label: string | null,
  ): Omit<StoreDifference, 'field' | 'old' | 'new' | 'why'> => ({
    resource: resource.name,
    key: { old: from, new: to },
    label,
  })
  for (const old of oldRows(moving, resource)) {
    counts.old += 1
    const from = keyOf(resource, old.held)
    // What nobody can carry over, and what stays behind on purpose, with what belongs to it, was told before the copy, and is no difference.
    if (
      !resource.moves?.by.length ||
      moving.map.get(resource.name, from) ||
      whyItStays(moving, resource, old) ||
      isToldAbove(moving, copy, old)
    )
      continue
    book.missing({ ...about(from, null, labelOf(old.held)), why: 'nothing in the new store stands for it' })
  }
  for (const { old, from, to, there, says, lost, base } of linkedRows(moving, copy, true)) {
    const row = about(from, there ? keyOf(resource, to) : null, labelOf(old.held))
    if (!there) {
      book.missing({ ...row, why: 'what stood for it was taken out of the new store' })
      continue
    }
    counts.linked += 1
    if (moving.map.isCreated(resource.name, from)) counts.created += 1
    counts.compared += book.compare(row, says, there, base)
    for (const one of lost)
      book.differs({ ...row, field: one.field, old: one.key, new: there[one.field] ?? null, why: lostText(one) })
  }
  const { differs, agreed } = book.counts(resource.name)
  const { old, linked, created, compared } = counts
  const rows = moving.to.mirror.lookup(resource, resource.key)
  const isTaken = (values: Parameters<typeof pick>[0]) => moving.map.isTaken(resource.name, pick(values, resource.key))
  const onlyNew = [...rows.all()].filter(({ values }) => !isTaken(values)).length
  return {
    resource: resource.name,
    old,
    new: rows.count(),
    linked,
    created,
    adopted: linked - created,
    onlyOld: old - linked,
    onlyNew,
    compared,
    differs,
    agreed,
  }
}

/** Stock is read off the rows that show it, once those that it hangs on are compared. */
const stockOfRows = (
  moving: Moving,
  resource: Resource,
  between: Between,
  book: DifferenceBook,
): readonly ResourceMatch[] => {
  const derived = stockOf(moving.context.catalog, resource)
  return derived?.child === resource.name ? [reconcileStock(moving, derived, between, book)] : []
}
