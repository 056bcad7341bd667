import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemRequest } from '../../../../src/app/network.ts'
import { systemClock } from '../../../../src/app/system-clock.ts'
import { isInsideHost, isPublicAddress } from '../../../../src/sources/locations/address.ts'
import { type HttpFileOptions, httpFile } from '../../../../src/sources/locations/http-file.ts'
import { serveHttp, type TestServer } from '../../../support/http.ts'
import { readAll } from './support.ts'

const CSV = 'SKU,Price\nA1,1.50\n'
const MODIFIED = 'Wed, 25 Nov 2026 06:07:08 GMT'

let server: TestServer
let other: TestServer
const seen: IncomingMessage[] = []

const answers: Readonly<Record<string, (response: ServerResponse, request: IncomingMessage) => void>> = {
  '/feed.csv': (response) =>
    response.writeHead(200, { 'last-modified': MODIFIED, etag: '"v1"', 'content-length': CSV.length }).end(CSV),
  '/chunked': (response) => {
    response.write('SKU,')
    response.end('Price\n')
  },
  '/moved': (response) => response.writeHead(302, { location: '/feed.csv' }).end('gone'),
  '/round': (response) => response.writeHead(302, { location: '/round' }).end(),
  '/nowhere': (response) => response.writeHead(302).end(),
  '/local-file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/elsewhere': (response) => response.writeHead(302, { location: `${other.origin}/feed.csv` }).end(),
  '/inside': (response) => response.writeHead(307, { location: 'https://169.254.169.254/latest/meta-data' }).end(),
  '/inside-v6': (response) => response.writeHead(307, { location: 'https://[::ffff:127.0.0.1]:1/' }).end(),
  '/inside-hex': (response) => response.writeHead(307, { location: 'https://0x7f000001:3/' }).end(),
  '/inside-number': (response) => response.writeHead(307, { location: 'https://2130706433:3/' }).end(),
  '/inside-name': (response) => response.writeHead(307, { location: 'https://localhost:3/' }).end(),
  '/short': (response) => {
    response.writeHead(200, { 'content-length': CSV.length })
    response.write(CSV.slice(0, 10))
    setTimeout(() => response.destroy(), 20)
  },
  '/broken-off': (response) => {
    response.write(CSV.slice(0, 10))
    setTimeout(() => response.destroy(), 20)
  },
  '/packed': (response) => response.writeHead(200, { 'content-encoding': 'br' }).end('x'),
  '/endless': (response) => {
    const more = () => response.write('x'.repeat(65536), () => setImmediate(more))
    more()
  },
  '/slow': (response) => response.writeHead(200).write('S'),
  '/private': (response, { headers }) =>
    headers.authorization === 'Bearer s3cret' ? response.end(CSV) : response.writeHead(401).end(),
}

beforeAll(async () => {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    seen.push(request)
    const answer = answers[request.url?.split('?')[0] ?? '']
    if (answer) answer(response, request)
    else response.writeHead(404).end()
  }
  server = await serveHttp(listener)
  other = await serveHttp(listener)
})
afterAll(() => Promise.all([server.close(), other.close()]))

const at = (path: string, more: Partial<HttpFileOptions> = {}) =>
  httpFile({
    url: `${server.origin}${path}`,
    headers: () => ({}),
    request: systemRequest,
    clock: systemClock,
    ...more,
  })

describe('a file behind an address', () => {
  it('is read with the time of its last change; its query is not shown, as it may hold a secret', async () => {
    expect(await readAll(at('/feed.csv?key=s3cret'))).toEqual({
      text: CSV,
      modified: '2026-11-25T06:07:08Z',
      origin: `${server.origin}/feed.csv`,
    })
    expect(await readAll(at('/chunked'))).toMatchObject({ text: 'SKU,Price\n', modified: null })
  })

  it('shows by its tag, time and length whether it moves', async () => {
    expect(await at('/feed.csv').look?.()).toBe(`"v1" ${MODIFIED} ${CSV.length}`)
  })

  it('is found behind a redirect of its own server', async () => {
    expect(await readAll(at('/moved'))).toMatchObject({ text: CSV })
  })

  it('sends its headers, and a refusal says how to set them', async () => {
    expect(await readAll(at('/private', { headers: () => ({ Authorization: 'Bearer s3cret' }) }))).toMatchObject({
      text: CSV,
    })
    expect(await readAll(at('/private'))).toContain(
      'answers with status 401 (set what the server asks for as "headers"',
    )
    expect(await readAll(at('/missing'))).toContain('answers with status 404')
  })

  it.each([
    ['/round', 'leads elsewhere more than 3 times'],
    ['/nowhere', 'leads elsewhere to nowhere'],
    ['/local-file', 'leads elsewhere to file:'],
    ['/elsewhere', 'which is not https'],
    ['/packed', 'was sent as br, which was not asked for'],
  ])('refuses %s', async (path, message) => {
    expect(await readAll(at(path))).toContain(message)
  })

  it.each(['/inside', '/inside-v6', '/inside-hex', '/inside-number', '/inside-name'])(
    'S5: does not follow a redirect into a private network: %s',
    async (path) => {
      const before = seen.length
      expect(await readAll(at(path))).toContain('which is inside a private network')
      expect(seen.length).toBe(before + 1)
    },
  )

  it('S5: does not connect to an address inside unless the config’s own host says that it is inside', async () => {
    const { port } = new URL(server.origin)
    expect(await readAll(at('', { url: `http://localhost:${port}/feed.csv` }))).toMatchObject({ text: CSV })
    // A public name, and what it might lead to.
    const request: HttpFileOptions['request'] = (url, init) => {
      expect(init.inside).toBe(false)
      return systemRequest(url.replace('shop.example', 'localhost'), init)
    }
    expect(await readAll(at('', { url: `https://shop.example:${port}/feed.csv`, request }))).toContain(
      'localhost leads to',
    )
  })

  it.each(['/short', '/broken-off'])('D10: refuses a file whose transfer broke off: %s', async (path) => {
    expect(await readAll(at(path))).toContain(`${server.origin}${path} is cut: 10`)
  })

  it('D29: refuses a file that does not end, by its size or by the time', async () => {
    expect(await readAll(at('/endless', { most: 1024 * 1024 }))).toContain('is larger than 1 MB')
    expect(await readAll(at('/slow', { limitMs: 1000 }))).toContain('is cut: 1 bytes came')
  })

  it('says when nobody answers', async () => {
    expect(await readAll(at('', { url: 'http://127.0.0.1:3/feed.csv' }))).toContain(
      'cannot be reached: connect ECONNREFUSED',
    )
  })
})

describe('addresses', () => {
  it.each([
    ...['127.0.0.1', '127.8.9.1', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
    ...['100.64.0.1', '0.0.0.0', '192.0.0.170', '198.18.0.1', '224.0.0.1', '239.1.1.1', '255.255.255.255'],
    ...['::1', '::', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:7f00:1', '::127.0.0.1'],
    ...['64:ff9b::10.0.0.1', '64:ff9b::a00:1', '2002:7f00:1::', 'nonsense', ''],
  ])('S5: %s is inside', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )

  it.each([
    ['localhost', true],
    ['erp', true],
    ['erp.local', true],
    ['nas.lan', true],
    ['[::1]', true],
    ['10.0.0.5', true],
    ['shop.example.com', false],
    ['localhost.example.com', false],
    ['8.8.8.8', false],
  ])('%s says of itself that it is inside: %s', (host, inside) => {
    expect(isInsideHost(host)).toBe(inside)
  })
})
