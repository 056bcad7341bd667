import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run as runCommand } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { type BlackBox, type Ended, openBlackBox, type Started, until } from '../support/black-box.ts'
import { fakeIo } from '../support/cli.ts'

let box: BlackBox
/** The token of the emulated store: what must show nowhere. */
let canary = ''
/** Everything that a command printed. */
const printed: string[] = []
/** Command lines of every process that was seen. */
const commandLines: string[] = []

beforeAll(async () => {
  box = await openBlackBox({ products: 60 })
  canary = /SHOP_TOKEN=(.*)/.exec(box.read('.env'))?.[1] ?? ''
  const config = JSON.parse(box.read('sync.config.json'))
  config.jobs = { nightly: { steps: ['pull main', 'sync prices'], approve: 'auto' } }
  box.write('sync.config.json', JSON.stringify(config))
  await run('pull')
})
afterAll(() => box.close())

/** The command in this process: what it prints and writes is the same, and starting one each time would take longest. */
const run = async (...args: string[]): Promise<Ended> => {
  const io = fakeIo({ cwd: box.dir, env: { ...process.env, NO_COLOR: '1' } })
  const exit = await runCommand(args, io, verbs)
  const ended = { exit, out: io.out(), err: io.err() }
  printed.push(ended.out, ended.err)
  return ended
}

/** As `ps` shows a process to everybody. */
const look = ({ process: { pid } }: Started): void => {
  try {
    commandLines.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
  } catch {
    // Ended already, or a system without such files.
  }
}

const feedOf = async (factor: (at: number) => number): Promise<string> => {
  const { out } = await run('query', "SELECT sku, price FROM skus WHERE sku <> '' ORDER BY sku", '--format', 'json')
  const rows = JSON.parse(out) as { sku: string; price: number }[]
  return `sku,price\n${rows.map(({ sku, price }, at) => `${sku},${(price * factor(at)).toFixed(2)}`).join('\n')}\n`
}

const filesOf = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(dir, name)).isFile())

describe('S17: the token', () => {
  it('is in no file, no output and no answer after a run with everything going wrong', async () => {
    expect(canary).toMatch(/^\w{20,}$/)
    const where = { path: '/v3/catalog/products' }
    // A store, or a proxy before it, that repeats what it was sent.
    const body = JSON.stringify({ status: 422, title: `no such token ${canary}`, errors: { 'x-auth-token': canary } })
    for (const fault of [
      { kind: 'status', status: 401, body: `unknown token ${canary}`, ...where },
      { kind: 'status', status: 403, body, ...where },
      { kind: 'status', status: 422, body, ...where },
      { kind: 'status', status: 500, times: 1, ...where },
      { kind: 'status', status: 302, headers: { Location: `http://127.0.0.1:1/${canary}` }, ...where },
      { kind: 'drop', times: 1, ...where },
      { kind: 'truncate', times: 1, ...where },
      { kind: 'html200', times: 1, ...where },
    ]) {
      await box.faults([fault])
      await run('pull', '--full', '--verbose')
    }
    await box.faults([])
    box.write('feed.csv', await feedOf((at) => (at % 12 ? 1 : 1.05)))
    for (const format of ['json', 'csv', 'html', 'txt']) await run('plan', 'prices', '--out', `plan.${format}`)
    const { plan } = JSON.parse((await run('plan', 'prices', '--json')).out) as { plan: string }
    await box.faults([{ kind: 'status', status: 422, method: 'PUT', body, times: 2 }])
    await run('push', plan, '--yes', '--verbose')
    await box.faults([{ kind: 'status', status: 401, body: canary }])
    await run('sync', 'prices', '--yes', '--json')
    await run('run', 'nightly', '--verbose')
    await run('check', '--verbose')
    await box.faults([])
    await run('run', 'nightly')
    for (const args of [
      ['status'],
      ['runs'],
      ['runs', 'r2'],
      ['plans'],
      ['show', plan, '--details'],
      ['check', '--json'],
    ])
      await run(...args)
    const files = filesOf(box.dir).filter((name) => name !== '.env')
    expect(files).toEqual(expect.arrayContaining(['plan.html', 'plan.json', '.skiff/main.db']))
    expect(files.filter((name) => readFileSync(join(box.dir, name)).includes(canary))).toEqual([])
    expect(printed.join('\n')).toMatch(/401|403|422|500/)
    expect(printed.filter((text) => text.includes(canary))).toEqual([])
  })

  it('S18: stands in no list of processes', async () => {
    await box.faults([{ kind: 'slow', path: '/v3/catalog/products', ms: 1000 }])
    const pull = box.start('pull', '--full')
    await until(async () => {
      look(pull)
      return commandLines.some((line) => line.includes('pull'))
    }, 'the process to be seen')
    await pull.ended
    await box.faults([])
    expect(commandLines.filter((line) => line.includes(canary))).toEqual([])
    for (const flag of ['--token', '--access-token', '--password']) {
      expect((await run('pull', flag, 'secretsecretsecretsecret')).exit).toBe(2)
    }
  })

  it('N42: does not follow a redirect to another place', async () => {
    const seen: string[] = []
    const server = createServer((request, response) => {
      seen.push(JSON.stringify(request.headers))
      response.end('{"data":[]}')
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const location = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await box.faults([{ kind: 'status', status: 307, headers: { Location: location } }])
    expect((await run('pull', '--full')).exit).not.toBe(0)
    await box.faults([])
    server.close()
    expect(seen).toEqual([])
  })
})

describe('S9: `skiff query`', () => {
  const ATTACKS: readonly string[] = [
    "INSERT INTO products (id, synced_at, row_hash) VALUES (9, '', '')",
    'UPDATE products SET price = 0',
    'DELETE FROM products RETURNING id',
    'DROP TABLE products',
    'WITH gone AS (SELECT 1) DELETE FROM products RETURNING id',
    'PRAGMA query_only = OFF',
    'PRAGMA journal_mode = DELETE',
    'PRAGMA writable_schema = ON',
    "ATTACH 'sync.config.json' AS other",
    "ATTACH 'aside.db' AS other",
    "EXPLAIN ATTACH 'aside.db' AS other",
    "VACUUM INTO 'aside.db'",
    'CREATE TEMP TABLE t AS SELECT 1',
    'BEGIN IMMEDIATE',
    "SELECT load_extension('./evil.so')",
    'SELECT file FROM pragma_database_list',
    'SELECT 1; DELETE FROM products',
    "SELECT writefile('aside.db', 'x'), readfile('.env')",
  ]

  it.each(ATTACKS)('denies %s, and nothing is changed', async (sql) => {
    const before = snapshot()
    const { exit, err } = await run('query', sql)
    expect(exit).toBe(2)
    expect(err).toContain('error:')
    expect(snapshot()).toEqual(before)
  })

  it('still answers an honest question that walks a tree', async () => {
    const tree =
      'WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) AS s FROM n'
    expect(JSON.parse((await run('query', tree, '--format', 'json')).out)).toEqual([{ s: 15 }])
  })

  /** Every file of the folder with what it holds, apart from what SQLite's readers share and from a log without entries. */
  const snapshot = (): Record<string, string> =>
    Object.fromEntries(
      filesOf(box.dir)
        .map((name) => [name, readFileSync(join(box.dir, name))] as const)
        .filter(([name, bytes]) => !name.endsWith('-shm') && !(name.endsWith('-wal') && bytes.length === 0))
        .map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]),
    )
})

describe('S25: a terminal', () => {
  it('gets nothing that steers it, whatever a file or an argument holds', async () => {
    box.write('feed.csv', 'sku,price\n\u001b]0;owned\u0007A,\u001b[2J1\n\u009b31mB,2\u202e\n')
    for (const args of [
      ['plan', 'prices', '--details'],
      ['plan', 'prices', '--json'],
      ['pull', '\u001b[2Jx'],
      ['explain', '\u001b]0;owned\u0007'],
      ['query', "SELECT char(27) || '[2J' AS evil, char(155) || char(8238) AS other"],
    ]) {
      const { out, err } = await run(...args)
      expect(`${out}${err}`, args.join(' ')).not.toMatch(STEERING)
    }
  })
})

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/
