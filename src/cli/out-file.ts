import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { UsageError } from '../model/index.ts'

/** A file that a command is to write when its work is done. */
export interface OutFile {
  /** Absolute. */
  readonly path: string
  /**
   * @param left What there is of the work without the file.
   * @throws {UsageError} when it cannot be written after all.
   */
  write(text: string, left?: string): void
}

/**
 * Looks whether a file can be written, so that nobody learns it after the work.
 * @param name From the folder `cwd`.
 * @throws {UsageError} when it cannot.
 */
export const outFile = (cwd: string, name: string): OutFile => {
  const path = resolve(cwd, name)
  const folder = dirname(path)
  const there = kindOf(path)
  if (there === 'folder') throw new UsageError(`${path} is a folder`, { hint: 'name a file in it' })
  if (!there && kindOf(folder) !== 'folder')
    throw new UsageError(`there is no folder ${folder}`, { where: path, hint: 'make it, or name another file' })
  const must = there ? path : folder
  try {
    accessSync(must, constants.W_OK)
  } catch (cause) {
    const hint = `name another file, or give the user that runs skiff the right to write ${must}`
    throw new UsageError(`${path} cannot be written`, { hint, cause })
  }
  return {
    path,
    write: (text, hint) => {
      try {
        writeFileSync(path, text)
      } catch (cause) {
        throw new UsageError(`${path} cannot be written`, { hint, cause })
      }
    },
  }
}

const kindOf = (path: string): 'folder' | 'file' | undefined => {
  if (!existsSync(path)) return undefined
  return statSync(path).isDirectory() ? 'folder' : 'file'
}
