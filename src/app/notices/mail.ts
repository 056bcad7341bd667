import { UsageError } from '../../model/index.ts'
import { isLoopback, type MailWay, reveal } from '../settings/index.ts'
import type { Notice } from './notice.ts'

/**
 * Sends the notice as a plain mail.
 * @returns what went wrong, without anything that is secret, or null.
 * @throws {UsageError} when the server's address is not where it should be, or none.
 */
export const mailNotice = (way: MailWay, { subject, text }: Notice): Promise<string | null> =>
  withServer(way, async (server) => {
    const headers = { 'Auto-Submitted': 'auto-generated' }
    await server.sendMail({ from: way.from, to: [...way.to], subject, text, headers })
  })

/** Connects and logs in, and sends nothing. @returns what went wrong, or null. */
export const tryMail = (way: MailWay): Promise<string | null> =>
  withServer(way, async (server) => {
    await server.verify()
  })

const withServer = async (way: MailWay, use: (server: Server) => Promise<void>): Promise<string | null> => {
  const address = mailAddress(way)
  const server = await open(address)
  try {
    await use(server)
    return null
  } catch (error) {
    return faultOf(error, address)
  } finally {
    server.close()
  }
}

type Server = Awaited<ReturnType<typeof open>>

/** The mail library is loaded only where a mail is sent. A password never leaves this machine unencrypted. */
const open = async (address: URL) => {
  const { createTransport } = await import('nodemailer')
  const isPlain = address.protocol === 'smtp:' && isLoopback(address.href.replace('smtp:', 'http:'))
  return createTransport({
    url: address.href,
    requireTLS: address.protocol === 'smtp:' && !isPlain,
    connectionTimeout: LIMIT_MS,
    greetingTimeout: LIMIT_MS,
    socketTimeout: LIMIT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

const LIMIT_MS = 15_000

const mailAddress = ({ server }: MailWay): URL => {
  const text = reveal(server)
  const address = URL.canParse(text) ? new URL(text) : null
  if (address?.hostname && (address.protocol === 'smtp:' || address.protocol === 'smtps:')) return address
  throw new UsageError('the address of the mail server must begin with smtps:// or smtp://')
}

/** A server may repeat what it was sent, also in the form in which a password goes over the wire. */
const faultOf = (error: unknown, { username, password, href }: URL): string => {
  const { code = '', message = String(error) } = error as { readonly code?: string; readonly message?: string }
  const [user, word] = [decodeURIComponent(username), decodeURIComponent(password)]
  const secrets = [href, password, word, base64(word), base64(`\0${user}\0${word}`)].filter((one) => one !== '')
  const told = secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), message)
  return [told.split('\n')[0], code && `(${code})`].filter(Boolean).join(' ')
}

const base64 = (text: string): string => (text === '' ? '' : Buffer.from(text).toString('base64'))
