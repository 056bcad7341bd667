import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deepestFirst, type Leaner, staying } from '../../../../src/engine/migrate/leaners.ts'
import { type MadeRow, rowId } from '../../../../src/engine/migrate/made-rows.ts'
import type { Resource } from '../../../../src/model/index.ts'
import { catalog } from '../../../../src/resources/index.ts'

const categories = catalog.resources.get('categories') as Resource

const made = (id: number, parent = 0): MadeRow => {
  const to = { category_id: id }
  const own = rowId('categories', to)
  return { id: own, root: own, resource: categories, from: String(id), to, values: { ...to, parent_id: parent } }
}

const leaner = (root: MadeRow, ...others: readonly MadeRow[]): Leaner => ({
  root: root.id,
  with: others.map(({ id }) => id),
  text: 'leans',
})

describe('rows that the undo of a migration leaves', () => {
  it('are those that somebody touched, and whatever those lean on, however far', () => {
    const [top, middle, touched, other] = [made(1), made(2, 1), made(3, 2), made(4)]
    const stays = staying([top, middle, touched, other], [leaner(top, middle), leaner(middle, touched)], (row) =>
      row === touched ? 'edited' : undefined,
    )
    expect([...stays]).toEqual([
      [touched.id, 'edited'],
      [middle.id, 'leans'],
      [top.id, 'leans'],
    ])
  })

  it('are those that a row of somebody else leans on', () => {
    const [alone, leant] = [made(1), made(2)]
    expect([...staying([alone, leant], [leaner(leant)], () => undefined).keys()]).toEqual([leant.id])
  })

  it('hold nothing that goes and that one of them leans on', () => {
    const graph = fc.record({
      touched: fc.uniqueArray(fc.nat(9)),
      leans: fc.array(fc.tuple(fc.nat(9), fc.nat(9))),
    })
    fc.assert(
      fc.property(graph, ({ touched, leans }) => {
        const rows = Array.from({ length: 10 }, (_none, at) => made(at + 1))
        const at = (index: number): MadeRow => rows[index] as MadeRow
        const leaners = leans.map(([on, by]) => leaner(at(on), at(by)))
        const stays = staying(rows, leaners, (row) => (touched.includes(rows.indexOf(row)) ? 'edited' : undefined))
        for (const index of touched) expect(stays.has(at(index).id)).toBe(true)
        for (const [on, by] of leans) if (stays.has(at(by).id)) expect(stays.has(at(on).id)).toBe(true)
      }),
    )
  })
})

describe('rows of a tree that go', () => {
  it('come in groups, each before the group with what is above it', () => {
    const rows = [made(1), made(2, 1), made(3, 2), made(4), made(5, 4), made(6, 99)]
    const groups = deepestFirst(categories.tree, rows).map((group) => group.map(({ from }) => from))
    expect(groups).toEqual([['3'], ['2', '5'], ['1', '4', '6']])
  })
})
