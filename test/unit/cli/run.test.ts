import { describe, expect, it } from 'vitest'
import { run } from '../../../src/cli/run.ts'
import { verb } from '../../../src/cli/verb.ts'
import { AuthError, EXIT, type Exit } from '../../../src/model/index.ts'
import { fakeIo } from '../../support/cli.ts'

const verbs = [
  verb(
    'greet [who..]',
    'Says hello',
    (parser) =>
      parser.positional('who', { type: 'string', array: true }).option('loud', { type: 'boolean', default: false }),
    async () => ({
      run: async ({ who, loud }, face) => {
        face.progress({ kind: 'step', text: 'thinking' })
        face.report({ who, loud, store: face.common.store }, ({ paint }) => paint.bold(`hello ${who?.join(', ')}`))
        return EXIT.rows
      },
    }),
  ),
  verb(
    'end',
    'Ends with a report',
    (parser) => parser.option('exit', { type: 'number', default: 0 }),
    async () => ({
      run: async ({ exit }, face) => {
        face.report({ exit }, () => `ended with ${exit}`)
        return exit as Exit
      },
    }),
  ),
  verb(
    'fail',
    'Fails',
    (parser) => parser,
    async () => ({
      run: async () => {
        const cause = new Error('outer cause', { cause: new TypeError('inner\u001b[2J cause') })
        throw new AuthError('the store refused the token', { where: 'stores.main', hint: 'Make a new one.', cause })
      },
    }),
  ),
  verb(
    'burst',
    'Breaks',
    (parser) => parser,
    async () => ({
      run: async () => {
        throw new RangeError('not foreseen')
      },
    }),
  ),
  verb(
    'configured',
    'Reads the configuration',
    (parser) => parser,
    async () => ({
      run: async (_args, face) => {
        face.settings()
        return EXIT.done
      },
    }),
  ),
]

const call = async (line: string, io = fakeIo()) => ({
  exit: await run(line.split(' ').filter(Boolean), io, verbs),
  io,
})

describe('a command line', () => {
  it('runs its verb and leaves with the verb’s exit code', async () => {
    const { exit, io } = await call('greet 007 bob')
    expect(exit).toBe(5)
    expect(io.out()).toBe('hello 007, bob\n')
    expect(JSON.parse(io.err())).toMatchObject({ level: 'info', msg: 'thinking' })
  })

  it('with --json gives one document on stdout and nothing else there', async () => {
    const { io } = await call('greet a --json --loud --store 12')
    expect(JSON.parse(io.out())).toEqual({ who: ['a'], loud: true, store: '12' })
  })

  it('with --quiet says nothing that is no fault', async () => {
    const { io } = await call('greet a --quiet')
    expect(io.out() + io.err()).toBe('')
    expect((await call('end --quiet')).io.err()).toBe('')
  })

  it.each([3, 4, 5, 6, 7, 8, 9])('with --quiet tells a report that ends with %i, on stderr', async (exit) => {
    const { io } = await call(`end --exit ${exit} --quiet`)
    expect([io.out(), io.err()]).toEqual(['', `ended with ${exit}\n`])
  })

  it.each([
    ['greeet', /greet/],
    ['greet --lout', /lout/],
    ['--config', /config/],
  ])('"%s" is refused as usage', async (line, message) => {
    const { exit, io } = await call(line)
    expect(exit).toBe(2)
    expect(io.err()).toMatch(message)
    expect(io.err()).toContain('hint: skiff --help')
    expect(io.out()).toBe('')
  })

  it('without a verb shows the help and leaves with the usage code', async () => {
    const { exit, io } = await call('')
    expect(exit).toBe(2)
    expect(io.err()).toContain('Says hello')
  })

  it('answers --help and --version on stdout', async () => {
    expect((await call('--help')).io.out()).toContain('greet')
    expect((await call('greet --help')).io.out()).toContain('--loud')
    const { exit, io } = await call('--version')
    expect(exit).toBe(0)
    expect(io.out()).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('a failure', () => {
  it('is a sentence, a place and a remedy on stderr, with the exit code of its class', async () => {
    const { exit, io } = await call('fail')
    expect(exit).toBe(7)
    expect(io.err()).toBe('error: the store refused the token\n  where: stores.main\n  hint: Make a new one.\n')
  })

  it('shows its causes with --verbose, cleaned', async () => {
    const { io } = await call('fail --verbose')
    expect(io.err()).toContain('because: Error: outer cause\n  because: TypeError: inner[2J cause')
  })

  it('is a document on stdout with --json, also when the arguments are wrong', async () => {
    const { exit, io } = await call('fail --json')
    expect(exit).toBe(7)
    expect(JSON.parse(io.out())).toEqual({
      error: { code: 'auth', message: 'the store refused the token', where: 'stores.main', hint: 'Make a new one.' },
    })
    expect(JSON.parse((await call('nonsense --json')).io.out())).toMatchObject({ error: { code: 'usage' } })
  })

  it('that nobody foresaw shows no stack unless asked', async () => {
    const { exit, io } = await call('burst')
    expect(exit).toBe(1)
    expect(io.err()).toContain('error: not foreseen')
    expect(io.err()).not.toMatch(/\bat /)
    expect((await call('burst --verbose')).io.err()).toMatch(/\bat /)
  })

  it('of the configuration names the file', async () => {
    const { exit, io } = await call('configured --config other.json')
    expect(exit).toBe(2)
    expect(io.err()).toContain('where: /nowhere/other.json')
  })
})

describe('colours', () => {
  const esc = '\u001b['
  it('are for terminals only, and NO_COLOR and --no-color switch them off', async () => {
    expect((await call('greet a', fakeIo({ tty: true }))).io.out()).toContain(esc)
    expect((await call('greet a', fakeIo({ tty: false }))).io.out()).not.toContain(esc)
    expect((await call('greet a', fakeIo({ tty: true, env: { NO_COLOR: '1' } }))).io.out()).not.toContain(esc)
    expect((await call('greet a --no-color', fakeIo({ tty: true }))).io.out()).not.toContain(esc)
  })
})
