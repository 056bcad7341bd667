import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Mirror, Retention } from '../../../src/mirror/index.ts'
import { type ChangeState, isoTime } from '../../../src/model/index.ts'
import { change, planOf } from '../../support/cli-plan.ts'
import { folder, look, mirrorAt, product, pulled } from './fixture.ts'

const NOW = Date.parse('2026-03-02T09:00:00Z')
const ago = (days: number): string => isoTime(NOW - days * 86_400_000)

const EVERYTHING: Retention = {
  changeLog: null,
  journal: null,
  plans: null,
  runs: null,
  snapshots: null,
  conflicts: null,
}

const planAt = (mirror: Mirror, plan: string, days: number, sync = 's'): void =>
  mirror.savePlan(planOf({ plan, sync, created: ago(days), changes: [change({ id: 1 }), change({ id: 2 })] }), 'open')

const pushed = (
  mirror: Mirror,
  plan: string,
  run: string,
  days: number,
  ends: readonly ChangeState[] = ['applied', 'applied'],
): void => {
  mirror.setPlanState(plan, 'approved')
  ends.forEach((end, index) => {
    const row = { plan, change: index + 1, run, at: ago(days), evidence: {} }
    mirror.journal([{ ...row, from: 'planned', to: 'approved' }])
    mirror.journal([{ ...row, from: 'approved', to: 'intent' }])
    if (end !== 'intent') mirror.journal([{ ...row, from: 'intent', to: end }])
  })
  mirror.setPlanState(plan, 'pushed')
}

const runAt = (mirror: Mirror, run: string, days: number): void =>
  mirror.saveRun({
    run,
    verb: 'sync',
    what: 's',
    started: ago(days),
    finished: ago(days),
    state: 'complete',
    exit: 0,
    report: null,
  })

/** Three pushed plans, 500, 450 and 10 days old, with their runs. */
const threePushes = (path = join(folder(), 'store.db')): Mirror => {
  const mirror = mirrorAt(path)
  for (const [index, days] of [500, 450, 10].entries()) {
    planAt(mirror, `p${index + 1}`, days)
    runAt(mirror, `r${index + 1}`, days)
    pushed(mirror, `p${index + 1}`, `r${index + 1}`, days)
  }
  return mirror
}

const runsIn = (mirror: Mirror): unknown[] =>
  look<{ run: string }>(mirror, 'SELECT DISTINCT run FROM sync_journal ORDER BY seq').map(({ run }) => run)

const plansIn = (mirror: Mirror): unknown[] => mirror.plans(100).map(({ plan }) => plan.plan)

describe('history by its age', () => {
  it('is kept for ever where no age is given', () => {
    const mirror = threePushes()
    expect(mirror.prune(EVERYTHING, NOW)).toBe(0)
    expect(mirror.prunedUntil()).toBeNull()
  })

  it('loses the beginning of the journal, and what is left is still proven by its chain', () => {
    const mirror = threePushes()
    expect(mirror.prune({ ...EVERYTHING, journal: 400 }, NOW)).toBe(12)
    expect(runsIn(mirror)).toEqual(['r3'])
    expect(mirror.prunedUntil()).toBe(ago(450))
    expect(mirror.brokenJournal()).toBeNull()
    planAt(mirror, 'p4', 0)
    pushed(mirror, 'p4', 'r4', 0)
    expect(mirror.brokenJournal()).toBeNull()
    expect(mirror.prune({ ...EVERYTHING, journal: 5 }, NOW)).toBe(6)
    expect([runsIn(mirror), mirror.brokenJournal()]).toEqual([['r4'], null])
  })

  it('may lose the whole journal, and the next entry goes on from its last one', () => {
    const path = join(folder(), 'store.db')
    const mirror = threePushes(path)
    mirror.prune({ ...EVERYTHING, journal: 1 }, NOW)
    expect(runsIn(mirror)).toEqual([])
    planAt(mirror, 'p4', 0)
    pushed(mirror, 'p4', 'r4', 0)
    expect(mirror.brokenJournal()).toBeNull()
    const other = new Database(path)
    other.exec(`DROP TRIGGER sync_journal_anchor_moved; UPDATE sync_journal_anchor SET sha = 'x'`)
    other.close()
    expect(mirror.brokenJournal()).toBe(19)
  })

  it('keeps a run whole, because it is undone as a whole', () => {
    const mirror = mirrorAt()
    planAt(mirror, 'p1', 401)
    pushed(mirror, 'p1', 'r1', 401, ['applied'])
    const late = { plan: 'p1', change: 2, run: 'r1', at: ago(399), evidence: {} }
    mirror.journal([{ ...late, from: 'planned', to: 'approved' }])
    expect(mirror.prune({ ...EVERYTHING, journal: 400 }, NOW)).toBe(0)
    expect(mirror.prune({ ...EVERYTHING, journal: 398 }, NOW)).toBe(4)
  })

  it('keeps the journal from the first change on whose outcome is not known', () => {
    const mirror = threePushes()
    planAt(mirror, 'p4', 420)
    pushed(mirror, 'p4', 'r4', 420, ['intent'])
    mirror.prune({ ...EVERYTHING, journal: 1, plans: 1 }, NOW)
    expect(runsIn(mirror)).toEqual(['r4'])
    expect(plansIn(mirror)).toEqual(['p4'])
    expect(mirror.openChanges()).toHaveLength(1)
  })

  it('cannot be dropped by any program from the middle, nor the anchor be moved to where nothing was', () => {
    const path = join(folder(), 'store.db')
    const mirror = threePushes(path)
    mirror.prune({ ...EVERYTHING, journal: 460 }, NOW)
    const other = new Database(path)
    expect(() => other.exec('DELETE FROM sync_journal WHERE seq = 8')).toThrow(/only ever added/)
    expect(() => other.exec("UPDATE sync_journal_anchor SET seq = 8, sha = 'x'")).toThrow(/moves forward to an entry/)
    expect(() => other.exec("UPDATE sync_journal_anchor SET seq = 1, sha = 'x'")).toThrow(/moves forward/)
    expect(() => other.exec('DELETE FROM sync_journal_anchor')).toThrow(/stays/)
    other.close()
    const fresh = new Database(threePushes(join(folder(), 'fresh.db')).path)
    expect(() => fresh.exec("INSERT INTO sync_journal_anchor VALUES (1, 99, 'x', 'now')")).toThrow(/is an entry/)
    fresh.close()
  })

  it('shows when more than its beginning is gone', () => {
    const path = join(folder(), 'store.db')
    const mirror = threePushes(path)
    const other = new Database(path)
    other.exec('DROP TRIGGER sync_journal_no_delete; DELETE FROM sync_journal WHERE seq <= 2')
    other.close()
    expect(mirror.brokenJournal()).toBe(3)
  })

  it('loses plans that the journal does not know, but never the newest of a sync nor its newest pushed one', () => {
    const mirror = threePushes()
    for (const [plan, days] of [
      ['p4', 300],
      ['p5', 200],
      ['p6', 100],
    ] as const)
      planAt(mirror, plan, days)
    planAt(mirror, 'p7', 400, 'another')
    expect(mirror.prune({ ...EVERYTHING, plans: 90 }, NOW)).toBe(2)
    expect(plansIn(mirror)).toEqual(['p7', 'p6', 'p3', 'p2', 'p1'])
    mirror.prune({ ...EVERYTHING, journal: 1, plans: 1 }, NOW)
    expect(plansIn(mirror)).toEqual(['p7', 'p6', 'p3'])
    expect(mirror.wasPushed('s')).toBe(true)
    expect(mirror.nextPlanId()).toBe('p8')
  })

  it('keeps the records of runs that the journal still knows, and the newest, from which the next number follows', () => {
    const mirror = threePushes()
    mirror.prune({ ...EVERYTHING, journal: 470, runs: 1 }, NOW)
    expect(mirror.runs(9).map(({ run }) => run)).toEqual(['r3', 'r2'])
    mirror.prune({ ...EVERYTHING, journal: 1, runs: 1 }, NOW)
    expect(mirror.runs(9).map(({ run }) => run)).toEqual(['r3'])
    expect(mirror.nextRunId()).toBe('r4')
  })

  it('loses old entries of the change log, old snapshots and settled conflicts', () => {
    const mirror = mirrorAt()
    pulled(mirror, [product(1)], { at: ago(600) })
    pulled(mirror, [product(1, { price: 11 })], { at: ago(500) })
    pulled(mirror, [product(1, { price: 12 })], { at: ago(5) })
    const snapshot = {
      sync: 's',
      rows: 1,
      rejected: 0,
      matched: 1,
      sha256: 'x',
      modified: null,
      origin: 'f',
      columns: null,
      config: null,
    }
    for (const [days, accepted] of [
      [500, true],
      [450, true],
      [440, false],
    ] as const)
      mirror.saveSnapshot({ ...snapshot, at: ago(days), accepted })
    const conflict = { sync: 's', resource: 'r', entity: {}, label: null, line: 1, base: 1, store: 2, source: 3 }
    const rows = ['a', 'b'].map((field) => ({
      ...conflict,
      key: { k: '1' },
      field,
      storeAt: null,
      sourceAt: null,
      plan: 'p1',
    }))
    mirror.saveConflicts('s', rows, [], ago(600))
    mirror.saveConflicts('s', rows.slice(0, 1), [], ago(500))
    mirror.prune({ ...EVERYTHING, changeLog: 400, snapshots: 400, conflicts: 400 }, NOW)
    expect(look(mirror, 'SELECT field, at FROM sync_change_log')).toEqual([{ field: 'price', at: ago(5) }])
    expect(look(mirror, 'SELECT at FROM sync_snapshot')).toEqual([{ at: ago(450) }])
    expect(mirror.conflicts('s').map(({ field }) => field)).toEqual(['a'])
    expect(look(mirror, 'SELECT count(*) AS n FROM sync_conflict')).toEqual([{ n: 1 }])
  })

  it('empties a change log of which everything is old', () => {
    const mirror = mirrorAt()
    pulled(mirror, [product(1)], { at: ago(600) })
    pulled(mirror, [product(1, { price: 11 })], { at: ago(500) })
    expect(mirror.prune({ ...EVERYTHING, changeLog: 400 }, NOW)).toBe(1)
  })

  it('loses pulls that say nothing any more about what is fresh', () => {
    const mirror = mirrorAt()
    for (const days of [600, 500, 10]) pulled(mirror, [product(1)], { at: ago(days) })
    const before = mirror.freshness('products')
    mirror.prune({ ...EVERYTHING, runs: 400 }, NOW)
    expect(mirror.freshness('products')).toEqual(before)
  })
})
