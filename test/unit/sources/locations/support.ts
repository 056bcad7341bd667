import { SourceRefusedError } from '../../../../src/model/index.ts'
import type { Location } from '../../../../src/sources/location.ts'

/** All of a location as text, with where it was and when it changed; `refused: why` when it is. */
export const readAll = async (location: Location): Promise<unknown> => {
  try {
    const reading = await location.open()
    try {
      const chunks: Uint8Array[] = []
      for await (const chunk of reading.bytes) chunks.push(chunk)
      const modified = await reading.finish()
      return { text: Buffer.concat(chunks).toString('utf8'), modified, origin: reading.origin ?? location.origin }
    } finally {
      await reading.close()
    }
  } catch (error) {
    if (error instanceof SourceRefusedError) return `refused: ${error.message} (${error.hint})`
    throw error
  }
}
