import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type S3FileOptions, s3File } from '../../../../src/sources/locations/s3-file.ts'
import { type Door, type S3Store, startS3 } from '../../../support/s3.ts'
import { readAll } from './support.ts'

// A store that speaks S3, with a door before it that answers some requests as other stores do.
let server: S3Store
let door: Door | undefined
const seen: IncomingMessage[] = []

beforeAll(async () => {
  server = await startS3((request, response) => {
    seen.push(request)
    return door?.(request, response) ?? false
  })
}, 30_000)
afterAll(() => server.close())
beforeEach(() => {
  door = undefined
  seen.length = 0
})

const put = (key: string, body: string) => server.write(key, body)
const stored = async (key: string) => ({ text: await server.read(key), ...(await server.facts(key)) })

const at = (key: string, more: Partial<S3FileOptions> = {}) =>
  s3File({
    bucket: 'feeds',
    key,
    endpoint: server.origin,
    login: () => ({ accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }),
    ...more,
  })

const refuse = (response: ServerResponse, status: number, code: string): true => {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`)
  return true
}

describe('an object in S3', () => {
  it('is read with the time of its last change', async () => {
    const text = `SKU,Price\n${'A1,1.50\n'.repeat(50_000)}`
    await put('erp/feed.csv', text)
    expect(await readAll(at('erp/feed.csv'))).toEqual({
      text,
      modified: expect.stringMatching(/^20\d\d-.*Z$/),
      origin: 's3://feeds/erp/feed.csv',
    })
  })

  it('is refused when it is not there, its bucket is not, or the log-in is wrong', async () => {
    expect(await readAll(at('missing.csv'))).toContain('s3://feeds/missing.csv does not exist')
    expect(await readAll(at('x', { bucket: 'nobody' }))).toContain('names a bucket that does not exist')
    const login = () => ({ accessKeyId: 'nobody', secretAccessKey: 'wrong' })
    expect(await readAll(at('erp/feed.csv', { login }))).toContain('is refused by the store')
  })

  it('D10: is refused when its transfer breaks off', async () => {
    door = (_request, response) => {
      response.writeHead(200, { 'content-length': 100, etag: '"x"' }).write('SKU,Price\n')
      setTimeout(() => response.destroy(), 20)
      return true
    }
    expect(await readAll(at('erp/feed.csv'))).toContain('is cut: 10 of 100 bytes came')
  })

  it('shows by its tag and time whether it moves', async () => {
    await put('moves.csv', 'a')
    const before = await at('moves.csv').look?.()
    expect(await at('moves.csv').look?.()).toBe(before)
    await put('moves.csv', 'b')
    expect(await at('moves.csv').look?.()).not.toBe(before)
  })

  it('is replaced while its tag is the one that was read, and keeps its type and metadata', async () => {
    await put('back.csv', 'old')
    await at('back.csv').replace?.(Buffer.from('old'), Buffer.from('new'))
    expect(await stored('back.csv')).toEqual({ text: 'new', type: 'text/csv', metadata: { by: 'erp' } })
    expect(seen.find(({ method, headers }) => method === 'PUT' && headers['if-match'])).toBeDefined()
  })

  it('is left alone when it is no longer what was read', async () => {
    await put('back.csv', 'newer')
    await expect(at('back.csv').replace?.(Buffer.from('old'), Buffer.from('new'))).rejects.toThrow(
      'changed since it was read',
    )
    expect(await stored('back.csv')).toMatchObject({ text: 'newer' })
  })

  it('is left alone when the store says that its tag moved in the last moment', async () => {
    await put('back.csv', 'old')
    door = ({ method }, response) => method === 'PUT' && refuse(response, 412, 'PreconditionFailed')
    await expect(at('back.csv').replace?.(Buffer.from('old'), Buffer.from('new'))).rejects.toThrow(
      'changed since it was read',
    )
  })

  it('is replaced in a store that cannot check tags, unless its tag moved', async () => {
    await put('back.csv', 'old')
    door = ({ method, headers }, response) =>
      method === 'PUT' && headers['if-match'] !== undefined && refuse(response, 501, 'NotImplemented')
    await at('back.csv').replace?.(Buffer.from('old'), Buffer.from('new'))
    expect(await stored('back.csv')).toMatchObject({ text: 'new' })
    door = ({ method, headers }, response) => {
      if (method === 'HEAD') response.writeHead(200, { etag: '"moved"' }).end()
      return (
        method === 'HEAD' ||
        (method === 'PUT' && headers['if-match'] !== undefined && refuse(response, 501, 'NotImplemented'))
      )
    }
    await expect(at('back.csv').replace?.(Buffer.from('new'), Buffer.from('newer'))).rejects.toThrow('changed since')
    door = undefined
    expect(await stored('back.csv')).toMatchObject({ text: 'new' })
  })
})
