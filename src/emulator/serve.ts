import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { UsageError } from '../model/index.ts'
import { isControl } from './control.ts'
import type { Emulator } from './emulator.ts'
import { incomingOf, type Reply } from './message.ts'

/**
 * Serves an emulated store over HTTP on 127.0.0.1, on a free port when `port` is 0.
 * @throws {UsageError} when the port is taken.
 */
export const serve = async (
  emulator: Emulator,
  { port = 0 }: { readonly port?: number } = {},
): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const server = createServer((request, response) => {
    respond(emulator, request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new UsageError(`port ${port} cannot be used`, {
          hint: 'Choose another with --port, or 0 for a free one.',
          cause,
        }),
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const respond = async (emulator: Emulator, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  // A web page in the user's browser must not reach the controls by a name that resolves to this machine.
  if (isControl(url.pathname) && !/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) {
    response.writeHead(403).end()
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value))
  const body = chunks.length ? new Uint8Array(Buffer.concat(chunks)) : null
  const reply = await emulator.answer(
    await incomingOf(new Request(url, { method: request.method ?? 'GET', headers, body })),
  )
  await send(reply, request, response)
}

const send = async (reply: Reply, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  if (reply.cut === 'whole') {
    request.socket.destroy()
    return
  }
  const zipped = /\bgzip\b/.test(String(request.headers['accept-encoding'])) && reply.body.length > SMALL
  const bytes = zipped ? await promisify(gzip)(reply.body) : Buffer.from(reply.body)
  const encoding = zipped ? { 'Content-Encoding': 'gzip' } : {}
  const length = reply.status === 204 ? {} : { 'Content-Length': bytes.length }
  response.writeHead(reply.status, { ...reply.headers, ...encoding, ...length })
  if (reply.cut === 'half') response.write(bytes.subarray(0, bytes.length >> 1), () => request.socket.destroy())
  else response.end(bytes)
}

/** Bodies up to this many characters are not worth compressing. */
const SMALL = 1000
