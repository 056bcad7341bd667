import { describe, expect, it } from 'vitest'
import type { OpenConflict } from '../../../../src/app/index.ts'
import { conflictsText, resolveText } from '../../../../src/cli/views/conflicts-text.ts'
import { screenOf } from '../../../../src/cli/views/screen.ts'
import type { ResolveReport } from '../../../../src/model/index.ts'
import { planOf } from '../../../support/cli-plan.ts'

const conflict = (facts: Partial<OpenConflict> = {}): OpenConflict => ({
  id: 'c3',
  store: 'main',
  sync: 'texts',
  key: { sku: 'TEA-1' },
  label: 'Assam',
  line: 2,
  field: 'name',
  base: null,
  inStore: { value: 'Assam', changed: '2026-03-01T12:00:00Z' },
  inSource: { value: 'Ceylon', changed: null },
  since: '2026-03-01T12:05:00Z',
  plan: 'p4',
  decision: null,
  next: 'skiff resolve c3 --take store',
  ...facts,
})
const decision = { take: 'source', value: 'Ceylon', by: 'ann', at: '2026-03-01T12:10:00Z', plan: 'p5' }

describe('the inbox', () => {
  it('is a table that a person can read, with what to type next', () => {
    const lines = conflictsText([conflict()], screenOf(120, false)).split('\n')
    expect(lines).toEqual([
      'id  sync   key          field  last agreed  store                     source  since (UTC)       plan',
      'c3  texts  TEA-1 Assam  name   none         Assam (2026-03-01 12:00)  Ceylon  2026-03-01 12:05  p4',
      'Next: skiff resolve c3 --take store, source, or another value',
    ])
  })

  it('tells what is decided and waits, and what carries it out, once for each plan', () => {
    const waiting = { decision, next: 'skiff push p5' }
    const text = conflictsText(
      [conflict(waiting), conflict({ ...waiting, id: 'c4' }), conflict({ id: 'c5' })],
      screenOf(120, false),
    )
    expect(text).toContain('c3 is decided: source, by ann at 2026-03-01 12:10 UTC, in plan p5\nc4 is decided: ')
    expect(text.match(/To carry out what is decided: skiff push p5/g)).toHaveLength(1)
    expect(text).toContain('Next: skiff resolve c5 --take')
  })

  it('says of a migration that carries it out that its options belong to it', () => {
    const text = conflictsText([conflict({ decision, next: 'skiff migrate old new' })], screenOf(120, false))
    expect(text).toContain('what is decided: skiff migrate old new, with the options that it was run with before')
  })

  it('keeps long values whole and takes no orders from them', () => {
    const value = `\u001b${'long text '.repeat(12)}`
    const text = conflictsText([conflict({ inStore: { value, changed: null } })], screenOf(100, false))
    expect(text).not.toContain('\u001b')
    expect(text.match(/\b(long|text)\b/g)).toHaveLength(24)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  it('says so when it is empty', () => {
    expect(conflictsText([], screenOf(80, false))).toBe('No conflict is open.')
  })
})

describe('a decision', () => {
  const report: Omit<ResolveReport, 'plan'> = {
    run: 'r9',
    state: 'complete',
    exit: 0,
    requests: { read: 0, write: 0, check: 0 },
    sync: 'texts',
    store: 'main',
    decided: [{ conflict: 'c3', key: { sku: 'TEA-1' }, field: 'name', value: 'Ceylon' }],
  }

  it('is told with the plan that carries it out', () => {
    const text = resolveText({ ...report, plan: planOf({ origin: 'resolve c3' }) }, screenOf(80, false))
    expect(text).toMatch(/^c3 TEA-1: name is to be Ceylon\n\nPlan p7 \(resolve c3\): sync prices/)
    expect(text).toMatch(/Next: skiff push p7$/)
  })

  it('is told where nothing has to be written', () => {
    expect(resolveText({ ...report, plan: null }, screenOf(80, false))).toBe(
      'c3 TEA-1: name is to be Ceylon\n\nNothing has to be written: both sides stay as they are, and 1 conflict is settled.',
    )
  })
})
