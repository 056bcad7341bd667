import { describe, expect, it } from 'vitest'
import { Table } from '../../../src/emulator/table.ts'
import { Timeline } from '../../../src/emulator/timeline.ts'

const setUp = () => {
  const time = { now: 1000 }
  const timeline = new Timeline(() => time.now)
  timeline.begin()
  const table = new Table<{ readonly id: number; readonly name: string }>(timeline, {
    firstId: 77,
    indexes: { name: (row) => row.name.toLowerCase() },
  })
  return { time, timeline, table }
}

describe('a table', () => {
  it('gives growing ids, never one twice', () => {
    const { table } = setUp()
    table.insert({ name: 'a' })
    table.insert({ id: 90, name: 'b' })
    table.delete(90)
    expect([table.insert({ name: 'c' }).id, table.list().map(({ id }) => id)]).toEqual([91, [77, 91]])
  })

  it('finds rows by an index as they change', () => {
    const { table } = setUp()
    table.insert({ name: 'Tote' })
    table.update(77, { name: 'Bag' })
    expect([table.where('name', 'tote').length, table.where('name', 'bag').length]).toEqual([0, 1])
  })

  it('shows what it held at a moment: changed, deleted and not yet there', () => {
    const { time, timeline, table } = setUp()
    table.insert({ name: 'old' })
    table.insert({ name: 'gone' })
    time.now = 2000
    table.update(77, { name: 'new' })
    table.delete(78)
    table.insert({ name: 'late' })
    const at = (moment: number) => timeline.reading(moment, () => table.list().map(({ name }) => name))
    expect([at(500), at(1000), at(1999), at(2000)]).toEqual([[], ['old', 'gone'], ['old', 'gone'], ['new', 'late']])
    expect(timeline.reading(1500, () => table.where('name', 'old').length)).toBe(1)
  })
})

describe('the timeline', () => {
  it('undoes everything of a piece of work that fails, but not what an inner piece that failed left standing', () => {
    const { timeline, table } = setUp()
    table.insert({ name: 'before' })
    const fail = (name: string) =>
      timeline.atomically(() => {
        table.insert({ name })
        throw new Error('no')
      })
    timeline.atomically(() => {
      table.update(77, { name: 'kept' })
      expect(() => fail('inner')).toThrow('no')
    })
    expect(() =>
      timeline.atomically(() => {
        table.delete(77)
        timeline.atomically(() => table.insert({ name: 'nested' }))
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(table.list().map(({ name }) => name)).toEqual(['kept'])
    expect(table.where('name', 'nested')).toEqual([])
  })

  it('lets what was put off happen in order, each at its own moment', () => {
    const { time, timeline } = setUp()
    const seen: number[] = []
    timeline.later(500, () => seen.push(timeline.now()))
    timeline.later(100, () => seen.push(timeline.now()))
    timeline.later(9000, () => seen.push(timeline.now()))
    time.now = 5000
    timeline.catchUp()
    expect([seen, timeline.now()]).toEqual([[1100, 1500], 5000])
  })
})
