import { expect, it } from 'vitest'
import { cutLog } from '../../proof/killtest/wal-cuts.ts'

it('P3: a power cut leaves pages and cursor as they were at some moment, wherever the log ends', () => {
  const { cuts, states, faults } = cutLog()
  expect(faults).toEqual([])
  expect(cuts).toBeGreaterThan(444)
  expect(states).toBeGreaterThan(30)
})
