import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'jsonc-parser'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cronLine,
  hashIn,
  type InitAnswers,
  loadSettings,
  lookAtFeed,
  neededScopes,
  refuseToOverwrite,
  reveal,
  systemdUnit,
  writeInit,
} from '../../../src/app/index.ts'
import { catalog } from '../../../src/resources/index.ts'

let dir: string
let file: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-init-'))
  file = join(dir, 'sync.config.json')
})
afterEach(() => rmSync(dir, { recursive: true }))

const TOKEN = 'abcdef0123456789abcdef0123456789'
const feed = {
  path: 'feed.csv',
  delimiter: ';',
  encoding: 'windows-1252',
  endsWithNewline: false,
  key: 'Art "Nr"',
  price: 'Preis',
  stock: 'Bestand',
} as const
const full: InitAnswers = {
  hash: 'abc123',
  api: null,
  token: { value: TOKEN },
  resources: ['products', 'variants'],
  feed,
  schedule: { cron: '0 2 * * *', timezone: 'Europe/Berlin', approve: 'auto' },
}
const write = (answers: Partial<InitAnswers> = {}, force = false) =>
  writeInit(file, { ...full, ...answers }, { catalog, env: {}, force })

describe('the files that init writes', () => {
  it('are a sound configuration that says what was answered', () => {
    expect(write()).toEqual({ config: file, env: join(dir, '.env') })
    const settings = loadSettings(file, {}, catalog)
    expect(settings.warnings).toEqual([])
    expect(settings.stores['main']).toMatchObject({ hash: 'abc123', resources: ['products', 'variants'] })
    expect(settings.sources['feed']).toMatchObject({
      path: join(dir, 'feed.csv'),
      delimiter: ';',
      encoding: 'windows-1252',
      finalNewline: 'optional',
    })
    expect(settings.syncs[0]).toMatchObject({ name: 'prices', resource: 'skus', key: { sku: 'Art "Nr"' } })
    expect(Object.keys(settings.syncs[0]?.fields ?? {})).toEqual(['price', 'inventory_level'])
    expect(settings.jobs['nightly']).toMatchObject({
      approve: 'auto',
      steps: [{ target: 'main' }, { target: 'prices' }],
    })
    const auth = settings.stores['main']?.auth
    expect(auth && 'accessToken' in auth && reveal(auth.accessToken)).toBe(TOKEN)
  })

  it.each([
    ['a stock feed', { feed: { ...feed, price: null } }],
    ['no feed', { feed: null }],
    ['no schedule', { schedule: null }],
    ['neither', { feed: null, schedule: null }],
    ['an emulator', { api: 'http://127.0.0.1:8080', token: { reference: 'env:OTHER' } }],
  ])('are sound with %s, and keep their comments', (_name, answers) => {
    write(answers)
    expect(() => loadSettings(file, {}, catalog)).not.toThrow()
    expect(readFileSync(file, 'utf8')).toContain('// leave room')
    const errors: [] = []
    parse(readFileSync(file, 'utf8'), errors, { allowTrailingComma: false })
    expect(errors).toEqual([])
  })

  it('never hold the token in the configuration, and keep it from other users', () => {
    write()
    expect(readFileSync(file, 'utf8')).not.toContain(TOKEN)
    expect(statSync(join(dir, '.env')).mode & 0o777).toBe(0o600)
    expect(readdirSync(dir).sort()).toEqual(['.env', 'sync.config.json'])
  })

  it('leave the other lines of .env as they were', () => {
    writeFileSync(join(dir, '.env'), 'ERP_URL=postgres://x\n# note', { mode: 0o644 })
    write()
    expect(readFileSync(join(dir, '.env'), 'utf8')).toBe(`ERP_URL=postgres://x\n# note\nBC_TOKEN=${TOKEN}\n`)
    expect(statSync(join(dir, '.env')).mode & 0o777).toBe(0o600)
    write({ token: { value: 'a$&b#c' } }, true)
    expect(readFileSync(join(dir, '.env'), 'utf8')).toContain("\nBC_TOKEN='a$&b#c'\n")
  })

  it('do not replace what is there, unless forced', () => {
    write()
    expect(() => write({ hash: 'other' })).toThrow('the configuration exists')
    expect(() => write({ hash: 'other' }, true)).not.toThrow()
    rmSync(file)
    expect(() => refuseToOverwrite(file, { token: { value: 'x' } }, false)).toThrow('BC_TOKEN')
    expect(() => refuseToOverwrite(file, { token: { reference: 'env:X' } }, false)).not.toThrow()
  })

  it('are not written from answers that make no sound configuration', () => {
    expect(() => write({ schedule: { cron: 'at noon', timezone: 'UTC', approve: 'ask' } })).toThrow('cron')
    expect(readdirSync(dir)).toEqual([])
  })
})

describe('a look at a feed', () => {
  const look = (content: string | Buffer) => {
    writeFileSync(join(dir, 'feed.csv'), content)
    return lookAtFeed(join(dir, 'feed.csv'))
  }

  it('proposes delimiter, columns and what they mean', () => {
    expect(look('\uFEFFItem No;"Name; long";Cost price;Sales Price;Qty on hand\n1;x;2;3;4\n')).toEqual({
      columns: ['Item No', 'Name; long', 'Cost price', 'Sales Price', 'Qty on hand'],
      empty: [],
      delimiter: ';',
      encoding: null,
      endsWithNewline: true,
      guess: { key: 'Item No', price: 'Sales Price', stock: 'Qty on hand' },
    })
  })

  it('sees an encoding that is not UTF-8, and a last line without its end', () => {
    const found = look(Buffer.from('sku,Preis\nA,\xa31\nB\xfc,2', 'latin1'))
    expect(found).toMatchObject({
      encoding: 'windows-1252',
      endsWithNewline: false,
      guess: { key: 'sku', price: 'Preis' },
    })
    expect(look(Buffer.from('\uFEFFsku,price\nA,1\n', 'utf16le'))).toMatchObject({
      columns: ['sku', 'price'],
      encoding: null,
    })
  })

  it('tells columns that have no cell, and nothing of a file without rows', () => {
    expect(look('sku,name,price\n,Mug,1\n" ",Tin,2\n').empty).toEqual(['sku'])
    expect(look('sku,name\n').empty).toEqual([])
  })

  it('is not troubled by where the beginning of a large file is cut', () => {
    const text = `"${'one\ntwo\n'.repeat(100_000)}"`
    const found = look(`sku,price,text\n,1,${text}\n,2,${text}\n`)
    expect(found).toMatchObject({ columns: ['sku', 'price', 'text'], empty: ['sku'] })
  })

  it('guesses nothing where no name says it', () => {
    expect(look('a,b\n1,2\n').guess).toEqual({ key: null, price: null, stock: null })
  })

  it('refuses a file that is not there, or is empty', () => {
    expect(() => lookAtFeed(join(dir, 'none.csv'))).toThrow('cannot be read')
    expect(() => look('')).toThrow('no header')
  })
})

describe('the store hash', () => {
  it.each(['abc123', ' abc123\n', 'https://api.bigcommerce.com/stores/abc123/v3/'])('is found in %j', (pasted) => {
    expect(hashIn(pasted)).toBe('abc123')
  })

  it('is not guessed from anything else', () => {
    expect(() => hashIn('https://my-shop.example/')).toThrow('no store hash')
  })
})

describe('the advice', () => {
  it('asks for the least scopes', () => {
    expect(neededScopes(catalog, { resources: ['products', 'orders'], feed }).map(({ scope }) => scope)).toEqual([
      'store_v2_information_read_only',
      'store_v2_products',
      'store_v2_orders_read_only',
      'store_inventory',
    ])
    expect(neededScopes(catalog, { resources: ['products'], feed: null }).every(({ modify }) => !modify)).toBe(true)
  })

  it('gives a line for crontab and a unit for systemd that start in the right folder', () => {
    expect(cronLine('/srv/shop/sync.config.json', '0 2 * * *')).toBe(
      "0 2 * * * cd '/srv/shop' && skiff run nightly --quiet >> skiff.log 2>&1",
    )
    expect(systemdUnit('/srv/shop/sync.config.json')).toContain('WorkingDirectory=/srv/shop\n')
  })
})
