import { suggestion } from '../../model/index.ts'
import type { Environment } from './environment.ts'
import type { Reading } from './reading.ts'
import type { RawNotifier } from './schema.ts'
import { secretOf } from './secret-reference.ts'
import { type CommandWay, type MailWay, NOTICE_EVENTS, type NotifierSettings, type WebhookWay } from './types.ts'

/** The notifier that a section describes; its faults are added to the reading. */
export const readNotifier = (reading: Reading, name: string, raw: RawNotifier): NotifierSettings => {
  const path = ['notify', name]
  const { jobs, syncs } = reading.names
  const known = [...jobs, ...syncs]
  for (const [index, about] of (raw.about ?? []).entries()) {
    if (!known.includes(about))
      reading.add([...path, 'about', index], `there is no job or sync "${about}".${suggestion(about, known)}`)
  }
  const [way, ...more] = waysOf(reading, name, raw)
  if (!way || more.length) reading.add(path, 'needs one of "command", "webhook" and "mail".', 'key')
  return { name, events: raw.events ?? NOTICE_EVENTS, about: raw.about ?? null, way: way ?? NO_WAY }
}

/** Stands where a fault was told, so that nobody meets it. */
const NO_WAY: CommandWay = { kind: 'command', program: '', args: [], env: {} }

const waysOf = (
  { file, dir, env }: Reading,
  name: string,
  { command, webhook, mail }: RawNotifier,
): readonly (CommandWay | WebhookWay | MailWay)[] => {
  const secret = (reference: string, key: string) => secretOf(reference, `${file}, notify.${name}.${key}`, dir, env)
  const [program = '', ...args] = command ?? []
  return [
    ...(command ? [{ kind: 'command', program, args, env: plain(env) } as const] : []),
    ...(webhook ? [{ kind: 'webhook', url: secret(webhook, 'webhook') } as const] : []),
    ...(mail ? [{ ...mail, kind: 'mail', server: secret(mail.server, 'mail.server') } as const] : []),
  ]
}

const plain = (env: Environment): Environment =>
  Object.fromEntries(PLAIN.flatMap((key) => (env[key] === undefined ? [] : [[key, env[key]]])))

/** What a program needs to run. Access tokens stand in variables of other names, and a notifier has no use for them. */
const PLAIN = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SystemRoot', 'PATHEXT']
