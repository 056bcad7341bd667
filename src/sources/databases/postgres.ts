import { Socket } from 'node:net'
import { PostgresDialect, sql } from 'kysely'
import { loadDriver } from './driver.ts'
import { CONNECT_MS, type Engine } from './engine.ts'
import type { ServerAddress } from './server-address.ts'

/** PostgreSQL through pg, a cursor at a time. */
export const postgres = ({ url, timeoutMs }: ServerAddress): Engine => ({
  snapshot: 'repeatable read',
  // Local to the transaction, so that a pooler between us and the server may give the session to others.
  prepare: [
    `set local statement_timeout = ${timeoutMs}`,
    "set local time zone 'UTC'",
    "set local datestyle = 'ISO, YMD'",
    'set local extra_float_digits = 1',
  ],
  equals: (column, value) => sql`${column} = ${value}`,
  folded: (column) => sql`lower(trim(cast(${column} as text)))`,
  text: (cell) => cell,
  connect: async () => {
    const { Client, Cursor } = await loadDriver('pg pg-cursor', async () => {
      const [{ default: pg }, { default: cursor }] = await Promise.all([import('pg'), import('pg-cursor')])
      return { Client: pg.Client, Cursor: cursor }
    })
    const socket = new Socket()
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS,
      application_name: 'skiff',
      types: { getTypeParser: (oid: number) => PARSERS.get(oid) ?? asText },
      stream: () => socket,
    })
    // The statement that is under way fails with it as well.
    client.on('error', () => undefined)
    const lost = new AbortController()
    socket.once('close', () => lost.abort(new Error('the connection was lost')))
    await client.connect()
    const pool = {
      connect: async () => Object.assign(client, { release: () => undefined }),
      end: () => client.end(),
    }
    return {
      dialect: new PostgresDialect({ pool, cursor: Cursor }),
      lost: lost.signal,
      abort: () => socket.destroy(),
    }
  },
})

const asText = (text: string): unknown => text

/** By the type's number in `pg_type`; all others are taken as the server writes them. */
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [16, (text) => (text === 't' ? 'true' : 'false')],
  [17, (text) => Buffer.from(text)],
  // In UTC by the session's time zone; "infinity" stays what it is.
  [1184, (text) => text.replace(' ', 'T').replace(/\+00$/, 'Z')],
])
