import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkAll, type Notice, runJob, syncAndTell } from '../../src/app/index.ts'
import { runCommand } from '../../src/app/notices/command.ts'
import { serve } from '../../src/daemon/index.ts'
import { isoTime } from '../../src/model/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import type { JobShop } from '../support/job-shop.ts'
import { feedMugs, openMugShop } from '../support/mug-shop.ts'

let shop: JobShop
let smtp: Server | null = null
/** What was posted to the hook, and what the hook answers. */
let posted: Notice[] = []
let answers: number[] = []
afterEach(() => {
  shop.close()
  smtp?.close()
  smtp = null
  posted = []
  answers = []
})

const HOOK = 'https://hooks.example/T0/CANARY-hook-path'
const HOUR = 3_600_000
const DAY = 24 * HOUR
const nightly = { cron: '0 2 * * *', steps: ['sync prices'], approve: 'auto' }

const hooked =
  (inner: Fetch): Fetch =>
  async (url, init) => {
    if (url !== HOOK) return inner(url, init)
    posted.push(JSON.parse(String(init.body)) as Notice)
    return { status: answers.shift() ?? 200, headers: new Headers(), arrayBuffer: async () => new ArrayBuffer(0) }
  }

const open = async (notify: object = { team: { webhook: 'env:HOOK' } }, jobs: object = { nightly }): Promise<void> => {
  shop = await openMugShop(jobs, { fetch: hooked })
  shop.configure((config) => {
    config.notify = notify
  })
}

const env = (more: Record<string, string> = {}): { env: Record<string, string> } => ({
  env: { SHOP_TOKEN: shop.emulator.accessToken, HOOK, PATH: process.env['PATH'] ?? '', ...more },
})

/** The job, as cron calls it, after some time. */
const run = async (afterMs = DAY, more: Record<string, string> = {}) => {
  shop.clock.advance(afterMs)
  return runJob(shop.open(env(more)), 'nightly')
}

const warnings = (): string[] => shop.progress.flatMap((one) => (one.kind === 'warning' ? [one.text] : []))

const at = (text: string | undefined): string => String(text)

describe('a notice', () => {
  it('of a blocked feed says which guard, what it found, and what to type next', async () => {
    await open()
    feedMugs(shop, 1000)
    await run()
    const [notice] = posted
    expect(notice).toMatchObject({
      event: 'blocked',
      subject: 'Skiff: sync prices was blocked (store main, job nightly)',
      at: isoTime(shop.clock.now()),
      job: 'nightly',
      sync: 'prices',
      store: 'main',
      plan: 'p1',
      state: 'blocked',
      exit: 4,
    })
    expect(notice?.run).toMatch(/^r\d+$/)
    expect(notice?.next[0]).toBe('skiff show p1 --details')
    expect(at(notice?.text)).toMatch(/guard maxPriceChange blocked: 40 of 40 rows held/)
    expect(at(notice?.text)).toContain(`Next, in ${shop.dir}:\n  skiff show p1 --details\n`)
  })

  it('names the push that lets a plan guard pass', async () => {
    await open()
    shop.configure((config) => {
      config.syncs.prices.guards = { allChanged: false, maxPriceChange: false }
    })
    feedMugs(shop, 11)
    await run()
    expect(posted[0]?.next).toEqual(['skiff show p1 --details', 'skiff push p1 --allow maxChanges'])
  })

  it('of rows left open lists the first of them with reasons', async () => {
    await open()
    feedMugs(shop, 11, { 'MUG-07': 0, 'MUG-08': 'ten' })
    await run()
    expect(posted[0]).toMatchObject({ event: 'partial', exit: 5 })
    expect(at(posted[0]?.text)).toMatch(/rows open: 2, the oldest since 2026-03-03T/)
    expect(at(posted[0]?.text)).toMatch(
      / {2}mug-07 held: zeroPrice: .*\n {2}mug-08 rejected: price "ten": not a number/,
    )
  })

  it('of a failure says where and what, of a plan that waits how to push it', async () => {
    await open({ team: { webhook: 'env:HOOK' } }, { nightly: { ...nightly, approve: 'ask' } })
    shop.feed([['sku', 'cost']])
    await run()
    expect(posted[0]).toMatchObject({ event: 'failed', exit: 6, next: ['skiff status', 'skiff run nightly'] })
    expect(at(posted[0]?.text)).toMatch(/no column "price"/)
    feedMugs(shop, 11)
    await run()
    expect(posted[1]).toMatchObject({ event: 'waiting', exit: 3, next: ['skiff show p1 --details', 'skiff push p1'] })
  })

  it('comes once in six hours of the same, then with how often, and a good run is told after bad ones', async () => {
    await open({ team: { webhook: 'env:HOOK' } })
    shop.configure((config) => {
      config.syncs.prices.circuit = false
    })
    feedMugs(shop, 1000)
    for (let hour = 0; hour < 7; hour += 1) await run(HOUR)
    expect(posted.map(({ event }) => event)).toEqual(['blocked', 'blocked'])
    expect(at(posted[1]?.text)).toContain('7 times in a row since 2026-03-02T10:01:00Z.')
    feedMugs(shop, 11)
    await run(HOUR)
    await run(HOUR)
    expect(posted.map(({ event }) => event)).toEqual(['blocked', 'blocked', 'recovered'])
    expect(posted[2]).toMatchObject({ subject: 'Skiff: sync prices is well again (store main, job nightly)', exit: 0 })
    expect(at(posted[2]?.text)).toContain('It had ended badly 7 times in a row since 2026-03-02T10:01:00Z.')
  })

  it('tells once that a circuit opened', async () => {
    await open()
    feedMugs(shop, 1000)
    for (let night = 0; night < 3; night += 1) await run()
    expect(at(posted[2]?.text)).toContain('3 runs in a row failed or were blocked, so its circuit is open')
    feedMugs(shop, 11)
    await run()
    await run()
    expect(posted).toHaveLength(3)
    await shop.push('p5')
    await run()
    expect(posted.map(({ event }) => event)).toEqual(['blocked', 'blocked', 'blocked', 'recovered'])
  })

  it('goes to those who asked for it', async () => {
    await open(
      {
        others: { webhook: 'env:HOOK', about: ['weekly'] },
        failures: { webhook: 'env:HOOK', events: ['failed'] },
        prices: { webhook: 'env:HOOK', about: ['prices'], events: ['blocked'] },
      },
      { nightly, weekly: { steps: ['pull main'] } },
    )
    feedMugs(shop, 1000)
    await run()
    expect(posted).toHaveLength(1)
  })

  it('is not sent to whoever watches, nor of a dry run, but of a sync that cron calls', async () => {
    await open()
    feedMugs(shop, 1000)
    const options = { approvedBy: '--yes', allow: [] }
    await runJob(shop.open(env()), 'nightly', { watched: true })
    await syncAndTell(shop.open(env()), 'prices', { ...options, dryRun: false, watched: true })
    await syncAndTell(shop.open(env()), 'prices', { ...options, dryRun: true })
    expect(posted).toEqual([])
    await syncAndTell(shop.open(env()), 'prices', { ...options, dryRun: false })
    shop.feed([['sku', 'cost']])
    await expect(syncAndTell(shop.open(env()), 'prices', { ...options, dryRun: false })).rejects.toMatchObject({
      exit: 6,
    })
    expect(posted.map(({ event, job, subject }) => [event, job, subject])).toEqual([
      ['blocked', null, 'Skiff: sync prices was blocked (store main)'],
      ['failed', null, 'Skiff: sync prices failed (store main)'],
    ])
  })
})

describe('a webhook', () => {
  it('that fails is tried once more', async () => {
    await open()
    answers = [503]
    feedMugs(shop, 1000)
    await run()
    expect(posted).toHaveLength(2)
    expect(warnings()).toEqual([])
  })

  it('that takes nothing is told in the log, changes nothing of the run, and is tried at the next run', async () => {
    await open()
    answers = [404]
    feedMugs(shop, 1000)
    expect(await run()).toMatchObject({ state: 'blocked', exit: 4 })
    expect(warnings()).toEqual([
      'notice to team was not delivered: it answered 404 (Skiff: sync prices was blocked (store main, job nightly))',
    ])
    await run(HOUR)
    expect(posted).toHaveLength(2)
  })

  it('must be https, or on this machine', async () => {
    await open()
    feedMugs(shop, 1000)
    await run(DAY, { HOOK: 'http://hooks.example/T0/CANARY-hook-path' })
    expect(posted).toEqual([])
    expect(warnings()[0]).toContain('must begin with https://')
    expect(warnings()[0]).not.toContain('CANARY')
  })
})

/** A program of this test, in the folder of the configuration. */
const script = (name: string, text: string): string => {
  const path = join(shop.dir, name)
  writeFileSync(path, `#!${process.execPath}\n${text}\n`)
  chmodSync(path, 0o755)
  return `./${name}`
}

const KEEPS = `const fs = require('node:fs')
fs.writeFileSync('seen.json', fs.readFileSync(0)); fs.writeFileSync('env.json', JSON.stringify([process.argv.slice(2), process.env]))`

describe('a command', () => {
  it('gets the notice as JSON, its facts in the environment, and no secret', async () => {
    await open()
    const command = [script('tell.cjs', KEEPS), '--to', 'a b; rm']
    shop.configure((config) => {
      config.notify = { script: { command } }
    })
    feedMugs(shop, 1000)
    await run()
    expect(JSON.parse(readFileSync(join(shop.dir, 'seen.json'), 'utf8'))).toMatchObject({
      event: 'blocked',
      plan: 'p1',
    })
    const [args, seen] = JSON.parse(readFileSync(join(shop.dir, 'env.json'), 'utf8')) as [
      string[],
      Record<string, string>,
    ]
    expect(args).toEqual(['--to', 'a b; rm'])
    expect(seen).toMatchObject({ SKIFF_EVENT: 'blocked', SKIFF_JOB: 'nightly', SKIFF_PLAN: 'p1', SKIFF_EXIT: '4' })
    expect(JSON.stringify(seen)).not.toContain(shop.emulator.accessToken)
  })

  it.each([
    ['is not there', () => './nobody', /\.\/nobody cannot be started \(ENOENT\)/],
    ['fails', () => script('fail.cjs', "console.error('no route'); process.exit(3)"), /ended with 3: no route/],
  ])('that %s is told in the log', async (_what, program, words) => {
    await open()
    const command = [program()]
    shop.configure((config) => {
      config.notify = { script: { command } }
    })
    feedMugs(shop, 1000)
    expect(await run()).toMatchObject({ state: 'blocked' })
    expect(warnings().join()).toMatch(words)
  })

  it('that does not end is ended', async () => {
    await open()
    const program = script('hang.cjs', 'setInterval(() => undefined, 1000)')
    const way = { kind: 'command', program, args: [], env: {} } as const
    const notice = { event: 'test', subject: '', text: '' } as unknown as Notice
    expect(await runCommand(way, notice, shop.dir, 300)).toMatch(/was ended by SIGKILL/)
  })
})

/** As much of a mail server as one conversation needs; with `refuse`, one that repeats what it was told and lets nobody in. */
const mailServer = (mails: string[], refuse = false): Promise<number> =>
  new Promise((listening) => {
    const server = createServer((socket) => {
      let data: string | null = null
      socket.setEncoding('utf8').write('220 test ESMTP\r\n')
      let rest = ''
      socket.on('data', (chunk) => {
        rest += chunk
        for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
          const line = rest.slice(0, end)
          rest = rest.slice(end + 2)
          if (data !== null && line !== '.') data += `${line}\n`
          else if (data !== null) {
            mails.push(data)
            data = null
            socket.write('250 taken\r\n')
          } else if (line.startsWith('EHLO')) socket.write('250-test\r\n250 AUTH PLAIN\r\n')
          else if (line.startsWith('AUTH')) socket.write(refuse ? `535 not you: ${line}\r\n` : '235 welcome\r\n')
          else if (line === 'DATA') {
            data = ''
            socket.write('354 go on\r\n')
          } else if (line === 'QUIT') socket.end('221 bye\r\n')
          else socket.write('250 ok\r\n')
        }
      })
      socket.on('error', () => undefined)
    })
    smtp = server.listen(0, '127.0.0.1', () => listening((server.address() as AddressInfo).port))
  })

const PASSWORD = 'CANARY-smtp-password'
const mail = { server: 'env:SMTP', from: 'skiff@shop.example', to: ['ops@shop.example', 'anna@shop.example'] }

describe('a mail', () => {
  it('is a plain one with subject and text', async () => {
    await open({ ops: { mail } })
    const mails: string[] = []
    const port = await mailServer(mails)
    feedMugs(shop, 1000)
    await run(DAY, { SMTP: `smtp://skiff:${PASSWORD}@127.0.0.1:${port}` })
    expect(warnings()).toEqual([])
    expect(mails).toHaveLength(1)
    const [text] = mails
    expect(text).toContain('From: skiff@shop.example')
    expect(text).toContain('To: ops@shop.example, anna@shop.example')
    expect(text).toMatch(/Subject: Skiff: sync prices was blocked \(store main, job\s+nightly\)/)
    expect(text).toContain('skiff show p1 --details')
    expect(text).not.toContain('CANARY')
  })

  it('S17: no secret is told by a server that lets nobody in, nor by anything that is written', async () => {
    await open({ ops: { mail }, team: { webhook: 'env:HOOK' } })
    const port = await mailServer([], true)
    answers = [500, 500]
    feedMugs(shop, 1000)
    const secrets = { SMTP: `smtp://skiff:${PASSWORD}@127.0.0.1:${port}` }
    await run(DAY, secrets)
    expect(warnings()).toHaveLength(2)
    expect(warnings().join()).toMatch(/EAUTH/)
    const found = await checkAll(shop.open(env(secrets)), [], { notify: true })
    expect(found.findings.filter(({ of }) => of.startsWith('notify')).map(({ verdict }) => verdict)).toEqual([
      'bad',
      'ok',
    ])
    const state = join(shop.dir, '.skiff', 'notices')
    const written = readdirSync(state).map((name) => readFileSync(join(state, name), 'utf8'))
    const all = [shop.progress, found, written, posted, shop.open(env(secrets)).settings]
      .map((one) => JSON.stringify(one))
      .join()
    for (const secret of ['CANARY', shop.emulator.accessToken, Buffer.from(`\0skiff\0${PASSWORD}`).toString('base64')])
      expect(all).not.toContain(secret)
  })
})

// Virtual time goes on while the work takes real time: on a machine that is very busy, days may pass before it is done.
describe('serve', { retry: 2 }, () => {
  /** Serves until something is told. */
  const serveUntil = async (until: (line: string) => boolean, tell: (text: string) => void = () => undefined) => {
    const stop = new AbortController()
    await serve({
      open: (progress) => shop.open({ ...env(), progress, signal: stop.signal }),
      host: 'test',
      log: (_level, text) => {
        tell(text)
        if (until(text)) stop.abort()
      },
    })
  }

  it('P16: tells at its start that a job did not run while it was down', async () => {
    await open()
    feedMugs(shop, 11)
    await serveUntil((text) => text.startsWith('ended'))
    shop.clock.advance(2 * DAY)
    await serveUntil((text) => text.startsWith('ended'))
    expect(posted.map(({ event, subject, text }) => [event, subject, text.split('\n')[0]])).toEqual([
      ['missed', 'Skiff: job nightly did not run at its time', 'job nightly: late: it was due at 2026-03-05T02:00:00Z'],
    ])
  })

  it('P14: tells that an instant passed while the run before it went on', async () => {
    await open({ team: { webhook: 'env:HOOK' } }, { often: { cron: '* * * * *', steps: ['pull main'] } })
    let slept = false
    await serveUntil(
      (text) => text.startsWith('ended'),
      (text) => {
        if (text === 'often: pull main' && !slept) {
          slept = true
          shop.clock.advance(150_000)
        }
      },
    )
    expect(posted.map(({ event, text }) => [event, text.includes('skipped at')])).toEqual([['missed', true]])
  })

  it('tells that a run was cut short too often to be tried again before its next time', async () => {
    await open()
    feedMugs(shop, 11)
    await serveUntil((text) => text.startsWith('ended'))
    const path = join(shop.dir, '.skiff', 'jobs', 'nightly.json')
    const [last] = JSON.parse(readFileSync(path, 'utf8')) as { run: string }[]
    const cut = [1, 2, 3].map((number) => ({
      ...last,
      run: `nightly-${number}`,
      finished: null,
      state: 'running',
      exit: null,
    }))
    writeFileSync(path, JSON.stringify(cut.reverse()))
    await serveUntil((text) => text.includes('was cut short 3 times'))
    expect(posted).toMatchObject([{ event: 'missed', text: expect.stringContaining('was cut short 3 times') }])
  })
})

describe('the check', () => {
  it('says of each notifier what can be said without a notice', async () => {
    await open()
    const command = script('tell.cjs', KEEPS)
    const port = await mailServer([])
    shop.configure((config) => {
      config.notify = {
        script: { command: [command] },
        nobody: { command: ['no-such-program-anywhere'] },
        team: { webhook: 'env:HOOK' },
        unset: { webhook: 'env:UNSET' },
        ops: { mail },
      }
    })
    const workspace = shop.open(env({ SMTP: `smtp://127.0.0.1:${port}` }))
    const found = (await checkAll(workspace, [])).findings.filter(({ of }) => of.startsWith('notify'))
    expect(found.map(({ of, verdict }) => [of, verdict])).toEqual([
      ['notify script', 'ok'],
      ['notify nobody', 'bad'],
      ['notify team', 'note'],
      ['notify unset', 'bad'],
      ['notify ops', 'ok'],
    ])
    expect(found[2]?.detail).toContain('hooks.example;')
    expect(posted).toEqual([])
    expect(existsSync(join(shop.dir, 'seen.json'))).toBe(false)
    await checkAll(workspace, [], { notify: true })
    expect(posted).toMatchObject([{ event: 'test', subject: 'Skiff: a test' }])
    expect(existsSync(join(shop.dir, 'seen.json'))).toBe(true)
  })
})

describe('what notices remember', () => {
  it('that cannot be written is told, and the run stays as it is', async () => {
    await open()
    mkdirSync(join(shop.dir, '.skiff', 'notices', 'job.nightly.sync.prices.json'), { recursive: true })
    feedMugs(shop, 1000)
    expect(await run()).toMatchObject({ state: 'blocked', exit: 4 })
    expect(warnings().join()).toMatch(/^nobody could be told: EISDIR/)
  })
})
