import { describe, expect, it } from 'vitest'
import { jsonLog, plainLog } from '../../../src/daemon/index.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

const told = (make: typeof jsonLog, level: 'debug' | 'info' | 'warn') => {
  const lines: string[] = []
  return { lines, log: make({ clock: virtualClock(), level, write: (line) => lines.push(line) }) }
}

describe('a log', () => {
  it('S26: is a JSON object a line for programs', () => {
    const { lines, log } = told(jsonLog, 'info')
    log('warn', 'late', { job: 'nightly', ms: 5 })
    log('debug', 'not told')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'warn', time: '2026-03-02T09:00:00Z', job: 'nightly', ms: 5, msg: 'late' },
    ])
    expect(lines[0]?.endsWith('\n')).toBe(true)
  })

  it('is a readable line for people', () => {
    const { lines, log } = told(plainLog, 'info')
    log('info', 'started', { job: 'nightly' })
    log('error', 'broken')
    log('debug', 'not told')
    expect(lines).toEqual(['2026-03-02 09:00:00 info  nightly: started\n', '2026-03-02 09:00:00 error broken\n'])
  })
})
