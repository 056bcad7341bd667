import { describe, expect, it } from 'vitest'
import { runMoveKills } from '../../proof/killtest/move-kills.ts'
import { seeded } from '../../src/model/index.ts'

describe('P1, P2: kill -9 of a migration', () => {
  it('at chance moments: the same command goes on, both stores hold the same, and nothing is there twice', async () => {
    const { kills, faults, writes } = await runMoveKills({ kills: 3, size: 2, reach: 5 }, seeded(23), () => {})
    expect([kills, faults]).toEqual([3, []])
    expect(writes).toBeGreaterThan(15)
  }, 120_000)
})
