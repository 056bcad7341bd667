import { createHash } from 'node:crypto'
import type SftpClient from 'ssh2-sftp-client'
import { type Clock, isoTime, SourceRefusedError, UsageError } from '../../model/index.ts'
import type { Location } from '../location.ts'
import { optionalPackage } from '../optional-package.ts'
import { UnfinishedError } from '../unfinished.ts'

export interface SftpFileOptions {
  readonly host: string
  readonly port: number
  readonly user: string
  /** Absolute, or relative to the folder that the server shows after the log-in. */
  readonly path: string
  /** Fingerprint of the server's key, as `ssh-keygen -l` shows it: `SHA256:...`. Without it nobody is trusted. */
  readonly hostKey: string | undefined
  readonly login: () => { readonly password?: string; readonly privateKey?: string }
  readonly clock: Pick<Clock, 'now' | 'sleep'>
}

/**
 * A file on an SFTP server. Nothing is sent, no password either, to a server whose key is not the one that was declared. What is
 * written goes to a file beside it and takes its place by one rename; how it survives a power cut is the server's matter.
 */
export const sftpFile = (options: SftpFileOptions): Location => {
  const { host, port, user, path } = options
  const origin = `sftp://${user}@${host}${port === 22 ? '' : `:${port}`}/${path.replace(/^\//, '')}`
  return {
    origin,
    look: () => connected(options, origin, async (client) => factsOf(await statOf(client, path, origin))),
    open: async () => {
      const client = await connect(options, origin)
      try {
        const before = await settled(options, client, origin)
        let size = 0
        const bytes = async function* () {
          if (before.size === 0) return
          const stream = client.createReadStream(path, { end: before.size - 1 })
          // What it had asked for when a reader left early fails with the connection, and then nobody listens.
          stream.on('error', () => undefined)
          try {
            for await (const chunk of stream) {
              size += (chunk as Buffer).length
              yield chunk as Buffer
            }
          } catch (cause) {
            throw unreadable(origin, cause)
          }
        }
        return {
          bytes: bytes(),
          finish: async () => {
            const now = await statOf(client, path, origin)
            if (factsOf(now) !== factsOf(before) || size !== now.size) throw changed(origin)
            return isoTime(now.modifyTime)
          },
          close: async () => {
            await client.end()
          },
        }
      } catch (error) {
        await client.end()
        throw error
      }
    },
    replace: (before, after) =>
      connected(options, origin, (client) => replaceBytes(client, path, { origin, before, after })),
  }
}

/**
 * Moments have whole seconds there, so a file that is written twice within one shows it to a reading only that begins after them.
 * @throws {UnfinishedError} for a file that was written meanwhile
 */
const settled = async (
  { path, clock }: SftpFileOptions,
  client: SftpClient,
  origin: string,
): Promise<SftpClient.FileStats> => {
  const stats = await statOf(client, path, origin)
  const left = Math.min(SETTLED_MS, stats.modifyTime + SETTLED_MS - clock.now())
  if (left <= 0) return stats
  await clock.sleep(left)
  if (factsOf(await statOf(client, path, origin)) !== factsOf(stats)) throw changed(origin)
  return stats
}

const SETTLED_MS = 2000

const connected = async <T>(
  options: SftpFileOptions,
  origin: string,
  use: (client: SftpClient) => Promise<T>,
): Promise<T> => {
  const client = await connect(options, origin)
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

const connect = async ({ host, port, user, hostKey, login }: SftpFileOptions, origin: string): Promise<SftpClient> => {
  const { default: Client } = await optionalPackage(
    'ssh2-sftp-client',
    'sources at sftp://',
    () => import('ssh2-sftp-client'),
  )
  let met: string | undefined
  // A connection that ends early fails whatever is under way; nothing else needs to hear of it.
  const client = new Client('skiff', { error: () => undefined, end: () => undefined, close: () => undefined })
  try {
    await client.connect({
      host,
      port,
      username: user,
      ...login(),
      hostVerifier: (key: Buffer) => {
        met = fingerprint(key)
        return met === hostKey
      },
      readyTimeout: 20_000,
      keepaliveInterval: 10_000,
      retries: 1,
    })
    return client
  } catch (cause) {
    await client.end().catch(() => undefined)
    if (cause instanceof UsageError) throw cause
    if (met !== undefined && met !== hostKey) throw otherKey(origin, hostKey, met)
    throw unreachable(origin, cause)
  }
}

const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

const statOf = async (client: SftpClient, path: string, origin: string): Promise<SftpClient.FileStats> => {
  const stats = await client.stat(path).catch((cause) => {
    throw unreadable(origin, cause)
  })
  if (stats.isFile) return stats
  throw new SourceRefusedError(`${origin} is not a file`, { where: origin, hint: 'name a regular file as `path`' })
}

const factsOf = ({ size, modifyTime }: SftpClient.FileStats): string => `${size} ${modifyTime}`

interface Replacement {
  readonly origin: string
  readonly before: Uint8Array
  readonly after: Uint8Array
}

const replaceBytes = async (
  client: SftpClient,
  path: string,
  { origin, before, after }: Replacement,
): Promise<void> => {
  const next = `${path}.skiff-${process.pid}.tmp`
  const bytesOf = async (name: string): Promise<Buffer> => (await client.get(name)) as Buffer
  try {
    const { mode } = await statOf(client, path, origin)
    await client.put(Buffer.from(after), next)
    await client.chmod(next, mode & 0o7777)
    if (!(await bytesOf(next)).equals(after)) throw new Error('the server did not keep what was written')
    if (!(await bytesOf(path)).equals(before)) throw overtaken(origin)
    await client.posixRename(next, path)
  } catch (cause) {
    await client.delete(next, true).catch(() => undefined)
    if (cause instanceof SourceRefusedError) throw cause
    throw new SourceRefusedError(`${origin} cannot be written: ${messageOf(cause)}`, {
      where: origin,
      hint: 'the user needs the right to write into the folder, and the server must know posix-rename@openssh.com; the file is as it was',
      cause,
    })
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const unreadable = (origin: string, cause: unknown): SourceRefusedError =>
  /no such file/i.test(messageOf(cause))
    ? new SourceRefusedError(`${origin} does not exist`, {
        where: origin,
        hint: 'a path begins at the root of the server; /~/ begins at the folder of the user',
        cause,
      })
    : new SourceRefusedError(`${origin} cannot be read: ${messageOf(cause)}`, {
        where: origin,
        hint: 'look whether the user may read it',
        cause,
      })

const unreachable = (origin: string, cause: unknown): SourceRefusedError =>
  new SourceRefusedError(`${origin} cannot be reached: ${messageOf(cause)}`, {
    where: origin,
    hint: /authentication/i.test(messageOf(cause))
      ? 'look at the user, and at what "password" or "privateKey" refers to'
      : 'look whether the server’s name and port are right, and whether it answers',
    cause,
  })

const otherKey = (origin: string, hostKey: string | undefined, met: string): UsageError =>
  hostKey === undefined
    ? new UsageError(`the server of ${origin} shows the key ${met}, and the configuration names none`, {
        where: origin,
        hint: `ask who runs it whether that is its key; then set "hostKey": "${met}"`,
      })
    : new UsageError(`the server of ${origin} shows the key ${met}, not ${hostKey}`, {
        where: origin,
        hint: 'somebody may stand between; set the new "hostKey" only when who runs it says that the key was changed',
      })

const changed = (origin: string): UnfinishedError =>
  new UnfinishedError(`${origin} changed while it was read`, {
    where: origin,
    hint: 'run again once it is complete; let the exporter write another file and rename it at the end',
  })

const overtaken = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} changed since it was read, so nothing was written to it`, {
    where: origin,
    hint: 'run the sync again: it reads the new file',
  })
