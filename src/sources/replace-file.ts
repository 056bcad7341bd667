import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SourceRefusedError } from '../model/index.ts'

/**
 * Puts a file with new bytes in the place of the old one: written beside it, flushed to the disk, read back, and renamed over it
 * only when the old one is still what it was. The mode stays; a link is followed.
 */
export const replaceFile = async (
  path: string,
  shown: string,
  before: Uint8Array,
  after: Uint8Array,
): Promise<void> => {
  const target = await realpath(path)
  const { mode } = await stat(target)
  const next = `${target}.skiff-${process.pid}.tmp`
  try {
    const file = await open(next, 'w', mode)
    try {
      await file.chmod(mode)
      await file.writeFile(after)
      await file.sync()
    } finally {
      await file.close()
    }
    if (!(await readFile(next)).equals(after)) throw new Error('the disk did not keep what was written')
    if (!(await readFile(target)).equals(before)) throw changed(shown)
    await rename(next, target)
  } catch (cause) {
    await rm(next, { force: true })
    if (cause instanceof SourceRefusedError) throw cause
    throw new SourceRefusedError(`${shown} cannot be written`, {
      where: path,
      hint: 'give the user that runs skiff the right to write the file and its folder, and look whether the disk is full',
      cause,
    })
  }
  await syncFolder(dirname(target))
}

/** A rename itself must survive a power cut. */
export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const changed = (shown: string): SourceRefusedError =>
  new SourceRefusedError(`${shown} changed since it was read, so nothing was written to it`, {
    where: shown,
    hint: 'run the sync again: it reads the new file',
  })
