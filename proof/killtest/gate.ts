import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that wants to go through. */
export interface Passing {
  readonly method: string
  readonly path: string
}

/** Says what becomes of each request on its way to the store, and of the answer on its way back. */
export interface Watch {
  arrives(passing: Passing): 'through' | 'lost'
  leaves(passing: Passing): 'through' | 'lost'
}

export interface Gate {
  readonly url: string
  watch(watch: Watch | null): void
  /** Waits until the store has answered everything that it was asked. */
  quiet(): Promise<void>
  close(): Promise<void>
}

/** Stands before an emulated store, and can lose a request before the store has it, or the answer to one that it carried out. */
export const openGate = async (target: string): Promise<Gate> => {
  let watch: Watch | null = null
  const flying = new Set<Promise<void>>()
  const server = createServer((request, response) => {
    const passing = { method: request.method ?? 'GET', path: request.url ?? '/' }
    const take = async (): Promise<void> => {
      const body = await bodyOf(request)
      if (watch?.arrives(passing) === 'lost') return void request.socket.destroy()
      const { status, headers, text } = await askStore(target, request, body)
      if (watch?.leaves(passing) === 'lost') return void request.socket.destroy()
      response.writeHead(status, { ...headers, 'content-length': text.length }).end(text)
    }
    const one = take().catch((error: unknown) => void response.destroy(error as Error))
    flying.add(one)
    void one.then(() => flying.delete(one))
  })
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    watch: (next) => {
      watch = next
    },
    quiet: async () => {
      while (flying.size) await Promise.all(flying)
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return chunks.length ? Buffer.concat(chunks) : undefined
}

const askStore = async (target: string, { method = 'GET', url = '/', headers }: IncomingMessage, body?: Buffer) => {
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    HOP.has(name) || value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  const answer = await fetch(`${target}${url}`, {
    method,
    headers: sent,
    ...(body ? { body: new Uint8Array(body) } : {}),
  })
  const kept = Object.fromEntries([...answer.headers].filter(([name]) => !HOP.has(name)))
  return { status: answer.status, headers: kept, text: Buffer.from(await answer.arrayBuffer()) }
}

/** What holds between two neighbours only; bodies come unpacked. */
const HOP = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
  'accept-encoding',
])
