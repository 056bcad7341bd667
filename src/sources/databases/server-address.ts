import { UsageError } from '../../model/index.ts'

/** A database server and how long one statement may take there. */
export interface ServerAddress {
  /** With user, password, database and the driver's own parameters, those for TLS too. */
  readonly url: string
  readonly timeoutMs: number
}

/**
 * The parts of an address.
 * @throws {UsageError} which does not repeat the address, because it holds a password.
 */
export const partsOf = (url: string, source: string): URL => {
  if (URL.canParse(url) && new URL(url).host) return new URL(url)
  throw new UsageError(`the address of source ${source} cannot be read`, {
    where: `sources.${source}.url`,
    hint: 'write it as "postgres://USER:PASSWORD@HOST:PORT/DATABASE"; signs such as @ and / in a password as %40 and %2F',
  })
}

/** The same text without the password of an address. */
export const withoutPassword = (text: string, url: string): string => {
  const { password } = new URL(url)
  return [password, decodeURIComponent(password)]
    .filter(Boolean)
    .reduce((masked, secret) => masked.replaceAll(secret, '[redacted]'), text)
}
