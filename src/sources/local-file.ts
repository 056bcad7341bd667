import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isoTime, SourceRefusedError } from '../model/index.ts'
import type { Location } from './location.ts'
import { replaceFile } from './replace-file.ts'
import { UnfinishedError } from './unfinished.ts'

/** A file of this machine; a relative path starts at `folder`, the folder of the configuration. */
export const localFile = (path: string, folder: string): Location => {
  const absolute = resolve(folder, path)
  return {
    origin: path,
    look: async () => {
      const { ino, size, mtimeNs } = await stat(absolute, { bigint: true }).catch((cause) => {
        throw unreadable(path, absolute, cause)
      })
      return `${ino} ${size} ${mtimeNs}`
    },
    replace: (before, after) => replaceFile(absolute, path, before, after),
    open: async () => {
      const file = await openRegular(path, absolute)
      const before = await file.stat({ bigint: true })
      return {
        bytes: chunks(file),
        finish: async () => {
          // The open file tells of growth in place, the path of a file that was put in its place.
          const now = await Promise.all([
            file.stat({ bigint: true }),
            stat(absolute, { bigint: true }).catch(() => null),
          ])
          if (!now.every((one) => one !== null && same(before, one))) throw changed(path)
          return isoTime(Number(before.mtimeMs))
        },
        close: () => file.close(),
      }
    },
  }
}

/** One piece is read while the one before it is worked on. */
async function* chunks(file: FileHandle): AsyncGenerator<Uint8Array> {
  const read = () => {
    const reading = file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK)
    // Where nobody asks for the piece any more, nobody is told that it cannot be read.
    reading.catch(() => undefined)
    return reading
  }
  for (let next = read(); ; ) {
    const { bytesRead, buffer } = await next
    if (bytesRead === 0) return
    next = read()
    yield buffer.subarray(0, bytesRead)
  }
}

const CHUNK = 256 * 1024

const openRegular = async (path: string, absolute: string): Promise<FileHandle> => {
  let file: FileHandle | undefined
  try {
    // Without O_NONBLOCK, opening a named pipe waits for ever for its writer.
    file = await open(absolute, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    if ((await file.stat()).isFile()) return file
  } catch (cause) {
    await file?.close()
    throw unreadable(path, absolute, cause)
  }
  await file.close()
  throw new SourceRefusedError(`${path} is not a file`, { where: absolute, hint: 'name a regular file as `path`' })
}

const unreadable = (path: string, absolute: string, cause: unknown): SourceRefusedError => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  const { what, hint } = COMPLAINTS[code] ?? { what: `cannot be read (${code})`, hint: 'see the cause with --verbose' }
  return new SourceRefusedError(`${path} ${what}`, { where: absolute, hint, cause })
}

const COMPLAINTS: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  ENOENT: { what: 'does not exist', hint: 'a relative `path` starts at the folder of the configuration' },
  EACCES: { what: 'may not be read', hint: 'give the user that runs skiff the right to read it' },
  EISDIR: { what: 'is a folder', hint: 'name a file as `path`' },
}

const same = (a: BigIntStats, b: BigIntStats): boolean =>
  a.ino === b.ino && a.dev === b.dev && a.size === b.size && a.mtimeNs === b.mtimeNs

const changed = (path: string): UnfinishedError =>
  new UnfinishedError(`${path} changed while it was read`, {
    where: path,
    hint: 'run again once it is complete; let the exporter write another file and rename it at the end',
  })
