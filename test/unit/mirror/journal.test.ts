import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { JournalEntry, Mirror } from '../../../src/mirror/index.ts'
import { type ChangeState, MirrorError } from '../../../src/model/index.ts'
import { change, planOf } from '../../support/cli-plan.ts'
import { AT, folder, mirrorAt } from './fixture.ts'

const planned = (path?: string): Mirror => {
  const mirror = mirrorAt(path)
  mirror.savePlan(planOf({ plan: 'p1', changes: [change({ id: 1 }), change({ id: 2 }), change({ id: 3 })] }), 'open')
  return mirror
}

const step = (
  id: number,
  from: ChangeState,
  to: ChangeState,
  evidence: JournalEntry['evidence'] = {},
): JournalEntry => ({
  plan: 'p1',
  change: id,
  run: 'r1',
  at: AT,
  from,
  to,
  evidence,
})

describe('the journal', () => {
  it('moves a change and keeps the proof, in the order of the steps', () => {
    const mirror = planned()
    mirror.journal([step(1, 'planned', 'approved'), step(2, 'planned', 'approved')])
    mirror.journal([step(1, 'approved', 'intent')])
    mirror.journal([step(1, 'intent', 'applied', { status: 200, reason: 'as planned' })])
    expect([...mirror.changeStates('p1')]).toEqual([
      [1, { state: 'applied', reason: 'as planned' }],
      [2, { state: 'approved', reason: null }],
      [3, { state: 'planned', reason: null }],
    ])
    expect(mirror.journalOf('p1', 1).map(({ to }) => to)).toEqual(['approved', 'intent', 'applied'])
    expect(mirror.journalOf('p1')).toHaveLength(4)
    expect(mirror.journalOf('p1', 1).at(-1)).toEqual(
      step(1, 'intent', 'applied', { status: 200, reason: 'as planned' }),
    )
  })

  it('writes all steps of a call or none', () => {
    const mirror = planned()
    expect(() => mirror.journal([step(1, 'planned', 'approved'), step(2, 'intent', 'applied')])).toThrow(MirrorError)
    expect(mirror.journalOf('p1')).toEqual([])
    expect(mirror.changeStates('p1').get(1)?.state).toBe('planned')
  })

  it('never moves what has ended, nor back to the start', () => {
    const mirror = planned()
    mirror.journal([step(1, 'planned', 'skipped')])
    expect(() => mirror.journal([step(1, 'skipped', 'approved')])).toThrow(/change 1 of plan p1 is skipped/)
    mirror.journal([step(2, 'planned', 'approved')])
    expect(() => mirror.journal([step(2, 'approved', 'planned')])).toThrow(MirrorError)
    expect(() => mirror.journal([step(9, 'planned', 'approved')])).toThrow(/no change 9/)
  })

  it('lets a change whose fate was verified be tried again', () => {
    const mirror = planned()
    for (const [from, to] of [
      ['planned', 'approved'],
      ['approved', 'intent'],
      ['intent', 'unknown'],
      ['unknown', 'approved'],
    ] as const)
      mirror.journal([step(1, from, to)])
    expect(mirror.changeStates('p1').get(1)?.state).toBe('approved')
  })

  it('lists what was under way when a process died', () => {
    const path = join(folder(), 'store.db')
    const first = planned(path)
    first.journal([1, 2, 3].map((id) => step(id, 'planned', 'approved')))
    first.journal([step(2, 'approved', 'intent'), step(3, 'approved', 'intent')])
    first.journal([step(3, 'intent', 'unknown')])
    first.close()
    expect(mirrorAt(path).openChanges()).toEqual([
      { plan: 'p1', change: 2, state: 'intent' },
      { plan: 'p1', change: 3, state: 'unknown' },
    ])
  })

  it('refuses to be altered by any program', () => {
    const path = join(folder(), 'store.db')
    planned(path).journal([step(1, 'planned', 'approved')])
    const other = new Database(path)
    expect(() => other.exec("UPDATE sync_journal SET to_state = 'applied'")).toThrow(/only ever added/)
    expect(() => other.exec('DELETE FROM sync_journal')).toThrow(/only ever added/)
    expect(() => other.exec("UPDATE sync_change SET state = 'planned'")).toThrow(/only moves forward/)
    other.close()
  })

  it('shows where it was altered all the same', () => {
    const path = join(folder(), 'store.db')
    const mirror = planned(path)
    mirror.journal([1, 2, 3].map((id) => step(id, 'planned', 'approved', { reason: `r${id}` })))
    expect(mirror.brokenJournal()).toBeNull()
    const other = new Database(path)
    other.exec('DROP TRIGGER sync_journal_no_update')
    other.exec(`UPDATE sync_journal SET evidence = '{"reason":"another"}' WHERE seq = 2`)
    other.close()
    expect(mirror.brokenJournal()).toBe(2)
  })
})
