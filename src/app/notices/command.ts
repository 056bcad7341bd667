import { spawn } from 'node:child_process'
import type { CommandWay } from '../settings/index.ts'
import type { Notice } from './notice.ts'

/**
 * Starts a program, without a shell, with the notice as JSON on its standard input and its short facts in the environment.
 * @returns what went wrong, or null.
 */
export const runCommand = (
  { program, args, env }: CommandWay,
  notice: Notice,
  dir: string,
  limitMs = LIMIT_MS,
): Promise<string | null> =>
  new Promise((done) => {
    const child = spawn(program, args, {
      cwd: dir,
      env: { ...env, ...factsOf(notice) },
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
      windowsHide: true,
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, MOST_SAID)
    })
    child.once('error', (error: NodeJS.ErrnoException) => done(`${program} cannot be started (${error.code})`))
    child.once('exit', (exit, signal) => {
      child.stderr.destroy()
      if (signal) done(`${program} was ended by ${signal}; it has ${limitMs / 1000} s`)
      else done(exit === 0 ? null : `${program} ended with ${exit}${said ? `: ${said.trim().split('\n')[0]}` : ''}`)
    })
    // A program need not read what it is given.
    child.stdin.once('error', () => undefined)
    child.stdin.end(`${JSON.stringify(notice)}\n`)
  })

const LIMIT_MS = 30_000
const MOST_SAID = 300

const factsOf = ({ event, subject, text, job, sync, store, run, plan, exit }: Notice): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ event, subject, text, job, sync, store, run, plan, exit }).map(([name, value]) => [
      `SKIFF_${name.toUpperCase()}`,
      value === null ? '' : String(value),
    ]),
  )
