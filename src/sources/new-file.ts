import { open, rm } from 'node:fs/promises'
import { UsageError } from '../model/index.ts'

/**
 * Writes bytes into a file that is not there yet.
 * @throws {UsageError} when there is one, the original included.
 */
export const writeNewFile = async (path: string, bytes: Uint8Array): Promise<void> => {
  let file: Awaited<ReturnType<typeof open>> | undefined
  try {
    file = await open(path, 'wx')
    await file.writeFile(bytes)
    await file.sync()
  } catch (cause) {
    if (file) await rm(path, { force: true })
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    if (code === 'EEXIST') throw new UsageError(`${path} is there already`, { where: path, hint: ANOTHER, cause })
    throw new UsageError(`${path} cannot be written (${code})`, { where: path, hint: ANOTHER, cause })
  } finally {
    await file?.close()
  }
}

const ANOTHER = 'name a new file; the repaired copy never takes the place of another'
