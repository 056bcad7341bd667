import { describe, expect, it } from 'vitest'
import { screenOf } from '../../../../src/cli/views/screen.ts'
import { verifyText } from '../../../../src/cli/views/verify-text.ts'
import type { DriftRow, VerifyReport } from '../../../../src/model/index.ts'

const screen = screenOf(80, false)

const row = (n: number): DriftRow => ({
  cause: 'mirror-stale',
  sync: 'prices',
  resource: 'skus',
  key: { sku: `S${n}` },
  label: 'A shirt with a very long name that no terminal has room for in one line',
  field: 'price',
  store: '12',
  mirror: '10',
})

const report = (facts: Partial<VerifyReport> = {}): VerifyReport => ({
  run: 'r4',
  state: 'complete',
  exit: 0,
  requests: { read: 3, write: 0, check: 1 },
  store: 'main',
  syncs: ['prices'],
  sampled: 20,
  of: 20,
  seed: null,
  drift: {},
  rows: [],
  unsettled: 0,
  mirror: { damage: null, altered: null, open: [] },
  notes: [],
  ...facts,
})

describe('the view of verify', () => {
  it('says in words that nothing differs', () => {
    const text = verifyText(report(), screen)
    expect(text).toContain('Verify of prices (store main): complete')
    expect(text).toContain('20 rows compared')
    expect(text).toContain('No drift: all sides agree.')
  })

  it('tells each cause with its meaning, its first rows and what to type, within the screen', () => {
    const rows = Array.from({ length: 14 }, (_, n) => row(n))
    const drifted = report({ state: 'partial', exit: 5, drift: { 'mirror-stale': 14 }, rows })
    const text = verifyText(drifted, screen)
    expect(text).toContain('mirror-stale (14): the store holds another value than the mirror')
    expect(text).toContain('Next: skiff pull')
    expect(text).toContain('and 2 more; --details shows all')
    expect(text).not.toContain('S13')
    expect(verifyText(drifted, screen, true)).toContain('S13')
    const table = text.split('\n').filter((line) => /^S\d/.test(line))
    expect(table).toHaveLength(12)
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('says how to draw the same sample again', () => {
    expect(verifyText(report({ sampled: 5, of: 100, seed: 20_515 }), screen)).toContain(
      '5 of 100 rows compared; the same ones again: --seed 20515',
    )
  })

  it('doubts a mirror that is damaged or whose journal was altered', () => {
    const text = verifyText(
      report({
        mirror: { damage: 'page 7 is lost', altered: 12, open: [{ plan: 'p3', change: 4, state: 'unknown' }] },
      }),
      screen,
    )
    expect(text).toContain('page 7 is lost')
    expect(text).toContain('entry 12')
    expect(text).toContain('p3 change 4')
  })
})
