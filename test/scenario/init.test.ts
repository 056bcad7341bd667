import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tryStore, writeInit } from '../../src/app/index.ts'
import type { InitArgs } from '../../src/cli/init.ts'
import { askAnswers } from '../../src/cli/init-questions.ts'
import type { Prompts } from '../../src/cli/prompts.ts'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { createEmulator, serve } from '../../src/emulator/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { fakeIo } from '../support/cli.ts'
import { virtualClock } from '../support/virtual-clock.ts'

const emulator = createEmulator({ catalog, clock: virtualClock(), products: 10, plan: 'unlimited' })
let server: Awaited<ReturnType<typeof serve>>
let dir: string
beforeAll(async () => {
  server = await serve(emulator)
})
afterAll(() => server.close())
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-init-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const skiff = async (...argv: string[]) => {
  const io = fakeIo({ cwd: dir, env: { SHOP_TOKEN: emulator.accessToken }, columns: 200 })
  return { exit: await run(argv, io, verbs), out: io.out(), err: io.err() }
}

describe('init without a terminal', () => {
  const flags = () => ['--yes', '--hash', emulator.storeHash, '--api', server.url]

  it('tries the connection, writes both files, and what it wrote works', async () => {
    writeFileSync(join(dir, 'erp.csv'), 'SKU,Price,Stock\nA,1,2\n')
    const made = await skiff('init', ...flags(), '--token', emulator.accessToken, '--csv', 'erp.csv')
    expect(made.exit, made.err).toBe(0)
    expect(made.out).toContain('Connected: ')
    expect(made.out).toContain('skiff run nightly')
    expect(made.out).toContain('ExecStart=')
    expect(made.out + made.err).not.toContain(emulator.accessToken)
    expect(readFileSync(join(dir, '.env'), 'utf8')).toBe(`BC_TOKEN=${emulator.accessToken}\n`)
    const checked = await skiff('check', '--json')
    const { findings } = JSON.parse(checked.out)
    expect(findings.filter(({ verdict }: { verdict: string }) => verdict === 'bad')).toEqual([])
    expect((await skiff('pull', '--quiet')).exit).toBe(0)
  })

  it('leaves a token in the variable where it is', async () => {
    const made = await skiff('init', ...flags(), '--token-env', 'SHOP_TOKEN', '--json')
    expect(made.exit, made.err).toBe(0)
    expect(JSON.parse(made.out)).toMatchObject({
      files: { config: join(dir, 'sync.config.json'), env: null },
      store: { currency: 'USD' },
    })
    expect(existsSync(join(dir, '.env'))).toBe(false)
    expect((await skiff('init', ...flags(), '--token-env', 'SHOP_TOKEN')).exit).toBe(2)
  })

  it('writes nothing when the store does not take the token, or when it was not told enough', async () => {
    expect((await skiff('init', ...flags(), '--token', 'wrongToken0000000000000000')).exit).toBe(7)
    expect(await skiff('init', '--yes')).toMatchObject({ exit: 2, err: expect.stringContaining('--hash') })
    expect(await skiff('init')).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') })
    writeFileSync(join(dir, 'erp.csv'), 'a,b\n1,2\n')
    const vague = await skiff('init', ...flags(), '--token-env', 'SHOP_TOKEN', '--csv', 'erp.csv')
    expect(vague).toMatchObject({ exit: 2, err: expect.stringContaining('there are a, b') })
    expect(existsSync(join(dir, 'sync.config.json'))).toBe(false)
  })

  it('writes although the store is not to be reached, and says so', async () => {
    const made = await skiff('init', '--yes', '--hash', 'abc', '--token-env', 'UNSET_TOKEN')
    expect(made.exit).toBe(0)
    expect(made.err).toContain('env:UNSET_TOKEN is not set')
  })
})

describe('init at a terminal', () => {
  it('asks for what it needs, offers the columns of the feed, and asks for the token again when it is refused', async () => {
    writeFileSync(join(dir, 'erp.csv'), 'Nr,Preis,Bestand\nA,1,2\n')
    const asked: string[] = []
    const told: string[] = []
    const tokens = ['wrongToken0000000000000000', emulator.accessToken]
    const texts = [`${server.url}/stores/${emulator.storeHash}/v3/`, 'erp.csv']
    const prompts: Prompts = {
      text: async (message) => {
        asked.push(message)
        return texts.shift() ?? ''
      },
      secret: async () => tokens.shift() ?? '',
      choose: async (message, choices, initial) => {
        asked.push(`${message} ${choices.map(({ label }) => label).join('|')}`)
        return message.includes('SKU') ? 'Nr' : initial
      },
      chooseMany: async (_message, _choices, initial) => initial,
      confirm: async () => false,
      tell: (title, body) => told.push(`${title}: ${body}`),
    }
    const args = { yes: false, force: false, api: server.url } as InitArgs
    const place = { catalog, dir, timezone: 'Europe/Berlin' }
    const answers = await askAnswers(prompts, args, place, async (at, token) => {
      const { domain } = await tryStore(at, token, { catalog, signal: new AbortController().signal })
      return domain
    })
    expect(asked).toContain('Which column holds the SKU? Nr|Preis|Bestand')
    expect(answers).toMatchObject({
      hash: emulator.storeHash,
      token: { value: emulator.accessToken },
      feed: { path: 'erp.csv', key: 'Nr', price: 'Preis', stock: 'Bestand' },
      schedule: { cron: '0 2 * * *', timezone: 'Europe/Berlin', approve: 'ask' },
    })
    expect(told.map((text) => text.split(':')[0])).toEqual([
      'An API account for Skiff',
      'The store does not take it',
      'The store answers',
    ])
    expect(told.join()).not.toContain(emulator.accessToken)
    expect(() => writeInit(join(dir, 'c.json'), answers, { catalog, env: {}, force: false })).not.toThrow()
  })

  it('asks where the pictures of an export lie that names them by their paths, and offers what was said before', async () => {
    const head = 'sku,store_view_code,attribute_set_code,product_type,price,configurable_variations,name,description'
    const rest = 'categories,weight,product_online,meta_title,meta_description,base_image'
    writeFileSync(join(dir, 'export.csv'), `${head},${rest}\n`)
    const refused: (string | undefined)[] = []
    const prompts: Prompts = {
      text: async (message, { refuse, initial } = {}) => {
        if (!message.includes('pictures')) return 'abc'
        expect(initial).toBe('https://old.example.com')
        for (const answer of ['old.example.com', 'https://old.example.com', '']) refused.push(refuse?.(answer))
        return 'https://old.example.com'
      },
      secret: async () => 'token',
      choose: async (_message, _choices, initial) => initial,
      chooseMany: async (_message, _choices, initial) => initial,
      confirm: async () => false,
      tell: () => undefined,
    }
    const args = { from: 'export.csv', media: 'https://old.example.com' } as InitArgs
    const answers = await askAnswers(prompts, args, { catalog, dir, timezone: 'UTC' }, async () => '')
    expect(refused).toEqual([expect.stringContaining('neither an address'), undefined, undefined])
    expect(answers.feed?.media).toBe('https://old.example.com/media/catalog/product')
  })
})
