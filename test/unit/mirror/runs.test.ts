import { describe, expect, it } from 'vitest'
import type { RunRecord } from '../../../src/mirror/index.ts'
import { MirrorError } from '../../../src/model/index.ts'
import { AT, mirrorAt } from './fixture.ts'

const record = (run: string, more: Partial<RunRecord> = {}): RunRecord => ({
  run,
  verb: 'pull',
  what: 'main',
  started: AT,
  finished: null,
  state: 'running',
  exit: null,
  report: null,
  ...more,
})

describe('runs', () => {
  it('are kept from their start on and listed newest first', () => {
    const mirror = mirrorAt()
    const ids = Array.from({ length: 11 }, () => {
      const id = mirror.nextRunId()
      mirror.saveRun(record(id))
      return id
    })
    expect(mirror.runs(2).map(({ run }) => run)).toEqual(['r11', 'r10'])
    expect(ids[0]).toBe('r1')
  })

  it('end with their report', () => {
    const mirror = mirrorAt()
    mirror.saveRun(record('r1'))
    const ended = record('r1', { finished: AT, state: 'complete', exit: 0, report: { run: 'r1', rows: [1] } })
    mirror.saveRun(ended)
    expect(mirror.run('r1')).toEqual(ended)
    expect(mirror.runs(9)).toEqual([ended])
    expect(mirror.run('r2')).toBeUndefined()
  })
})

describe('the link to a store', () => {
  const lineage = { hash: 'abc', domain: 'one.example', currency: 'USD' }

  it('is for ever: another store or currency is refused', () => {
    const mirror = mirrorAt()
    expect(mirror.lineage()).toBeNull()
    mirror.link(lineage, AT)
    expect(() => mirror.link({ ...lineage, hash: 'xyz' }, AT)).toThrow(MirrorError)
    expect(() => mirror.link({ ...lineage, currency: 'EUR' }, AT)).toThrow(/abc in USD.*abc in EUR/)
    expect(mirror.lineage()).toEqual(lineage)
  })

  it('follows the store to a new domain', () => {
    const mirror = mirrorAt()
    mirror.link(lineage, AT)
    mirror.link({ ...lineage, domain: 'two.example' }, AT)
    expect(mirror.lineage()).toEqual({ ...lineage, domain: 'two.example' })
  })
})
