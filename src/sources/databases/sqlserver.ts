import { MssqlDialect, sql } from 'kysely'
import type { ConnectionConfiguration } from 'tedious'
import { SourceRefusedError } from '../../model/index.ts'
import { loadDriver } from './driver.ts'
import { CONNECT_MS, type Engine } from './engine.ts'
import type { ServerAddress } from './server-address.ts'

/** SQL Server through tedious. The database has to allow snapshot isolation. */
export const sqlserver = (address: ServerAddress): Engine => ({
  snapshot: 'snapshot',
  prepare: [],
  equals: (column, value) => sql`${column} = ${value}`,
  folded: (column) => sql`lower(ltrim(rtrim(cast(${column} as nvarchar(4000)))))`,
  text: (cell) => cell,
  connect: async () => {
    const { tedious, tarn } = await loadDriver('tedious tarn', async () => ({
      tedious: await import('tedious'),
      tarn: await import('tarn'),
    }))
    /** Tells values with their types, which the dialect drops. */
    class TypedRequest extends tedious.Request {
      override emit(event: string, ...rest: unknown[]): boolean {
        const [columns] = rest
        if (event !== 'row' || !Array.isArray(columns)) return super.emit(event as 'row', ...(rest as [unknown]))
        return super.emit('row', columns.map(typed))
      }
    }
    const connection = new tedious.Connection(configuration(address))
    const lost = new AbortController()
    connection.on('end', () => lost.abort(new Error('the connection was lost')))
    const dialect = new MssqlDialect({
      validateConnections: false,
      tarn: { ...tarn, options: { min: 0, max: 1, propagateCreateError: true } },
      tedious: { ...tedious, Request: TypedRequest, connectionFactory: () => connection },
    })
    return { dialect, lost: lost.signal, abort: () => connection.close() }
  },
})

/** `sqlserver://USER:PASSWORD@HOST:PORT/DATABASE?encrypt=false&trustServerCertificate=true`. */
export const configuration = ({ url, timeoutMs }: ServerAddress): ConnectionConfiguration => {
  const { hostname, port, pathname, username, password, searchParams } = new URL(url)
  return {
    server: hostname,
    authentication: {
      type: 'default',
      options: { userName: decodeURIComponent(username), password: decodeURIComponent(password) },
    },
    options: {
      ...(port ? { port: Number(port) } : {}),
      database: decodeURIComponent(pathname.slice(1)),
      encrypt: searchParams.get('encrypt') !== 'false',
      trustServerCertificate: searchParams.get('trustServerCertificate') === 'true',
      connectTimeout: CONNECT_MS,
      requestTimeout: timeoutMs,
      useUTC: true,
      appName: 'skiff',
      useColumnNames: false,
    },
  }
}

export interface TypedColumn {
  readonly metadata: { readonly colName: string; readonly type: { readonly name: string } }
  readonly value: unknown
}

/** A value as the text that the server would write, as far as the driver kept it. */
export const typed = (column: TypedColumn): TypedColumn => {
  const { metadata, value } = column
  const { name } = metadata.type
  if (value instanceof Date) return { metadata, value: momentText(value, name) }
  // The driver reads exact numbers into doubles, and beyond 15 digits a double is another number.
  if (EXACT.has(name) && typeof value === 'number' && Math.abs(value) >= 10 ** 15)
    throw new SourceRefusedError(`a number of type ${name} is longer than the 15 digits that the driver keeps`, {
      where: metadata.colName,
      hint: 'cast the column to varchar in a view or a query',
    })
  return column
}

const EXACT: ReadonlySet<string> = new Set(['Decimal', 'DecimalN', 'Numeric', 'NumericN', 'Money', 'MoneyN'])

const momentText = (value: Date & { readonly nanosecondsDelta?: number }, type: string): string => {
  const [day = '', time = ''] = value.toISOString().replace('Z', '').split('T')
  if (type === 'Date') return day
  const more = Math.round((value.nanosecondsDelta ?? 0) * 10 ** 7)
  const exact = `${time}${String(more).padStart(4, '0')}`.replace(/\.?0+$/, '')
  if (type === 'Time') return exact
  return type === 'DateTimeOffset' ? `${day}T${exact}Z` : `${day}T${exact}`
}
