import { describe, expect, it } from 'vitest'
import { AT, mirrorAt } from './fixture.ts'

const LATER = '2026-03-01T13:00:00Z'
const both = (value: string) => ({ store: value, source: value })

describe('the base', () => {
  it('is merged field by field and kept apart by sync', () => {
    const mirror = mirrorAt()
    mirror.saveBase('prices', [{ key: 'a', entity: 'e1', fields: { price: both('1'), name: both('A') } }], AT)
    mirror.saveBase('prices', [{ key: 'a', entity: 'e1', fields: { price: { store: '2', source: null } } }], LATER)
    expect(mirror.base('prices').get('a')).toEqual({
      key: 'a',
      entity: 'e1',
      fields: { price: { store: '2', source: null }, name: both('A') },
    })
    expect(mirror.base('texts').get('a')).toBeUndefined()
    expect([mirror.base('prices').count(), mirror.base('texts').count()]).toEqual([1, 0])
  })

  it('of another entity is not merged with what was agreed on the one before', () => {
    const mirror = mirrorAt()
    mirror.saveBase('prices', [{ key: 'a', entity: 'e1', fields: { price: both('1'), name: both('A') } }], AT)
    mirror.saveBase('prices', [{ key: 'a', entity: 'e2', fields: { price: both('2') } }], LATER)
    expect(mirror.base('prices').get('a')).toEqual({ key: 'a', entity: 'e2', fields: { price: both('2') } })
  })

  it('is read as a whole in key order, while it is written', () => {
    const mirror = mirrorAt()
    const keys = Array.from({ length: 2300 }, (_, at) => `k${String(at).padStart(5, '0')}`)
    const rows = keys.map((key) => ({ key, entity: key, fields: { price: both('1') } }))
    mirror.saveBase('prices', rows.toReversed(), AT)
    const seen: string[] = []
    for (const { key } of mirror.base('prices').all()) {
      seen.push(key)
      if (seen.length === 1) mirror.dropBase('prices', ['k02000'])
    }
    expect(seen).toEqual(keys.filter((key) => key !== 'k02000'))
  })

  it('takes an empty key like any other', () => {
    const mirror = mirrorAt()
    mirror.saveBase('prices', [{ key: '', entity: 'e', fields: {} }], AT)
    expect([...mirror.base('prices').all()]).toHaveLength(1)
  })
})

describe('snapshots', () => {
  const record = (rows: number, accepted: boolean) => ({
    sync: 'prices',
    at: AT,
    accepted,
    rows,
    rejected: 1,
    matched: 2,
    sha256: 'abc',
    modified: null,
    columns: null,
    config: null,
    origin: 'feed.csv',
  })

  it('are remembered, and the last accepted one is known', () => {
    const mirror = mirrorAt()
    expect(mirror.acceptedSnapshot('prices')).toBeNull()
    mirror.saveSnapshot(record(10, true))
    mirror.saveSnapshot(record(11, true))
    mirror.saveSnapshot(record(2, false))
    expect(mirror.acceptedSnapshot('prices')).toEqual(record(11, true))
    expect(mirror.acceptedSnapshot('texts')).toBeNull()
  })
})

describe('values of our own writing', () => {
  const written = { resource: 'skus', key: 'a', field: 'price', value: '1', before: '0', appliedAt: AT, until: LATER }

  it('are unsettled for readings up to their time, and forgotten when told', () => {
    const mirror = mirrorAt()
    mirror.saveUnsettled([written, { ...written, field: 'name', value: null }])
    expect(mirror.unsettled(AT)).toEqual([{ ...written, field: 'name', value: null }, written])
    expect(mirror.unsettled(LATER)).toEqual([])
    mirror.dropUnsettled([{ resource: 'skus', key: 'a', field: 'name' }])
    expect(mirror.unsettled(AT)).toEqual([written])
  })

  it('are replaced by the next writing of the same field', () => {
    const mirror = mirrorAt()
    mirror.saveUnsettled([written])
    mirror.saveUnsettled([{ ...written, value: ['2'], until: '2026-03-01T14:00:00Z' }])
    expect(mirror.unsettled(LATER)).toMatchObject([{ value: ['2'] }])
  })
})
