import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Catalog, UsageError } from '../model/index.ts'
import { type Fetch, openStore } from '../store/index.ts'
import { meet, type StoreFacts } from './check-meet.ts'
import { configText, type InitAnswers, TOKEN_NAME } from './init-config.ts'
import { systemFetch } from './network.ts'
import type { Environment } from './settings/index.ts'
import { refuseUnsound } from './sound-draft.ts'
import { systemClock, systemRandom } from './system-clock.ts'

/** The store hash in what a person pasted: the hash, or the API path that BigCommerce shows. @throws {UsageError} */
export const hashIn = (pasted: string): string => {
  const text = pasted.trim()
  const hash = /\/stores\/(\w+)/.exec(text)?.[1] ?? text
  if (/^\w+$/.test(hash)) return hash
  throw new UsageError('there is no store hash in that', {
    hint: 'paste the API path that BigCommerce shows, or the part of it after /stores/',
  })
}

/**
 * Asks the store who it is, with the answers alone.
 * @throws {SkiffError} typed by what is wrong: credentials, address, network.
 */
export const tryStore = async (
  { hash, api }: Pick<InitAnswers, 'hash' | 'api'>,
  accessToken: string,
  { catalog, signal, fetch }: { readonly catalog: Catalog; readonly signal: AbortSignal; readonly fetch?: Fetch },
): Promise<StoreFacts> => {
  const store = openStore(
    { hash, origin: api ?? 'https://api.bigcommerce.com', auth: { accessToken }, quotaShare: 0.85 },
    { clock: systemClock, random: systemRandom, fetch: fetch ?? systemFetch, signal },
  )
  try {
    return await meet(catalog, store)
  } finally {
    await store.close()
  }
}

export interface InitFiles {
  readonly config: string
  /** Null when the token lies elsewhere. */
  readonly env: string | null
}

/**
 * Writes the configuration, and the token into `.env` beside it (mode 0600, its other lines kept).
 * Answers that make no sound configuration leave everything as it was.
 * @throws {UsageError} when one is there already and `force` is not set, or when the answers make no sound configuration.
 */
export const writeInit = (
  file: string,
  answers: InitAnswers,
  { catalog, env, force }: { readonly catalog: Catalog; readonly env: Environment; readonly force: boolean },
): InitFiles => {
  refuseToOverwrite(file, answers, force)
  const draft = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(draft, configText(answers, schemaFor(dirname(file))))
    refuseUnsound(draft, env, catalog, 'the answers')
    const written = 'value' in answers.token ? writeEnv(envFile(file), answers.token.value) : null
    renameSync(draft, file)
    return { config: file, env: written }
  } finally {
    rmSync(draft, { force: true })
  }
}

/** @throws {UsageError} when files that the answers would replace are there and `force` is not set. */
export const refuseToOverwrite = (
  file: string,
  { token }: { readonly token: InitAnswers['token'] | null },
  force: boolean,
): void => {
  if (force) return
  if (existsSync(file)) throw new UsageError('the configuration exists', { where: file, hint: FORCE })
  const env = envFile(file)
  if (token && 'value' in token && existsSync(env) && TOKEN_LINE.test(readFileSync(env, 'utf8')))
    throw new UsageError(`.env holds a ${TOKEN_NAME} already`, { where: env, hint: FORCE })
}

const FORCE = 'change it by hand, or give --force to replace it'

const envFile = (file: string): string => join(dirname(file), '.env')

const TOKEN_LINE = new RegExp(`^\\s*(export\\s+)?${TOKEN_NAME}\\s*=.*$`, 'm')

const writeEnv = (path: string, token: string): string => {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  // A function, because the text of a token must not be read as a pattern of replacement.
  const line = `${TOKEN_NAME}=${/^[\w.-]+$/.test(token) ? token : `'${token}'`}`
  const text = TOKEN_LINE.test(before)
    ? before.replace(TOKEN_LINE, () => line)
    : `${before}${before && !before.endsWith('\n') ? '\n' : ''}${line}\n`
  const draft = `${path}.${process.pid}.tmp`
  writeFileSync(draft, text, { mode: 0o600 })
  chmodSync(draft, 0o600)
  renameSync(draft, path)
  return path
}

/** Where the schema lies as seen from the configuration; null when that is no path that would hold elsewhere too. */
const schemaFor = (dir: string): string | null => {
  const path = relative(dir, fileURLToPath(new URL('../../config/sync.schema.json', import.meta.url)))
  return path.startsWith('..') ? null : `./${path.replaceAll('\\', '/')}`
}
