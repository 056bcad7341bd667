import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FileSettings, loadSettings, reveal } from '../../../../src/app/settings/index.ts'
import { UsageError } from '../../../../src/model/index.ts'
import { catalog } from '../../../../src/resources/index.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-places-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

const load = (feed: object): FileSettings => {
  const file = join(dir, 'sync.config.json')
  writeFileSync(file, JSON.stringify({ stores: {}, sources: { feed } }))
  return loadSettings(file, { PW: 's3cret', TOKEN: 'Bearer x' }, catalog).sources['feed'] as FileSettings
}

/** What is wrong, or nothing. */
const fault = (feed: object): string => {
  try {
    load(feed)
    return ''
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
}

const HOST_KEY = `SHA256:${'a'.repeat(43)}`
const SFTP = {
  type: 'csv',
  path: 'sftp://erp@files.example.com:2222/out/erp.csv',
  password: 'env:PW',
  hostKey: HOST_KEY,
}
const S3 = { type: 'jsonl', path: 's3://bucket/erp/feed.jsonl', accessKeyId: 'env:PW', secretAccessKey: 'env:PW' }

describe('where a file lies', () => {
  it('is a path of this machine, or an address that stays as it is', () => {
    expect(load({ type: 'tsv', path: 'feeds/erp.tsv' })).toMatchObject({
      path: join(dir, 'feeds/erp.tsv'),
      settleSeconds: 0,
    })
    expect(load({ type: 'csv', path: 'feeds/*.csv', pick: 'newest' }).path).toBe(join(dir, 'feeds/*.csv'))
    expect(load({ type: 'json', path: 'https://erp.example.com/items.json', at: 'items' }).path).toBe(
      'https://erp.example.com/items.json',
    )
  })

  it('S17: keeps its secrets as references until they are used, and shows them nowhere', () => {
    const settings = load({ ...SFTP, write: true })
    expect(JSON.stringify(settings)).not.toContain('s3cret')
    expect(settings.password && reveal(settings.password)).toBe('s3cret')
    const { headers } = load({
      type: 'csv',
      path: 'https://erp.example.com/a.csv',
      headers: { Authorization: 'env:TOKEN' },
    })
    expect(headers?.['Authorization'] && reveal(headers['Authorization'])).toBe('Bearer x')
    expect(load(S3).accessKeyId && reveal(load(S3).accessKeyId as never)).toBe('s3cret')
  })

  it.each<[string, object, string]>([
    ['a secret that is written down', { ...SFTP, password: 'hunter2' }, 'must say where the secret is'],
    [
      'a password in the address',
      { type: 'csv', path: 'sftp://erp:pw@host/a', password: 'env:PW' },
      'must not hold a password',
    ],
    ['an unknown kind of address', { type: 'csv', path: 'ftp://host/a.csv' }, 'begins with ftp://, which is not read'],
    ['http over the world', { type: 'csv', path: 'http://erp.example.com/a.csv' }, 'must begin with https://'],
    ['no user', { type: 'csv', path: 'sftp://host/a.csv', password: 'env:PW' }, 'must name the user'],
    ['no log-in', { type: 'csv', path: 'sftp://erp@host/a.csv' }, 'needs "password" or "privateKey"'],
    ['half a log-in', { ...S3, secretAccessKey: undefined }, 'needs both "accessKeyId" and "secretAccessKey"'],
    ['a store over http', { ...S3, endpoint: 'http://s3.example.com' }, 'endpoint: must begin with https://'],
    ['a bucket alone', { type: 'csv', path: 's3://bucket' }, 'must be "s3://bucket/key"'],
    [
      'keys of another kind',
      { type: 'csv', path: 'a.csv', region: 'eu-west-1' },
      'is for a path that begins with s3://',
    ],
    ['headers of a file', { type: 'csv', path: 'a.csv', headers: {} }, 'is for a path that begins with https://'],
    ['a pick without a pattern', { type: 'csv', path: 'a.csv', pick: 'newest' }, 'is for a pattern such as "*.csv"'],
    ['a pattern of folders', { type: 'csv', path: '*/a.csv' }, 'in the name of the file only'],
    [
      'writing to an address',
      { type: 'csv', path: 'https://e.example/a.csv', write: true },
      'nothing can be written to them',
    ],
    ['the entry of a workbook', { type: 'xlsx', path: 'a.xlsx', entry: 'b' }, 'of a workbook, name the "sheet"'],
    [
      'a fingerprint of another kind',
      { ...SFTP, hostKey: 'MD5:aa:bb' },
      'must be the fingerprint that `ssh-keygen -l` shows',
    ],
    ['a delimiter of a format without one', { type: 'jsonl', path: 'a.jsonl', delimiter: ';' }, 'delimiter'],
  ])('is refused with %s', (_what, feed, message) => {
    expect(fault(feed)).toContain(message)
  })

  it.each([
    { type: 'csv', path: 'http://127.0.0.1:8080/a.csv' },
    { type: 'csv', path: 'http://erp.local/a.csv' },
    { type: 'csv', path: 'a.csv', delimiter: 'auto', encoding: 'auto' },
    { type: 'csv', path: 'a.zip', entry: 'out/erp.csv', settleSeconds: 30 },
    { type: 'csv', path: 's3://bucket/key', endpoint: 'http://127.0.0.1:9000', region: 'x' },
    SFTP,
    S3,
  ])('may be %o', (feed) => {
    expect(fault(feed)).toBe('')
  })
})
