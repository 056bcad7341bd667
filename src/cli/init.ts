import { dirname, resolve } from 'node:path'
import {
  cronLine,
  type InitAnswers,
  neededScopes,
  refuseToOverwrite,
  type StoreFacts,
  systemdUnit,
  tryStore,
  writeInit,
} from '../app/index.ts'
import { EXIT, type Exit, SkiffError, UsageError } from '../model/index.ts'
import { catalog } from '../resources/index.ts'
import type { Face } from './face.ts'
import { answersFromFlags, type InitPlace, tokenFrom } from './init-answers.ts'
import { askAnswers } from './init-questions.ts'
import { terminalPrompts } from './prompts.ts'
import { initText, storeLine } from './views/init-text.ts'

export interface InitArgs {
  readonly yes: boolean
  readonly force: boolean
  readonly hash: string | undefined
  readonly token: string | undefined
  readonly tokenEnv: string | undefined
  readonly api: string | undefined
  readonly resources: readonly string[] | undefined
  readonly csv: string | undefined
  readonly from: string | undefined
  readonly media: string | undefined
  readonly key: string | undefined
  readonly price: string | undefined
  readonly stock: string | undefined
  readonly cron: string | undefined
  readonly timezone: string | undefined
  readonly approve: 'ask' | 'auto' | undefined
}

export const run = async (args: InitArgs, face: Face): Promise<Exit> => {
  const { io, common } = face
  const file = resolve(io.cwd, common.config)
  const { timeZone: timezone } = new Intl.DateTimeFormat().resolvedOptions()
  const place: InitPlace = { catalog, dir: dirname(file), timezone }
  const { answers, store } = await answersOf(args, place, file, face)
  const files = writeInit(file, answers, { catalog, env: io.env, force: args.force })
  const scopes = neededScopes(catalog, answers)
  const { schedule } = answers
  const document = {
    files,
    store,
    scopes,
    cron: schedule && cronLine(file, schedule.cron),
    systemd: schedule && systemdUnit(file),
  }
  face.report(document, (screen) => initText(document, screen, answers.feed?.preset?.products !== undefined))
  return EXIT.done
}

const answersOf = async (
  args: InitArgs,
  place: InitPlace,
  file: string,
  face: Face,
): Promise<{ readonly answers: InitAnswers; readonly store: StoreFacts | null }> => {
  const { io } = face
  refuseToOverwrite(file, { token: tokenFrom(args) ?? { value: '' } }, args.force)
  if (args.yes) {
    const answers = answersFromFlags(args, place)
    return { answers, store: await tried(answers, face) }
  }
  if (io.ask === null) {
    throw new UsageError('nobody sits at a terminal to answer', {
      hint: 'give --yes with --hash and --token-env NAME; `skiff init --help` lists the others',
    })
  }
  let store: StoreFacts | null = null
  const answers = await askAnswers(terminalPrompts(io.signal), args, place, async (at, token) => {
    store = await tryStore(at, token, { catalog, signal: io.signal })
    return storeLine(store)
  })
  return { answers, store }
}

/** What the store says to the answers; null when it is not to be reached, which is no reason to write nothing. */
const tried = async (answers: InitAnswers, face: Face): Promise<StoreFacts | null> => {
  const { token } = answers
  const { env, signal } = face.io
  const value = 'value' in token ? token.value : env[token.reference.slice('env:'.length)]
  const warn = (text: string) => face.progress({ kind: 'warning', text })
  if (!value) {
    warn(`${'reference' in token ? token.reference : 'the token'} is not set, so the connection was not tried`)
    return null
  }
  try {
    return await tryStore(answers, value, { catalog, signal })
  } catch (error) {
    if (!(error instanceof SkiffError) || error.exit === EXIT.auth || error.exit === EXIT.usage) throw error
    if (signal.aborted) throw error
    warn(`the connection could not be tried: ${error.message}`)
    return null
  }
}
