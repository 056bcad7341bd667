import { SkiffError } from '../../model/index.ts'
import type { NotifierSettings } from '../settings/index.ts'
import type { Workspace } from '../workspace.ts'
import { runCommand } from './command.ts'
import { mailNotice } from './mail.ts'
import type { Notice } from './notice.ts'
import { postNotice } from './webhook.ts'

/** Hands a notice over. Never throws. @returns what went wrong, without anything that is secret, or null. */
export const deliver = async (
  { settings, context, fetch }: Workspace,
  { way }: NotifierSettings,
  notice: Notice,
): Promise<string | null> => {
  try {
    switch (way.kind) {
      case 'command':
        return await runCommand(way, notice, settings.dir)
      case 'webhook':
        return await postNotice(way, notice, { fetch, clock: context.clock })
      case 'mail':
        return await mailNotice(way, notice)
    }
  } catch (error) {
    // Words of others may hold an address or a password; only our own are passed on.
    if (!(error instanceof SkiffError)) return `it failed in a way that was not foreseen (${nameOf(error)})`
    return error.hint === undefined ? error.message : `${error.message}. ${error.hint}`
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error)
