import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, fetch as undici } from 'undici'
import { expect, it } from 'vitest'
import { systemClock } from '../../../src/app/system-clock.ts'
import { exchange, type Fetch } from '../../../src/store/transport.ts'

it('N22: a request on a connection that the server closes just then may have been carried out', async () => {
  const sockets = new Map<object, number>()
  const server = createServer((request, response) => {
    const times = (sockets.get(request.socket) ?? 0) + 1
    sockets.set(request.socket, times)
    if (times === 1) response.end('{}')
    else request.socket.destroy()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const dispatcher = new Agent({ connections: 1 })
  const fetch = ((to, init) => undici(to, { ...init, dispatcher })) as Fetch
  const put = () =>
    exchange(
      { method: 'PUT', url, headers: { 'content-type': 'application/json' }, body: '[]' },
      { fetch, clock: systemClock, timeoutMs: 5000 },
    )
  expect(await put()).toMatchObject({ kind: 'answer', status: 200 })
  expect(await put()).toMatchObject({ kind: 'lost' })
  // The same connection was used again, and the request was not sent a second time behind our back.
  expect([...sockets.values()]).toEqual([2])
  await dispatcher.close()
  server.closeAllConnections()
  server.close()
})
