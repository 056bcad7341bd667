import { UsageError } from '../model/index.ts'

/**
 * A package that only some configurations need, so that nobody installs it for nothing.
 * @param what That needs it, such as "sources at sftp://".
 * @throws {UsageError} saying how to install it.
 */
export const optionalPackage = async <T>(name: string, what: string, load: () => Promise<T>): Promise<T> => {
  try {
    return await load()
  } catch (cause) {
    throw new UsageError(`${what} need the package ${name}`, { hint: `npm install ${name}`, cause })
  }
}
