import { beforeAll, describe, expect, it } from 'vitest'
import { INPUTS } from '../../proof/inputs/all.ts'
import { cutEverywhere } from '../../proof/inputs/cuts.ts'
import { openInputShop, type TakeFile } from '../../proof/inputs/shop.ts'

let take: TakeFile
beforeAll(async () => {
  take = await openInputShop()
})

describe('a file, read, planned and pushed', () => {
  it('is one of at least 300, each of another kind', () => {
    expect(INPUTS.length).toBeGreaterThanOrEqual(300)
    expect(new Set(INPUTS.map(({ title }) => title)).size).toBe(INPUTS.length)
  })

  it.each(INPUTS)('$title', async ({ says, writes, ...input }) => {
    expect(await take(input)).toEqual({ says, writes })
  })

  it('D10: cut at any byte, changes nothing in silence', async () => {
    const { tried, taken, faults } = await cutEverywhere(take)
    expect(faults).toEqual([])
    expect(tried).toBeGreaterThan(2048)
    // Whole rows, of which a fifth may be missing.
    expect(taken).toBeLessThan(50)
  })
})
