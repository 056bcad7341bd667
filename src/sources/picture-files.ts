import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { fileAddress, type Part, type Source, type SourceItem, SourceRefusedError } from '../model/index.ts'
import { localFile } from './local-file.ts'
import { pictureBytes, pictureFacts, type Unfit } from './picture-bytes.ts'
import type { PictureSpec } from './pictures.ts'

/** A picture as it lies in a file. */
export interface PictureFile {
  /** The name of the file without its folders. */
  readonly name: string
  /** Its media type. */
  readonly type: string
  readonly bytes: Uint8Array
}

/** Files with pictures below one folder. */
export interface PictureFiles {
  /** The address of what a path leads to now. One that cannot be sent says why, and has no hash. */
  look(path: string): Promise<{ readonly address: string; readonly fault?: string }>
  /** The bytes of a path. Or why it cannot be sent, which is so too when they are not those of the hash any more. */
  read(path: string, sha256: string): Promise<PictureFile | Unfit>
}

/** A path comes from a feed, so it leads nowhere outside the folder, not by a link either. */
export const pictureFiles = (folder: string): PictureFiles => {
  const load = async (path: string): Promise<(PictureFile & { readonly sha256: string }) | Unfit> => {
    const inside = within(folder, path)
    if (inside === undefined || !(await isInside(folder, path))) return { reason: OUTSIDE }
    const bytes = await bytesOf(path, folder)
    if (!(bytes instanceof Uint8Array)) return bytes
    const facts = pictureFacts(bytes)
    return 'reason' in facts ? facts : { name: inside.split('/').at(-1) ?? inside, bytes, ...facts }
  }
  return {
    look: async (path) => {
      const found = await load(path)
      const address = (sha256: string) => fileAddress(within(folder, path) ?? path, sha256)
      return 'reason' in found ? { address: address(''), fault: found.reason } : { address: address(found.sha256) }
    },
    read: async (path, sha256) => {
      const found = await load(path)
      if ('reason' in found) return found
      const { sha256: now, ...file } = found
      return now === sha256 ? file : { reason: `${path} holds another picture than the plan was made for; plan again` }
    },
  }
}

/**
 * The same source, with the addresses of what they lead to in place of the paths among its pictures. One of the web stays what it is.
 */
export const withPictureFiles = (
  source: Source,
  { resource, field }: Pick<PictureSpec, 'resource' | 'field'>,
  files: Pick<PictureFiles, 'look'>,
): Source => {
  const looked = async (part: Part): Promise<Part> => {
    const path = String(part.key[field])
    if (HAS_SCHEME.test(path)) return part
    const { address, fault: reason } = await files.look(path)
    const named = { [field]: address }
    return {
      ...part,
      key: named,
      values: { ...part.values, ...named },
      ...(reason === undefined ? {} : { fault: { value: path, reason } }),
    }
  }
  const lookedItem = async (item: SourceItem): Promise<SourceItem> => {
    const parts = 'row' in item ? item.row.parts?.[resource] : undefined
    if (!('row' in item) || !parts?.length) return item
    const found: Part[] = []
    // One after the other: each may be as large as a picture can be.
    for (const part of parts) found.push(await looked(part))
    return { ...item, row: { ...item.row, parts: { ...item.row.parts, [resource]: found } } }
  }
  return {
    ...source,
    read: async function* (since) {
      for await (const items of source.read(since)) {
        const found: SourceItem[] = []
        for (const item of items) found.push(await lookedItem(item))
        yield found
      }
    },
  }
}

const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i

const OUTSIDE = 'not below the folder of the configuration'

/** The path below the folder; undefined where it leads outside. */
const within = (folder: string, path: string): string | undefined => {
  const below = relative(folder, resolve(folder, path))
  const isOut = below === '' || isAbsolute(below) || below.split(sep)[0] === '..'
  return isOut ? undefined : below.split(sep).join('/')
}

/** Whether it still is where links are followed; what is not there is inside, for whoever opens it. */
const isInside = async (folder: string, path: string): Promise<boolean> => {
  const [real, root] = await Promise.all([realpath(resolve(folder, path)).catch(() => null), realpath(folder)])
  return real === null || within(root, real) !== undefined
}

/** All bytes of a file that does not change meanwhile. */
const bytesOf = async (path: string, folder: string): Promise<Uint8Array | Unfit> => {
  try {
    const reading = await localFile(path, folder).open()
    try {
      const bytes = await pictureBytes(reading.bytes)
      if (bytes instanceof Uint8Array) await reading.finish()
      return bytes
    } finally {
      await reading.close()
    }
  } catch (error) {
    if (error instanceof SourceRefusedError) return { reason: error.message }
    throw error
  }
}
