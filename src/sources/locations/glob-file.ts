import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { SourceRefusedError } from '../../model/index.ts'
import { localFile } from '../local-file.ts'
import type { Location } from '../location.ts'

/**
 * The file of this machine whose name fits a pattern: `*` is any text, `?` one character, both in the name only. Several that fit
 * are refused, unless the newest is meant.
 */
export const globFile = (pattern: string, folder: string, pick: 'newest' | undefined): Location => {
  let found: Location | undefined
  const find = async (): Promise<Location> => {
    found = localFile(await theFile(pattern, folder, pick), folder)
    return found
  }
  return {
    origin: pattern,
    look: async () => {
      const file = await find()
      return `${file.origin} ${await file.look?.()}`
    },
    open: async () => {
      const file = await find()
      return { ...(await file.open()), origin: file.origin }
    },
    replace: async (before, after) => {
      const file = found ?? (await find())
      await file.replace?.(before, after)
    },
  }
}

export const isPattern = (path: string): boolean => /[*?]/.test(path)

const theFile = async (pattern: string, folder: string, pick: 'newest' | undefined): Promise<string> => {
  const names = await matching(pattern, folder)
  const [only] = names
  if (only === undefined) {
    throw new SourceRefusedError(`no file fits ${pattern}`, {
      where: resolve(folder, pattern),
      hint: 'a relative `path` starts at the folder of the configuration; `*` is any text, `?` one character',
    })
  }
  if (names.length === 1) return only
  if (pick === undefined) {
    const shown = names
      .slice(0, 5)
      .map((name) => basename(name))
      .join(', ')
    throw new SourceRefusedError(`${names.length} files fit ${pattern}: ${shown}${names.length > 5 ? ', ...' : ''}`, {
      where: resolve(folder, pattern),
      hint: 'write the name so that one fits, or set "pick": "newest"',
    })
  }
  return newest(names, folder)
}

const matching = async (pattern: string, folder: string): Promise<readonly string[]> => {
  const within = resolve(folder, dirname(pattern))
  const like = likeness(basename(pattern))
  const entries = await readdir(within, { withFileTypes: true }).catch((cause) => {
    throw new SourceRefusedError(`the folder of ${pattern} cannot be read`, {
      where: within,
      hint: 'a relative `path` starts at the folder of the configuration',
      cause,
    })
  })
  return entries
    .filter((entry) => !entry.isDirectory() && like(entry.name))
    .map(({ name }) => join(dirname(pattern), name))
    .sort()
}

/** Hidden files, such as those that uploads begin with, must be meant by a dot. */
const likeness = (pattern: string): ((name: string) => boolean) => {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  const expression = new RegExp(`^${source}$`, 's')
  return (name) => expression.test(name) && (pattern.startsWith('.') || !name.startsWith('.'))
}

/** By the time of their last change; of equal ones the last by name. */
const newest = async (names: readonly string[], folder: string): Promise<string> => {
  let best = { name: '', time: -1n }
  for (const name of names) {
    const facts = await stat(resolve(folder, name), { bigint: true }).catch(() => null)
    if (facts?.isFile() && facts.mtimeNs >= best.time) best = { name, time: facts.mtimeNs }
  }
  return best.name || (names.at(-1) ?? '')
}
