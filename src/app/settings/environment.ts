import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

export type Environment = Readonly<Record<string, string | undefined>>

/** The `.env` beside the configuration under the real environment, which wins. A missing `.env` is as good as an empty one. */
export const readEnvironment = (dir: string, env: Environment): { env: Environment; warnings: readonly string[] } => {
  const file = join(dir, '.env')
  const mode = statSync(file, { throwIfNoEntry: false })?.mode
  if (mode === undefined) return { env, warnings: [] }
  // Windows has no such modes and reports them as open.
  const open = process.platform !== 'win32' && (mode & 0o077) !== 0
  return {
    env: { ...parseEnv(readFileSync(file, 'utf8')), ...env },
    warnings: open ? [`${file} can be read by other users of this machine; run: chmod 600 ${file}`] : [],
  }
}
