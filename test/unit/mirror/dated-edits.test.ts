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
})
