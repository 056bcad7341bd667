import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SourceItem } from '../model/index.ts'

/** Rows set aside in a private file, such as mapped ones until the whole source has proved sound. */
export interface Spool<T = SourceItem> {
  write(items: readonly T[]): Promise<void>
  /** What was written, batch by batch. */
  read(): AsyncGenerator<readonly T[]>
  close(): Promise<void>
}

/** @param folder where the file lies; the system's folder for temporary files when absent. */
export const openSpool = async <T = SourceItem>(folder = tmpdir()): Promise<Spool<T>> => {
  const own = await mkdtemp(join(folder, 'skiff-'))
  const file = await open(join(own, 'rows'), 'wx+', 0o600).finally(
    // Gone from the folder at once: the open handle keeps the bytes, and no crash leaves a merchant's prices behind.
    () => rm(own, { recursive: true, force: true }),
  )
  const sizes: number[] = []
  return {
    write: async (items) => {
      const bytes = Buffer.from(JSON.stringify(items))
      sizes.push(bytes.length)
      await file.appendFile(bytes)
    },
    read: async function* () {
      let position = 0
      for (const size of sizes) {
        const { buffer } = await file.read(Buffer.allocUnsafe(size), 0, size, position)
        position += size
        yield JSON.parse(buffer.toString('utf8')) as readonly T[]
      }
    },
    close: () => file.close(),
  }
}
