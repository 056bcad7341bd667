import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { SourceRefusedError } from '../../model/index.ts'
import { beginningOf } from '../beginning.ts'
import type { Location, Reading } from '../location.ts'
import { UnfinishedError } from '../unfinished.ts'
import { type Inflation, MEGABYTE, refuseBomb } from './inflation.ts'
import { openZip } from './zip.ts'

export interface UnpackOptions {
  /** Which file of a zip; needed when it holds several. */
  readonly entry?: string | undefined
  /** The format is a zip itself, so only gzip is unpacked. */
  readonly isZip?: boolean
  readonly inflation?: Inflation
}

/**
 * A location whose bytes may be packed with gzip or as a zip, which their first bytes tell, not their name. Packed ones are only
 * read.
 */
export const unpacked = (location: Location, options: UnpackOptions = {}): Location => {
  let packing: Packing | undefined
  const { origin, look, replace } = location
  return {
    origin,
    ...(look ? { look: () => look.call(location) } : {}),
    open: async () => {
      const reading = await location.open()
      try {
        const { start, all: bytes } = await beginningOf(reading.bytes, MAGIC)
        packing = packingOf(start.subarray(0, MAGIC), options)
        const own = { ...reading, finish: () => reading.finish(), close: () => reading.close(), bytes }
        if (packing === undefined) return refuseEntry(own, options, origin)
        return packing === 'gzip' ? gunzipped(own, options, origin) : await fromZip(own, options, origin)
      } catch (error) {
        await reading.close()
        throw error
      }
    },
    ...(replace
      ? {
          replace: async (before, after) => {
            if (packing) throw packedOnly(origin)
            await replace.call(location, before, after)
          },
        }
      : {}),
  }
}

const INFLATION: Inflation = { most: 2048 * MEGABYTE, ratio: 100, free: 32 * MEGABYTE }

type Packing = 'gzip' | 'zip'

const packingOf = (start: Uint8Array, { isZip }: UnpackOptions): Packing | undefined => {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  return !isZip && Buffer.from(start).toString('latin1') === 'PK\x03\x04' ? 'zip' : undefined
}

/** Bytes that tell how something is packed. */
const MAGIC = 4

const refuseEntry = (reading: Reading, { entry }: UnpackOptions, origin: string): Reading => {
  if (entry === undefined) return reading
  throw new SourceRefusedError(`${origin} is no zip, and "entry" names the file "${entry}" in it`, {
    where: origin,
    hint: 'leave "entry" out',
  })
}

const gunzipped = (reading: Reading, options: UnpackOptions, origin: string): Reading => {
  refuseEntry(reading, options, origin)
  return { ...reading, bytes: gunzip(reading.bytes, options.inflation ?? INFLATION, origin) }
}

async function* gunzip(
  bytes: AsyncIterable<Uint8Array>,
  inflation: Inflation,
  origin: string,
): AsyncGenerator<Uint8Array> {
  let packed = 0
  let unpacked = 0
  const counted = async function* () {
    for await (const chunk of bytes) {
      packed += chunk.length
      yield chunk
    }
  }
  const input = Readable.from(counted())
  const output = createGunzip()
  // The error of the input must end the output, or the reader waits for ever.
  input.on('error', (error) => output.destroy(error))
  input.pipe(output)
  try {
    for await (const chunk of output) {
      unpacked += (chunk as Uint8Array).length
      refuseBomb(packed, unpacked, inflation, origin)
      yield chunk as Uint8Array
    }
  } catch (cause) {
    throw damaged(cause, origin)
  } finally {
    input.destroy()
    output.destroy()
  }
}

const damaged = (cause: unknown, origin: string): unknown => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (!code.startsWith('Z_')) return cause
  if (code === 'Z_BUF_ERROR') {
    return new UnfinishedError(`${origin} is cut: its gzip data ends too early`, {
      where: origin,
      hint: 'wait until the file is complete',
      cause,
    })
  }
  return new SourceRefusedError(`${origin} holds damaged gzip data`, { where: origin, hint: 'write it again', cause })
}

const fromZip = async (reading: Reading, options: UnpackOptions, origin: string): Promise<Reading> => {
  const { inflation = INFLATION } = options
  const zip = await openZip(await whole(reading.bytes, origin), inflation, origin)
  const names = zip.entries.map(({ name }) => name)
  const entry = options.entry ?? (names.length === 1 ? names[0] : undefined)
  const found = zip.entries.find(({ name }) => name === entry)
  if (!found) {
    zip.close()
    throw noEntry(options.entry, names, origin)
  }
  return {
    ...reading,
    origin: `${reading.origin ?? origin}: ${found.name}`,
    bytes: found.bytes(),
    close: async () => {
      zip.close()
      await reading.close()
    },
  }
}

const MOST_PACKED = 256 * MEGABYTE

/** The list of a zip's files is at its end. */
const whole = async (bytes: AsyncIterable<Uint8Array>, origin: string): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    chunks.push(chunk)
    size += chunk.length
    if (size <= MOST_PACKED) continue
    throw new SourceRefusedError(`${origin} is a zip of more than ${MOST_PACKED / MEGABYTE} MB`, {
      where: origin,
      hint: 'pack it with gzip, which is unpacked while it is read',
    })
  }
  return Buffer.concat(chunks)
}

const noEntry = (entry: string | undefined, names: readonly string[], origin: string): SourceRefusedError => {
  const shown = names
    .slice(0, 10)
    .map((name) => JSON.stringify(name))
    .join(', ')
  const what = entry === undefined ? `holds ${names.length} files` : `holds no file "${entry}"`
  return new SourceRefusedError(`${origin} is a zip that ${what}`, {
    where: origin,
    hint: names.length ? `set "entry" to one of ${shown}` : 'look at the program that writes it',
  })
}

const packedOnly = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} is packed, and packed files are only read`, {
    where: origin,
    hint: 'name the unpacked file as "path", or leave "write" out and add "writeBack": false to the fields that the store owns',
  })
