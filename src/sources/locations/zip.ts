import type { Entry, ZipFile } from 'yauzl'
import { SourceRefusedError } from '../../model/index.ts'
import { type Inflation, refuseBomb } from './inflation.ts'

/** A file in a zip. */
export interface ZipEntry {
  readonly name: string
  /** Its bytes, as long as the zip is not closed. @throws {SourceRefusedError} when they are damaged, or not as many as the zip says. */
  bytes(): AsyncGenerator<Uint8Array>
}

export interface Zip {
  /** Without folders. */
  readonly entries: readonly ZipEntry[]
  close(): void
}

/**
 * The files of a zip. Sizes are looked at before anything is unpacked, and held to while it is.
 * @throws {SourceRefusedError} for a damaged zip, one with a password, or one that unpacks to more than allowed.
 */
export const openZip = async (packed: Buffer, inflation: Inflation, origin: string): Promise<Zip> => {
  // The default is the package itself in a bundle too, which gives a package of the older kind no names.
  const { fromBufferPromise } = (await import('yauzl')).default
  const damaged = (cause: unknown): SourceRefusedError =>
    new SourceRefusedError(`${origin} is no sound zip: ${cause instanceof Error ? cause.message : cause}`, {
      where: origin,
      hint: 'look whether the file is whole, and write it again',
      cause,
    })
  const zip = await fromBufferPromise(packed, { autoClose: false }).catch((cause) => {
    throw damaged(cause)
  })
  const entries: ZipEntry[] = []
  let unpacked = 0
  try {
    for await (const entry of zip.eachEntry()) {
      unpacked += entry.uncompressedSize
      refuseBomb(packed.length, unpacked, inflation, origin)
      if (entries.length >= MOST_ENTRIES) throw new Error(`it holds more than ${MOST_ENTRIES} files`)
      if (!entry.fileName.endsWith('/')) {
        entries.push({ name: entry.fileName, bytes: () => unpack(zip, entry, origin, damaged) })
      }
    }
  } catch (cause) {
    zip.close()
    throw cause instanceof SourceRefusedError ? cause : damaged(cause)
  }
  return { entries, close: () => zip.close() }
}

const MOST_ENTRIES = 10_000

async function* unpack(
  zip: ZipFile,
  entry: Entry,
  origin: string,
  damaged: (cause: unknown) => SourceRefusedError,
): AsyncGenerator<Uint8Array> {
  if (entry.generalPurposeBitFlag & ENCRYPTED) {
    throw new SourceRefusedError(`${entry.fileName} in ${origin} has a password`, {
      where: origin,
      hint: 'write it without one; the way to the file is what should be protected',
    })
  }
  const { crc32 } = await import('node:zlib')
  let sum = 0
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      sum = crc32(chunk as Uint8Array, sum)
      yield chunk as Uint8Array
    }
    if (sum !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} is wrong`)
  } catch (cause) {
    throw damaged(cause)
  }
}

const ENCRYPTED = 1
