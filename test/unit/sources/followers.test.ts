import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { followers } from '../../../src/sources/followers.ts'
import type { Family, Followers, MappedRecord } from '../../../src/sources/group.ts'

/** Columns: name, parent, option, choice. */
const BY: Followers = {
  kind: 'followers',
  at: 1,
  column: 'Parent',
  names: [{ prefix: '', at: 0 }],
  options: [{ nameAt: 2, name: null, column: 'Choice', at: 3 }],
}

const families = async (records: readonly MappedRecord[], batch = 2): Promise<Family[]> => {
  const found: Family[] = []
  const batches = async function* () {
    for (let start = 0; start < records.length; start += batch) yield records.slice(start, start + batch)
  }
  for await (const family of followers(BY, 'feed.csv', batches())) found.push(family)
  return found
}

const record = (line: number, ...cells: string[]): MappedRecord => ({ line, cells, fault: null })

describe('rows that name their parent', () => {
  it('are the same families in whatever order they stand', async () => {
    const shop = fc
      .array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 })
      .map((counts) =>
        counts.flatMap((count, parent) => [
          [`p${parent}`, '', 'Size', ''],
          ...Array.from({ length: count }, (_one, at) => [`c${parent}${at}`, `P${parent}`, 'Size', String(at)]),
        ]),
      )
    const asText = (all: readonly Family[]) =>
      all
        .map(({ first, members, misfit }) => [
          first.cells[0],
          members.map(({ cells, choices }) => `${cells[0]} ${choices.map(({ label }) => label)}`).sort(),
          misfit,
        ])
        .sort()
    await fc.assert(
      fc.asyncProperty(
        shop.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
        async ([rows, shuffled]) => {
          const lines = (all: readonly string[][]) => all.map((cells, at) => record(at + 2, ...cells))
          expect(asText(await families(lines(shuffled), 3))).toEqual(asText(await families(lines(rows))))
        },
      ),
    )
  })

  it('are refused one by one where their parent is no row', async () => {
    const [first] = await families([record(2, 'c', 'nobody', 'Size', 'S')])
    expect(first?.misfit).toMatchObject({ line: 2, column: 'Parent', value: 'nobody' })
  })

  it('spoil their family where one of them cannot be read, chooses nothing or chooses otherwise', async () => {
    const parent = record(2, 'p', '', '', '')
    const good = record(3, 'a', 'p', 'Size', 'S')
    const misfitOf = async (other: MappedRecord) => (await families([parent, good, other]))[0]?.misfit
    expect(await misfitOf(record(4, 'b', 'p', 'Size', 'M'))).toBeNull()
    expect(await misfitOf({ ...record(4, 'b', 'p', 'Size', 'M'), fault: 'ragged' })).toMatchObject({ reason: 'ragged' })
    expect(await misfitOf(record(4, 'b', 'p', 'Color', 'Red'))).toMatchObject({ line: 4, value: 'Color' })
    expect(await misfitOf(record(4, 'b', 'p', '', ''))).toMatchObject({
      line: 4,
      reason: expect.stringContaining('names what'),
    })
  })

  it('tells all records of a family, the parent first', async () => {
    const found = await families([
      record(2, 'a', 'p', 'Size', 'S'),
      record(3, 'p', '', '', ''),
      record(4, 'q', '', '', ''),
    ])
    expect(found.map(({ records }) => records.map(({ line }) => line))).toEqual([[3, 2], [4]])
  })
})
