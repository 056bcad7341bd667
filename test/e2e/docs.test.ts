import { execFile, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { fakeIo } from '../support/cli.ts'

// Follows the pages as a reader would: files are written, lines that begin with `skiff ` are typed, in the order of the page. The
// README's go through a shell. Starting a process takes longer than most commands, so the guide's plain lines are run in this one.

const ROOT = resolve('.')
const PAGES = ['README.md', ...readdirSync('docs/guide').map((name) => `docs/guide/${name}`)]
/** The address that the pages give to an emulated store, by its port. */
const writtenAddress = (port: string): string => `http://127.0.0.1:${port}`

type Step =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'command'; readonly line: string; readonly exit: number }
  | { readonly kind: 'shown'; readonly lines: readonly string[] }

/**
 * Blocks with `file=PATH` behind their language are files; `skiff` lines of `sh` blocks are commands, and a block of `text shown` is
 * what the last of them says.
 */
const stepsOf = (page: string): readonly Step[] => {
  const text = readFileSync(page, 'utf8')
  return [...text.matchAll(/^```(\w+)(?: file=(\S+))?( shown)?\n([\s\S]*?)^```$/gm)].flatMap(
    ([, language, path, shown, inner = '']): readonly Step[] => {
      if (path) return [{ kind: 'file', path, text: inner }]
      if (shown) return [{ kind: 'shown', lines: inner.trimEnd().split('\n') }]
      if (language !== 'sh') return []
      return inner
        .split('\n')
        .filter((line) => line.startsWith('skiff '))
        .map((line) => ({ kind: 'command', line, exit: Number(/# exit (\d)$/.exec(line)?.[1] ?? 0) }))
    },
  )
}

/** Lines as they are compared: figures, which may be others on another day, and the widths of columns do not count. */
const plainLines = (text: string): readonly string[] =>
  text.split('\n').map((line) =>
    line
      .replace(/\d[\d,.]*/g, '0')
      .replace(/\s+/g, ' ')
      .trim(),
  )

/** The lines that a command did not say in this order; `…` stands for what is left out. */
const unsaid = (lines: readonly string[], said: string): readonly string[] => {
  let rest = plainLines(said)
  return lines.filter((line) => {
    if (line.trim() === '…') return false
    const at = rest.indexOf(plainLines(line)[0] ?? '')
    rest = rest.slice(at + 1)
    return at < 0
  })
}

interface PlainCommand {
  readonly args: readonly string[]
  /** Files that the output goes to. */
  readonly out?: string | undefined
  readonly err?: string | undefined
}

/** A command with at most its outputs redirected; anything else is the shell's to read. */
const plainCommand = (line: string): PlainCommand | undefined => {
  const [, command = '', err, out] = /^skiff (.*?)(?: 2> (\S+))?(?: > (\S+))?(?: *#.*)?$/.exec(line) ?? []
  const words = command.match(/"[^"$`\\]*"|'[^']*'|[^\s"'$`\\|&;<>*?]+/g) ?? []
  if (words.join(' ') !== command) return undefined
  return { args: words.map((word) => word.replace(/^(["'])(.*)\1$/s, '$2')), out, err }
}

/** An emulated store that a page started: where it really listens, and how to end it. */
interface Started {
  readonly address: string
  close(): Promise<void>
}

/** A folder of its own, with `skiff` on the path and the emulated stores that the page starts, one for each port. */
class Reader {
  readonly #dir = mkdtempSync(join(tmpdir(), 'skiff-docs-'))
  readonly #env: NodeJS.ProcessEnv
  readonly #stores = new Map<string, Started>()

  constructor() {
    const bin = join(this.#dir, '.bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'skiff'), `#!/bin/sh\nexec "${process.execPath}" "${ROOT}/bin/skiff.js" "$@"\n`, {
      mode: 0o755,
    })
    this.#env = { PATH: [bin, process.env['PATH']].join(delimiter), HOME: this.#dir }
  }

  write(path: string, text: string): void {
    const file = join(this.#dir, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, this.#here(text))
    if (path === '.env') chmodSync(file, 0o600)
  }

  async type(line: string, inShell: boolean): Promise<{ exit: number; said: string }> {
    if (line.startsWith('skiff emulator')) return inShell ? this.#startStore(line) : this.#openStore(line)
    // Serving has no end of its own; that it can be asked for is what a page promises.
    const command = line.startsWith('skiff serve') ? 'skiff serve --help' : this.#here(line)
    const plain = inShell ? undefined : plainCommand(command)
    return plain ? this.#run(plain) : this.#shell(command)
  }

  async #run({ args, out, err }: PlainCommand): Promise<{ exit: number; said: string }> {
    const io = fakeIo({ cwd: this.#dir, env: this.#env })
    const exit = await run(args, io, verbs)
    if (out) this.write(out, io.out())
    if (err) this.write(err, io.err())
    return { exit, said: io.out() + io.err() }
  }

  #shell(command: string): Promise<{ exit: number; said: string }> {
    return new Promise((done) => {
      execFile('sh', ['-c', command], { cwd: this.#dir, env: this.#env }, (error, out, err) => {
        done({ exit: error === null ? 0 : Number(error.code), said: `${out}${err}` })
      })
    })
  }

  async close(): Promise<void> {
    for (const store of this.#stores.values()) await store.close()
    rmSync(this.#dir, { recursive: true, force: true })
  }

  #here(text: string): string {
    return [...this.#stores].reduce((all, [port, { address }]) => all.replaceAll(writtenAddress(port), address), text)
  }

  /** An emulated store in this process. */
  async #openStore(line: string): Promise<{ exit: number; said: string }> {
    const port = await this.#freePort(line)
    const { args = [] } = plainCommand(line.replace(`--port ${port}`, '--port 0')) ?? {}
    const stop = new AbortController()
    const io = fakeIo({ cwd: this.#dir, env: this.#env, signal: stop.signal })
    const ended = run([...args, '--json'], io, verbs)
    await Promise.race([ended, until(() => io.out().includes('\n'))])
    if (!io.out()) return { exit: await ended, said: io.err() }
    const close = async (): Promise<void> => {
      stop.abort()
      await ended
    }
    this.#stores.set(port, { address: (JSON.parse(io.out()) as { url: string }).url, close })
    return { exit: 0, said: io.err() }
  }

  async #startStore(line: string): Promise<{ exit: number; said: string }> {
    const port = await this.#freePort(line)
    const words = line.replace(`--port ${port}`, '--port 0').trim().split(/\s+/).slice(1)
    const store = spawn(process.execPath, [join(ROOT, 'bin/skiff.js'), ...words, '--json'], {
      cwd: this.#dir,
      env: this.#env,
    })
    let said = ''
    store.stderr.on('data', (chunk) => {
      said += String(chunk)
    })
    return new Promise((done) => {
      store.stdout.once('data', (chunk) => {
        const close = async (): Promise<void> => void store.kill()
        this.#stores.set(port, { address: (JSON.parse(String(chunk)) as { url: string }).url, close })
        done({ exit: 0, said })
      })
      store.once('exit', (exit) => done({ exit: exit ?? 1, said }))
    })
  }

  /** The port that a line names, after the store that was there is gone. */
  async #freePort(line: string): Promise<string> {
    const [, port = '8080'] = /--port (\d+)/.exec(line) ?? []
    await this.#stores.get(port)?.close()
    return port
  }
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((done) => setTimeout(done, 5))
}

describe('the pages', () => {
  const followed = PAGES.map((page) => ({ page, steps: stepsOf(page) })).filter(({ steps }) => steps.length > 0)

  // Most of the time goes to waiting for the quotas of the emulated stores.
  it.concurrent.each(followed)('$page can be followed line by line', async ({ page, steps }) => {
    const reader = new Reader()
    try {
      let last = ''
      for (const step of steps) {
        if (step.kind === 'file') reader.write(step.path, step.text)
        else if (step.kind === 'shown') expect(unsaid(step.lines, last), last).toEqual([])
        else {
          const { exit, said } = await reader.type(step.line, page === 'README.md')
          expect(exit, `${step.line}\n${said}`).toBe(step.exit)
          last = said
        }
      }
    } finally {
      await reader.close()
    }
  })

  it.each(PAGES)('%s names verbs that there are', (page) => {
    const known = new Set(verbs.map(({ name }) => name))
    const named = [...readFileSync(page, 'utf8').matchAll(/`skiff ([a-z]+)|^skiff ([a-z]+)/gm)]
    expect(named.map(([, inline, line]) => inline ?? line).filter((verb) => !known.has(verb ?? ''))).toEqual([])
  })
})
