import { expect, it } from 'vitest'
import { AT, mirrorAt } from './fixture.ts'

it('the pace of a store is nothing before it was measured, and the last one that was', () => {
  const mirror = mirrorAt()
  expect(mirror.pace()).toBeNull()
  mirror.savePace({ quota: null, windowMs: null, medianMs: 80, p95Ms: 300, requests: 4, at: AT })
  const later = { quota: 450, windowMs: 30_000, medianMs: 90, p95Ms: 200, requests: 40, at: AT }
  mirror.savePace(later)
  expect(mirror.pace()).toEqual(later)
})
