import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { without } from '../../src/engine/key-range.ts'
import { type Mirror, openMirror } from '../../src/mirror/index.ts'
import type { Resource } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import {
  begin,
  categories,
  folder,
  MIGRATIONS,
  page,
  product,
  products,
  variant,
  variants,
} from '../unit/mirror/fixture.ts'

/** A store's rows by id: a price, and the ids of the rows inside. */
const aStore = fc.dictionary(
  fc.integer({ min: 1, max: 30 }).map(String),
  fc.record({ price: fc.integer({ min: 1, max: 3 }), inner: fc.uniqueArray(fc.integer({ min: 1, max: 3 })) }),
  { maxKeys: 20 },
)
type Store = Readonly<Record<string, { readonly price: number; readonly inner: readonly number[] }>>

const bodyOf = (resource: Resource, id: number, { price, inner }: Store[string]) =>
  resource === products
    ? product(id, { price, variants: inner.map((at) => variant(id * 10 + at, id, { price })) })
    : { category_id: id, name: `C ${id}`, sort_order: price }

interface Way {
  readonly size: number
  readonly life: number
  /** Where each page comes among the others. */
  readonly order: readonly number[]
}

/** Pulls in pages of a size, in any order; the process dies after every `life` pages and goes on with what it finds. */
const pull = (open: () => Mirror, resource: Resource, store: Store, { size, life, order }: Way): Mirror => {
  const ids = Object.keys(store).map(Number)
  let mirror = open()
  let state = begin(mirror, resource)
  const children = resource === products ? [variants] : []
  const starts = Array.from({ length: Math.max(1, Math.ceil(ids.length / size)) }, (_none, at) => at * size)
  const shuffled = starts.toSorted((a, b) => (order[a / size] ?? 0) - (order[b / size] ?? 0))
  for (const [pages, start] of shuffled.entries()) {
    if (pages > 0 && pages % life === 0) {
      mirror.close()
      mirror = open()
      state = begin(mirror, resource)
      expect([state.cursor, state.open.length > 0]).toEqual([pages, true])
    }
    const some = ids.slice(start, start + size)
    const isLast = start + size >= ids.length
    const covers = { after: ids[start - 1] ?? null, upTo: isLast ? null : (some.at(-1) ?? null) }
    const rows = some.map((id) => ({ body: bodyOf(resource, id, store[id]!) }))
    const write = page([], { resource, children, rows, covers })
    state = mirror.savePage(state, write, { cursor: pages + 1, open: without(state.open, covers) }).pull
  }
  expect(state.open).toEqual([])
  mirror.remove(resource, mirror.missing(state), 'r1', '2026-03-01T12:00:00Z')
  mirror.endPull(state, { complete: true, expected: ids.length, watermark: null, at: '2026-03-01T12:00:00Z' })
  expect(state.counts.find((one) => one.resource === resource.name)?.rows).toBe(ids.length)
  return mirror
}

describe('after full pulls of a store that changes in between', () => {
  it.each([products, categories])(
    'the mirror of $name is the store, however the pages fall and whenever the process dies',
    (resource) => {
      const runs = fc.record({
        store: aStore,
        size: fc.integer({ min: 1, max: 7 }),
        life: fc.integer({ min: 1, max: 4 }),
        order: fc.array(fc.nat()),
      })
      fc.assert(
        fc.property(fc.array(runs, { minLength: 1, maxLength: 4 }), (pulls) => {
          const path = join(folder(), 'store.db')
          const open = () => openMirror({ path, catalog, migrations: MIGRATIONS })
          for (const { store, ...way } of pulls) {
            const mirror = pull(open, resource, store, way)
            const rows = [...mirror.lookup(resource, resource.key).all()].map(({ values }) => values)
            const held = Object.entries(store)
            if (resource === products) {
              expect(rows.map(({ id, price }) => [id, price])).toEqual(
                held.map(([id, row]) => [Number(id), `${row.price}`]),
              )
              const inside = held.flatMap(([id, { inner }]) => inner.map((at) => Number(id) * 10 + at))
              const mirrored = [...mirror.lookup(variants, ['id']).all()].map(({ entity }) => entity['id'])
              expect(mirrored).toEqual(inside.sort((a, b) => a - b))
            } else {
              expect(rows.map((row) => [row['category_id'], row['sort_order']])).toEqual(
                held.map(([id, { price }]) => [Number(id), price]),
              )
            }
            mirror.close()
          }
        }),
        { numRuns: 10 },
      )
    },
  )
})
