import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runMigration } from '../../proof/simulation/migration/run-migration.ts'

const REGRESSIONS = [
  ...readFileSync(new URL('../../proof/simulation/regressions.txt', import.meta.url), 'utf8').matchAll(
    /^migration (\d+)$/gm,
  ),
].map(([, seed]) => Number(seed))

describe('the simulation of migrations', () => {
  it('finds no promise broken between 5 pairs of stores with faults, crashes and other people at work', async () => {
    for (let seed = 1; seed <= 5; seed += 1) expect((await runMigration(seed)).violations, `seed ${seed}`).toEqual([])
  })

  it.each(REGRESSIONS)('finds nothing any more in seed %i, which once found something', async (seed) => {
    expect((await runMigration(seed)).violations).toEqual([])
  })

  it('is the same run again for the same seed', async () => {
    for (const seed of [2]) expect((await runMigration(seed)).digest).toBe((await runMigration(seed)).digest)
  })
})
