import { describe, expect, it } from 'vitest'
import { rehearsalText } from '../../../../src/cli/views/rehearsal-text.ts'
import { screenOf } from '../../../../src/cli/views/screen.ts'
import type { RehearsalReport } from '../../../../src/model/index.ts'

const screen = screenOf(90, false)

const report = (facts: Partial<RehearsalReport> = {}): RehearsalReport => ({
  run: 'r5',
  state: 'complete',
  exit: 0,
  requests: { read: 0, write: 0, check: 0 },
  plan: 'p7',
  sync: 'prices',
  store: 'main',
  counts: { applied: 12, skipped: 0, failed: 0, held: 0 },
  rows: [],
  predicted: {
    requests: { read: 0, write: 3, check: 2 },
    seconds: 4.2,
    endpoints: [{ endpoint: 'PUT /v3/catalog/variants', requests: 3 }],
    quota: 150,
    windowMs: 30_000,
    quotaUsed: 0.033,
    medianMs: 200,
    p95Ms: 800,
    isLearned: true,
  },
  unseen: ['edits made in the store since 2026-03-02T09:00:00Z'],
  ...facts,
})

describe('the view of a rehearsal', () => {
  it('says that it is a prediction, what a push would take, and what it cannot see', () => {
    const text = rehearsalText(report(), screen)
    expect(text).toContain('A prediction. Nothing was sent, and nothing was written.')
    expect(text).toContain('12 applied')
    expect(text).toContain('5 requests in about 4.2 s: 3 write, 2 check')
    expect(text).toContain('PUT /v3/catalog/variants: 3')
    expect(text).toContain('3.3 % of the quota of 150 requests in 30 s')
    expect(text).toContain('It cannot see:\n  - edits made in the store since')
    expect(text).toContain('Next: skiff push p7')
  })

  it('lists the rows that would not be applied, with the store’s words, and why the push would stop', () => {
    const rows = [
      { id: 1, key: { sku: 'A' }, state: 'failed', reason: 'price: must be between 0 and 9999999999' },
    ] as const
    const error = { code: 'blocked', message: 'breaker: the push stopped', where: null, hint: 'look at these' }
    const text = rehearsalText(report({ exit: 4, state: 'blocked', rows, error }), screen)
    expect(text).toContain('must be between 0 and 9999999999')
    expect(text).toContain('Stopped: breaker: the push stopped')
    expect(text).toContain('skiff plan prices')
  })
})
