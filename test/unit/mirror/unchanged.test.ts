import { describe, expect, it } from 'vitest'
import { catalog } from '../../../src/resources/index.ts'
import {
  AT,
  begin,
  customFields,
  EVERY_KEY,
  folder,
  look,
  mirrorAt,
  page,
  product,
  pulled,
  variant,
  variants,
} from './fixture.ts'

const LATER = { at: '2026-03-02T12:00:00Z', run: 'r2' }
const children = [variants, customFields]
const field = (id: number, value: string) => ({ id, name: 'Colour', value })
const whole = (price: number | null = null) =>
  product(1, { variants: [variant(11, 1, { price })], custom_fields: [field(21, 'red')] })
const VARIANTS = 'SELECT id, price, synced_at FROM variants ORDER BY id'

describe('a body that is the same as before', () => {
  it('is counted with the rows inside it, and writes none of them', () => {
    const mirror = mirrorAt()
    pulled(mirror, [whole()], { children })
    const { counts } = pulled(mirror, [whole()], { children, ...LATER })
    expect(counts.map(({ resource, rows, added, changed }) => [resource, rows, added, changed])).toEqual([
      ['products', 1, 0, 0],
      ['variants', 1, 0, 0],
      ['product_custom_fields', 1, 0, 0],
    ])
    expect(look(mirror, VARIANTS)).toEqual([{ id: 11, price: null, synced_at: AT }])
  })

  it('is still met, so nothing of it is missing', () => {
    const mirror = mirrorAt()
    pulled(mirror, [whole(), product(2)], { children })
    const { pull } = mirror.savePage(begin(mirror), page([whole()], { children, covers: EVERY_KEY, ...LATER }), {})
    expect(mirror.missing(pull)).toEqual([{ id: 2 }])
  })

  it('wins over what an echo wrote into a row inside it since', () => {
    const mirror = mirrorAt()
    pulled(mirror, [whole()], { children })
    mirror.saveRows(page([variant(11, 1, { price: 5 })], { resource: variants, ...LATER }))
    expect(look(mirror, VARIANTS)).toMatchObject([{ price: 5 }])
    pulled(mirror, [whole()], { children, ...LATER })
    expect(look(mirror, VARIANTS)).toMatchObject([{ price: null }])
  })

  it('wins over what an echo wrote into its own row since', () => {
    const mirror = mirrorAt()
    pulled(mirror, [whole()], { children })
    mirror.saveRows(page([product(1, { price: 99 })], LATER))
    pulled(mirror, [whole()], { children, ...LATER })
    expect(look(mirror, 'SELECT price FROM products')).toEqual([{ price: 10 }])
  })

  it('brings back a row inside it that was removed by itself', () => {
    const mirror = mirrorAt()
    pulled(mirror, [whole()], { children })
    mirror.remove(variants, [{ id: 11 }], 'r2', LATER.at)
    expect(look(mirror, VARIANTS)).toEqual([])
    pulled(mirror, [whole()], { children, ...LATER })
    expect(look(mirror, VARIANTS)).toMatchObject([{ id: 11 }])
  })

  it('is read again for rows that nobody asked for before', () => {
    const mirror = mirrorAt()
    pulled(mirror, [whole()], { children: [variants] })
    pulled(mirror, [whole()], { children, ...LATER })
    expect(look(mirror, 'SELECT value FROM product_custom_fields')).toEqual([{ value: 'red' }])
  })

  it('tells of an unreadable row inside it every time', () => {
    const mirror = mirrorAt()
    const sick = product(1, { variants: [variant(11, 1, { price: 'dear' })] })
    const write = () => mirror.savePage(begin(mirror), page([sick], { children: [variants] }), {}).bad
    expect(write()).toMatchObject([{ resource: 'variants', key: '11' }])
    expect(write()).toMatchObject([{ resource: 'variants', key: '11' }])
  })

  it('fills the table of rows inside it again after their definition changed', () => {
    const path = `${folder()}/store.db`
    const before = mirrorAt(path)
    pulled(before, [whole()], { children })
    before.close()
    const wider = { ...variants, fields: { ...variants.fields, colour: { kind: 'text' as const } } }
    const changed = { ...catalog, resources: new Map([...catalog.resources, ['variants', wider]]) }
    const mirror = mirrorAt(path, changed)
    expect(look(mirror, VARIANTS)).toEqual([])
    pulled(mirror, [whole()], { children: [wider, customFields], ...LATER })
    expect(look(mirror, VARIANTS)).toMatchObject([{ id: 11 }])
  })
})
