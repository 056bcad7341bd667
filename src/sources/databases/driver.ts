import { UsageError } from '../../model/index.ts'

/**
 * A database driver, which is there only for whoever has such a source.
 * @throws {UsageError} when it is not installed.
 */
export const loadDriver = async <T>(names: string, load: () => Promise<T>): Promise<T> => {
  try {
    return await load()
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause
    throw new UsageError(`this kind of source needs a driver that is not installed: ${names}`, {
      hint: `npm install ${names}`,
      cause,
    })
  }
}
