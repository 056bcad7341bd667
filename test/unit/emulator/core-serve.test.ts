import { afterEach, describe, expect, it } from 'vitest'
import { type EmulatorOptions, serve } from '../../../src/emulator/index.ts'
import { shop } from './core-support.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

const listen = async (options: Partial<EmulatorOptions> = {}) => {
  const { emulator } = shop({ products: 30, ...options })
  const server = await serve(emulator, { port: 0 })
  open.push(server)
  const headers = { 'X-Auth-Token': emulator.accessToken, 'Content-Type': 'application/json' }
  const get = (path: string, more: object = {}) =>
    fetch(`${server.url}/stores/${emulator.storeHash}${path}`, { headers: { ...headers, ...more } })
  return { emulator, server, headers, get }
}

describe('over HTTP', () => {
  it('gives the same answers as in memory, compressed when asked', async () => {
    const { get, emulator } = await listen()
    const zipped = await get('/v3/catalog/products', { 'Accept-Encoding': 'gzip' })
    const plain = await get('/v3/catalog/products', { 'Accept-Encoding': 'identity' })
    expect([zipped.headers.get('content-encoding'), plain.headers.get('content-encoding')]).toEqual(['gzip', null])
    const body = (await plain.json()) as { data: unknown[] }
    expect(await zipped.json()).toEqual(body)
    expect(body.data).toHaveLength(emulator.state.products.size)
  })

  it('carries bodies, empty answers and errors', async () => {
    const { server, emulator, headers, get } = await listen()
    const url = `${server.url}/stores/${emulator.storeHash}/v3/catalog/products/77`
    const put = await fetch(url, { method: 'PUT', headers, body: JSON.stringify({ name: 'Zürich' }) })
    expect(await put.json()).toMatchObject({ data: { name: 'Zürich' } })
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204)
    expect((await get('/v3/catalog/products/77')).status).toBe(404)
  })

  it('destroys the socket of a dropped request, and of a cut one half-way', async () => {
    const dropped = await listen({ faults: [{ kind: 'drop' }] })
    await expect(dropped.get('/v3/catalog/products')).rejects.toThrow('fetch failed')
    const cut = await listen({ faults: [{ kind: 'truncate' }] })
    const response = await cut.get('/v3/catalog/products', { 'Accept-Encoding': 'identity' })
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1000)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  it('takes pictures as forms', async () => {
    const { server, emulator, headers } = await listen()
    const form = new FormData()
    form.set('image_file', new Blob(['x'], { type: 'image/png' }), 'front.png')
    const response = await fetch(`${server.url}/stores/${emulator.storeHash}/v3/catalog/products/77/images`, {
      method: 'POST',
      headers: { 'X-Auth-Token': headers['X-Auth-Token'] },
      body: form,
    })
    expect(await response.json()).toMatchObject({ data: { image_file: expect.stringMatching(/front/) } })
  })

  it('S13: keeps its controls from pages that reach this machine by another name', async () => {
    const { server } = await listen()
    const { request } = await import('node:http')
    const status = await new Promise((resolve) => {
      request(`${server.url}/__emulator__/log`, { headers: { Host: 'evil.example' } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      }).end()
    })
    expect(status).toBe(403)
    expect((await fetch(`${server.url}/__emulator__/log`)).status).toBe(200)
  })

  it('says so when the port is taken', async () => {
    const { server, emulator } = await listen()
    await expect(serve(emulator, { port: Number(new URL(server.url).port) })).rejects.toThrow(/cannot be used/)
  })
})
