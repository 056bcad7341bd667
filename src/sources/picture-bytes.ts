import { createHash } from 'node:crypto'
import { pictureKind } from './picture-kind.ts'

/** Why something cannot be sent as a picture. */
export interface Unfit {
  readonly reason: string
}

/** All bytes of a picture, wherever they come from, or that they are more than a store takes. */
export const pictureBytes = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array | Unfit> => {
  const all: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > MOST_BYTES) return { reason: 'larger than the 8 MB that a store takes' }
    all.push(chunk)
  }
  return Buffer.concat(all)
}

/** What some bytes are: their media type and their hash, in hex. */
export const pictureFacts = (bytes: Uint8Array): { readonly type: string; readonly sha256: string } | Unfit => {
  const type = pictureKind(bytes)
  if (type === undefined) return { reason: NO_PICTURE }
  return { type, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Most bytes of a picture (docs/bigcommerce.md, Images). */
const MOST_BYTES = 8 * 1024 * 1024

const NO_PICTURE = 'no picture that a store takes: BMP, GIF, JPEG, PNG, WBMP, XBM or WEBP, told by what is in it'
