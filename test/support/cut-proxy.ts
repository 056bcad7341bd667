import { connect, createServer, type Socket } from 'node:net'

export interface CutProxy {
  /** The same address by way of the proxy. */
  readonly url: string
  /** Connections that were cut. */
  readonly cuts: () => number
  readonly connections: () => number
  close(): Promise<void>
}

export interface Cut {
  /** Bytes of answers that come through before the connection is gone. */
  readonly afterBytes?: number
  /** A statement whose n-th time ends the connection: before the server has it, or before its answer comes back. */
  /** What another program does before the server gets to see the first such statement. */
  readonly meanwhile?: { readonly statement: string; readonly act: () => Promise<void> }
  readonly at?: { readonly statement: string; readonly time: number; readonly when: 'before' | 'after' }
}

/** Stands between a client and a database server, holds it up or loses the connection at a certain point. */
export const cutProxy = async (target: string, cut: Cut): Promise<CutProxy> => {
  const to = new URL(target)
  const open = new Set<Socket>()
  let [cuts, connections] = [0, 0]
  const server = createServer((client) => {
    connections += 1
    const upstream = connect(Number(to.port), to.hostname)
    let [bytes, seen] = [0, 0]
    let [isDeaf, isActed] = [false, false]
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    const lose = () => {
      if (client.destroyed) return
      cuts += 1
      end()
    }
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        open.delete(socket)
        end()
      })
    }
    client.on('data', (chunk) => {
      const { at, meanwhile } = cut
      if (meanwhile && !isActed && chunk.toString('latin1').toLowerCase().includes(meanwhile.statement)) {
        isActed = true
        client.pause()
        void meanwhile.act().then(() => {
          upstream.write(chunk)
          client.resume()
        })
        return
      }
      if (at && chunk.toString('latin1').toLowerCase().includes(at.statement)) {
        seen += 1
        if (seen === at.time && at.when === 'before') return lose()
        if (seen === at.time) isDeaf = true
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      bytes += chunk.length
      if (isDeaf || (cut.afterBytes !== undefined && bytes > cut.afterBytes)) return lose()
      client.write(chunk)
    })
  })
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  const address = server.address()
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(typeof address === 'object' && address ? address.port : 0)
  return {
    url: url.href,
    cuts: () => cuts,
    connections: () => connections,
    close: () =>
      new Promise((done) => {
        for (const socket of open) socket.destroy()
        server.close(() => done())
      }),
  }
}
