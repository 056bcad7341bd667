import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Ended {
  readonly exit: number | null
  readonly out: string
  readonly err: string
}

export interface Started {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
}

/** A folder of its own with the built command before it. */
export interface Folder {
  readonly dir: string
  /** Runs the command in the folder, to its end. */
  skiff(...args: readonly string[]): Promise<Ended>
  /** The same with `--json`: its one document. */
  json<T>(...args: readonly string[]): Promise<{ readonly exit: number | null; readonly document: T }>
  /** Begins the command and lets it run. */
  start(...args: readonly string[]): Started
  write(name: string, text: string): void
  read(name: string): string
}

/** An emulated store in a process of its own. */
export interface EmulatorProcess {
  readonly url: string
  readonly storeHash: string
  readonly accessToken: string
  faults(faults: readonly object[]): Promise<void>
  /** Accepted writes, in order. */
  log(): Promise<readonly { readonly method: string; readonly path: string; readonly body: unknown }[]>
  /** Every request that the store saw. */
  requests(): Promise<readonly { readonly method: string; readonly path: string; readonly status: number }[]>
  end(): Promise<void>
}

export interface BlackBox extends Folder, Pick<EmulatorProcess, 'url' | 'faults' | 'log' | 'requests'> {
  close(): Promise<void>
}

export interface BlackBoxOptions {
  readonly products?: number
  readonly plan?: 'standard' | 'pro' | 'unlimited'
  readonly syncs?: object
  readonly env?: Readonly<Record<string, string>>
}

/** The built command with an emulated store in a process of its own, in a folder of its own: nothing but what a user has. */
export const openBlackBox = async (options: BlackBoxOptions = {}): Promise<BlackBox> => {
  const { products = 200, plan = 'unlimited' } = options
  const folder = openFolder(options.env)
  const emulator = await startEmulator(folder, '--products', String(products), '--plan', plan)
  const { url, storeHash, accessToken, end, ...shop } = emulator
  folder.write('.env', `SHOP_TOKEN=${accessToken}\n`)
  folder.write(
    'sync.config.json',
    JSON.stringify({
      stores: {
        main: {
          hash: storeHash,
          accessToken: 'env:SHOP_TOKEN',
          api: url,
          settleMs: 1000,
          resources: ['products', 'variants', 'orders'],
        },
      },
      sources: { feed: { type: 'csv', path: 'feed.csv' } },
      syncs: options.syncs ?? {
        prices: { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'sku' }, fields: { price: 'price' } },
      },
    }),
  )
  return {
    ...folder,
    ...shop,
    url,
    close: async () => {
      await end()
      rmSync(folder.dir, { recursive: true, force: true })
    },
  }
}

export const openFolder = (more: BlackBoxOptions['env'] = {}): Folder => {
  const dir = mkdtempSync(join(tmpdir(), 'skiff-e2e-'))
  const env = { ...process.env, NO_COLOR: '1', ...more }
  const start = (...args: readonly string[]): Started => {
    const child = spawn(process.execPath, [SKIFF, ...args], { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] })
    return { process: child, ended: endOf(child) }
  }
  return {
    dir,
    start,
    skiff: (...args) => start(...args).ended,
    json: async (...args) => {
      const { exit, out, err } = await start(...args, '--json').ended
      try {
        return { exit, document: JSON.parse(out) }
      } catch (cause) {
        throw new Error(`${args.join(' ')} --json printed no document: ${JSON.stringify(out)}\n${err}`, { cause })
      }
    },
    write: (name, text) => writeFileSync(join(dir, name), text),
    read: (name) => readFileSync(join(dir, name), 'utf8'),
  }
}

/** Starts `skiff emulator` with these arguments on a free port. */
export const startEmulator = async (
  { start }: Pick<Folder, 'start'>,
  ...args: readonly string[]
): Promise<EmulatorProcess> => {
  const emulator = start('emulator', '--json', '--port', '0', ...args)
  const told = JSON.parse(await firstLine(emulator)) as Pick<EmulatorProcess, 'url' | 'storeHash' | 'accessToken'>
  const control = async <T>(path: string, init?: RequestInit): Promise<T> => {
    const response = await fetch(`${told.url}/__emulator__/${path}`, init)
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as T
  }
  return {
    ...told,
    faults: async (faults) => {
      await control('faults', { method: 'PUT', body: JSON.stringify(faults) })
    },
    log: () => control('log'),
    requests: () => control('requests'),
    end: async () => {
      emulator.process.kill('SIGKILL')
      await emulator.ended
    },
  }
}

/** Waits for something that another process brings about. @throws when it does not come within a minute. */
export const until = async (holds: () => Promise<boolean>, what: string): Promise<void> => {
  const from = performance.now()
  while (performance.now() - from < 60_000) {
    if (await holds()) return
    await new Promise((again) => setTimeout(again, 25))
  }
  throw new Error(`waited in vain for ${what}`)
}

export const SKIFF = fileURLToPath(new URL('../../bin/skiff.js', import.meta.url))

const endOf = (child: ChildProcess): Promise<Ended> =>
  new Promise((done) => {
    const written = { out: '', err: '' }
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      written.out += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      written.err += text
    })
    child.on('close', (exit) => done({ exit, ...written }))
  })

const firstLine = ({ process: child, ended }: Started): Promise<string> =>
  new Promise((done, fail) => {
    let text = ''
    child.stdout?.on('data', (part: string) => {
      text += part
      const end = text.indexOf('\n')
      if (end >= 0) done(text.slice(0, end))
    })
    void ended.then(({ err }) => fail(new Error(`it ended before it said anything: ${err}`)))
  })
