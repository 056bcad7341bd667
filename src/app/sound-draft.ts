import { basename } from 'node:path'
import { type Catalog, UsageError } from '../model/index.ts'
import { type Environment, loadSettings } from './settings/index.ts'

/**
 * Reads a configuration that is still a draft. The draft is gone when the message is read, so it names no place in it.
 * @param what The draft is made of, such as "the answers".
 * @throws {UsageError} when it is not sound.
 */
export const refuseUnsound = (draft: string, env: Environment, catalog: Catalog, what: string): void => {
  try {
    loadSettings(draft, env, catalog)
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause
    throw new UsageError(cause.message.replaceAll(basename(draft), what), { hint: cause.hint, cause })
  }
}
