import { describe, expect, it } from 'vitest'
import { openReporter } from '../../../src/cli/reporter.ts'
import { screenOf } from '../../../src/cli/views/screen.ts'
import { fakeIo } from '../../support/cli.ts'

const open = (facts: { tty?: boolean; quiet?: boolean; verbose?: boolean } = {}) => {
  const io = fakeIo({ tty: facts.tty ?? false })
  const flags = { quiet: facts.quiet ?? false, verbose: facts.verbose ?? false }
  return { io, reporter: openReporter(io.stderr, screenOf(80, false), flags) }
}
const advance = (done: number) => ({ kind: 'advance', what: 'products', done, total: 100, eta: null }) as const

describe('progress', () => {
  it('in a log is one JSON object for each quarter', () => {
    const { io, reporter } = open()
    for (let done = 0; done < 100; done += 1) reporter.progress(advance(done))
    const lines = io
      .err()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(lines.map((line) => ({ ...line, time: '' }))).toMatchObject(
      [0, 25, 50, 75].map((done) => ({ level: 'info', what: 'products', done, total: 100 })),
    )
  })

  it('on a terminal is one line drawn over, gone before anything else is said', () => {
    const { io, reporter } = open({ tty: true })
    reporter.progress(advance(10))
    reporter.progress(advance(20))
    reporter.progress({ kind: 'step', text: 'done' })
    reporter.clear()
    expect(io.err()).not.toContain('\n\r')
    expect(io.err().split('\r\u001b[2K')).toHaveLength(3)
    expect(io.err().endsWith('\r\u001b[2Kdone\n')).toBe(true)
  })

  it('leaves only warnings when quiet, and tells everything when verbose', () => {
    const quiet = open({ quiet: true })
    quiet.reporter.progress(advance(10))
    quiet.reporter.progress({ kind: 'warning', text: 'late\u001b[2J' })
    expect(JSON.parse(quiet.io.err())).toMatchObject({ level: 'warn', msg: 'late[2J' })
    const seen = open({ quiet: true, tty: true })
    seen.reporter.progress({ kind: 'step', text: 'on' })
    seen.reporter.progress({ kind: 'warning', text: 'late\u001b[2J' })
    expect(seen.io.err()).toBe('warning: late[2J\n')
    const verbose = open({ verbose: true })
    for (let done = 0; done < 30; done += 1) verbose.reporter.progress(advance(done))
    expect(verbose.io.err().trim().split('\n')).toHaveLength(30)
  })
})
