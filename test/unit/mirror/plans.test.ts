import { describe, expect, it } from 'vitest'
import { MirrorError } from '../../../src/model/index.ts'
import { change, planOf } from '../../support/cli-plan.ts'
import { mirrorAt } from './fixture.ts'

describe('plans', () => {
  it('are kept whole, newest first, and a later one of a sync supersedes those that nobody began to push', () => {
    const mirror = mirrorAt()
    const first = planOf({ plan: mirror.nextPlanId(), changes: [change({ id: 1 })] })
    mirror.savePlan(first, 'open')
    const second = planOf({ plan: mirror.nextPlanId(), notes: ['a note'] })
    mirror.savePlan(second, 'blocked')
    expect([first.plan, second.plan, mirror.nextPlanId()]).toEqual(['p1', 'p2', 'p3'])
    expect(mirror.plan('p1')).toEqual({ plan: first, state: 'superseded' })
    expect(mirror.plans(5)).toEqual([
      { plan: second, state: 'blocked' },
      { plan: first, state: 'superseded' },
    ])
    expect(mirror.plans(1)).toHaveLength(1)
    expect(mirror.plan('p9')).toBeUndefined()
  })

  it('change state, never content', () => {
    const mirror = mirrorAt()
    mirror.savePlan(planOf({ plan: 'p1' }), 'open')
    mirror.setPlanState('p1', 'superseded')
    expect(mirror.plan('p1')?.state).toBe('superseded')
    expect(() => mirror.savePlan(planOf({ plan: 'p1', sync: 'other' }), 'open')).toThrow(MirrorError)
    expect(() => mirror.setPlanState('p7', 'approved')).toThrow(/no plan p7/)
    expect(mirror.plan('p1')?.plan.sync).toBe('prices')
  })

  it('count beyond nine in order', () => {
    const mirror = mirrorAt()
    for (let at = 1; at <= 11; at += 1) mirror.savePlan(planOf({ plan: mirror.nextPlanId() }), 'open')
    expect(mirror.plans(3).map(({ plan }) => plan.plan)).toEqual(['p11', 'p10', 'p9'])
  })
})
