import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { EXIT } from '../model/index.ts'
import { bad, badBecause, type Finding, note, ok } from './check-finding.ts'
import { deliver, testNotice, tryMail, webhookAddress } from './notices/index.ts'
import type { CommandWay, NotifierSettings } from './settings/index.ts'
import type { Workspace } from './workspace.ts'

/** Whether a notice would arrive, as far as that shows without one; with `send`, a test notice tells. */
export const checkNotifier = async (
  workspace: Workspace,
  notifier: NotifierSettings,
  send: boolean,
): Promise<Finding> => {
  const look = { of: `notify ${notifier.name}`, what: notifier.way.kind }
  try {
    if (!send) return await lookAt(workspace, notifier)
    const fault = await deliver(workspace, notifier, testNotice(workspace))
    return fault === null ? ok(look, 'took a test notice') : bad(look, fault, HINT, EXIT.failed)
  } catch (error) {
    return badBecause(look, error)
  }
}

const HINT = 'correct it, then try again with `skiff check --notify`'

const lookAt = async ({ settings }: Workspace, { name, way }: NotifierSettings): Promise<Finding> => {
  const look = { of: `notify ${name}`, what: way.kind }
  switch (way.kind) {
    case 'command':
      return isThere(way, settings.dir)
        ? ok(look, `${way.program} can be started`)
        : bad(look, `there is no program ${way.program} that can be started`, HINT, EXIT.usage)
    case 'webhook':
      return note(
        look,
        `${webhookAddress(way.url).host}; only a notice shows whether it is taken: \`skiff check --notify\``,
      )
    case 'mail': {
      const fault = await tryMail(way)
      return fault === null
        ? ok(look, `the server lets us in; mails go to ${way.to.join(', ')}`)
        : bad(look, fault, HINT, EXIT.failed)
    }
  }
}

/** As the system looks for it: a path stands for itself, a bare name is searched for. */
const isThere = ({ program, env }: CommandWay, dir: string): boolean => {
  const places = /[\\/]/.test(program)
    ? [resolve(dir, program)]
    : (env['PATH'] ?? '').split(delimiter).map((one) => join(one, program))
  return places.some((place) => existsSync(place) && canRun(place))
}

const canRun = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
