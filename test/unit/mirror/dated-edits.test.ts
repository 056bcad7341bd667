import { describe, expect, it } from 'vitest'
import { AT, begin, EVERY_KEY, mirrorAt, page, product, pulled, variant, variants } from './fixture.ts'

const MONDAY = '2026-03-02T08:00:00Z'
const TUESDAY = '2026-03-03T08:00:00Z'
const children = [variants]
type Mirror = ReturnType<typeof mirrorAt>

const body = (date: string, facts: { price?: number; upc?: string; name?: string }) =>
  product(1, {
    date_modified: date,
    ...(facts.name && { name: facts.name }),
    variants: [variant(11, 1, { price: facts.price ?? 5, upc: facts.upc ?? '' }), variant(12, 1)],
  })

const again = (mirror: Mirror, one: ReturnType<typeof body>) =>
  mirror.savePage(begin(mirror), page([one], { children, covers: EVERY_KEY, at: TUESDAY, run: 'r2' }), {})

const opened = (): Mirror => {
  const mirror = mirrorAt()
  pulled(mirror, [body(MONDAY, {})], { children })
  return mirror
}

describe('an edit of a row inside another', () => {
  it('is remembered as dated when the other has a new date and nothing else is new', () => {
    const mirror = opened()
    again(mirror, body(TUESDAY, { price: 6 }))
    expect(mirror.datedEdits('variants')).toEqual([{ field: 'price', dated: 1, undated: 0, at: TUESDAY }])
  })

  it('is remembered as undated when the other has the same date', () => {
    const mirror = opened()
    again(mirror, body(MONDAY, { price: 6, upc: '123' }))
    again(mirror, body(MONDAY, { price: 7, upc: '123' }))
    expect(mirror.datedEdits('variants')).toEqual([
      { field: 'price', dated: 0, undated: 2, at: TUESDAY },
      { field: 'upc', dated: 0, undated: 1, at: TUESDAY },
    ])
  })

  it.each([
    ['the other was edited itself', body(TUESDAY, { price: 6, name: 'New' })],
    ['two fields were edited', body(TUESDAY, { price: 6, upc: '123' })],
    ['nothing was', body(TUESDAY, {})],
  ])('teaches nothing of dates where %s', (_case, one) => {
    const mirror = opened()
    again(mirror, one)
    expect(mirror.datedEdits('variants')).toEqual([])
  })

  it('teaches nothing when it is our own, saved from an answer', () => {
    const mirror = opened()
    mirror.saveRows(page([body(MONDAY, { price: 6 })], { children, at: AT }))
    expect(mirror.datedEdits('variants')).toEqual([])
  })

  it.each([
    ['what was edited was written by us', 'variants', '11'],
    ['we wrote to another row inside the same', 'variants', '12'],
    ['we wrote to the other', 'products', '1'],
  ])('is not remembered as dated where %s, and no reading has shown that yet', (_case, resource, key) => {
    const mirror = opened()
    const written = { resource, key, field: 'cost_price', value: '6', before: null, appliedAt: AT, until: AT }
    mirror.saveUnsettled([written])
    again(mirror, body(TUESDAY, { price: 6 }))
    expect(mirror.datedEdits('variants')).toEqual([])
    mirror.dropUnsettled([written])
    again(mirror, body('2026-03-04T08:00:00Z', { price: 7 }))
    expect(mirror.datedEdits('variants')).toMatchObject([{ field: 'price', dated: 1 }])
  })

  it('is not remembered as dated by a pull of what has a new date', () => {
    const mirror = opened()
    mirror.savePage(
      begin(mirror, undefined, false, MONDAY),
      page([body(TUESDAY, { price: 6 })], { children, covers: EVERY_KEY, at: TUESDAY, run: 'r2' }),
      {},
    )
    expect(mirror.datedEdits('variants')).toEqual([])
  })
})
