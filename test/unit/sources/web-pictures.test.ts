import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemRequest } from '../../../src/app/network.ts'
import { systemClock } from '../../../src/app/system-clock.ts'
import { type HttpRequest, type WebPictures, webPictures } from '../../../src/sources/index.ts'
import { serveHttp, type TestServer } from '../../support/http.ts'
import { virtualClock } from '../../support/virtual-clock.ts'
import { openWeb, png, type Web } from '../../support/web.ts'

const never = new AbortController().signal
const A = 'https://cdn.example.com/a.png'
const LOOKED = { sha256: 'x', etag: '"1"', modified: null }

describe('a look behind an address of the web', () => {
  let server: TestServer
  let asked = 0
  beforeAll(async () => {
    server = await serveHttp((_request, response) => {
      asked += 1
      response.end(png('inside'))
    })
  })
  afterAll(() => server.close())

  it('never leads inside a private network, also where the address itself says so', async () => {
    const { look } = webPictures({ request: systemRequest, clock: systemClock, signal: never })
    expect(await look(`${server.origin}/a.png`, undefined)).toEqual({
      reason: '127.0.0.1 leads to 127.0.0.1, which is inside a private network',
    })
    expect(await look(`http://localhost:${new URL(server.origin).port}/a.png`, undefined)).toMatchObject({
      reason: expect.stringMatching(/^localhost leads to .*inside a private network$/),
    })
    expect(asked).toBe(0)
  })

  it('is over after half a minute, also where bytes come one by one', async () => {
    const clock = virtualClock()
    const request: HttpRequest = async (_url, { signal }) => ({
      status: 200,
      headers: { get: () => null },
      body: (async function* () {
        for (;;) {
          await clock.sleep(1000, signal)
          yield new Uint8Array(1)
        }
      })(),
      discard: async () => undefined,
    })
    const { look } = webPictures({ request, clock, signal: never })
    const began = clock.elapsed()
    expect(await look(A, undefined)).toEqual({ reason: expect.stringMatching(/is cut: \d+ bytes came/) })
    expect(clock.elapsed() - began).toBeLessThanOrEqual(31_000)
  })

  it('is made at six addresses at once, and no more', async () => {
    let [now, most] = [0, 0]
    const web = openWeb()
    const request: HttpRequest = async (url, init) => {
      now += 1
      most = Math.max(most, now)
      await new Promise((done) => setImmediate(done))
      now -= 1
      return web.request(url, init)
    }
    const { look } = webPictures({ request, clock: virtualClock(), signal: never })
    for (let at = 0; at < 30; at += 1) web.pages.set(`https://cdn.example.com/${at}`, { bytes: png(`${at}`) })
    await Promise.all([...web.pages.keys()].map((address) => look(address, undefined)))
    expect(most).toBe(6)
  })

  it('ends with the run that it belongs to', async () => {
    const stop = new AbortController()
    const clock = virtualClock()
    const request: HttpRequest = async (_url, { signal }) => {
      stop.abort(new Error('stopped'))
      signal.throwIfAborted()
      throw new Error('unreachable')
    }
    await expect(webPictures({ request, clock, signal: stop.signal }).look(A, undefined)).rejects.toThrow('stopped')
  })
})

describe('a server that is asked for changes only', () => {
  let web: Web
  let pictures: WebPictures
  const clock = virtualClock()
  beforeEach(() => {
    web = openWeb()
    pictures = webPictures({ request: web.request, clock, signal: never })
  })

  it('is asked so too where a redirect leads to it', async () => {
    const there = 'https://other.example.com/a.png'
    web.pages.set(A, { status: 302, headers: { location: there } })
    web.pages.set(there, { bytes: png('a'), headers: { etag: '"1"' } })
    expect(await pictures.look(A, LOOKED)).toEqual(LOOKED)
    expect(web.asked).toEqual([`${A} unless "1"`, `${there} unless "1"`])
  })

  it('is believed to have nothing new only when it was asked', async () => {
    web.pages.set(A, { status: 304 })
    expect(await pictures.look(A, undefined)).toEqual({ reason: `${A} answers with status 304` })
  })

  it('may stop and begin to answer: a host is left alone for ten minutes after five silences running', async () => {
    const ask = () => pictures.look(A, undefined)
    for (let time = 0; time < 4; time += 1) await ask()
    web.pages.set(A, { status: 500 })
    await ask()
    web.pages.delete(A)
    for (let time = 0; time < 5; time += 1) await ask()
    expect(web.asked).toHaveLength(10)
    expect(await ask()).toEqual({ reason: 'cdn.example.com did not answer 5 times running' })
    expect(await pictures.look('https://elsewhere.example.com/a.png', undefined)).toMatchObject({
      reason: expect.stringMatching(/ECONNREFUSED/),
    })
    web.pages.set(A, { bytes: png('a') })
    clock.advance(600_000)
    expect(await ask()).toMatchObject({ etag: null })
  })
})
