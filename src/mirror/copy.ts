import Database from 'better-sqlite3'
import { openMirror } from './open.ts'
import type { Mirror, MirrorOptions } from './types.ts'

/** Opens a copy of a mirror, to try things on; `to` is a path where nothing is yet, and the caller's to remove. */
export const copyMirror = (to: string, { path, ...options }: Omit<MirrorOptions, 'database'>): Mirror => {
  const original = new Database(path, { readonly: true })
  try {
    original.prepare('VACUUM INTO ?').run(to)
  } finally {
    original.close()
  }
  const database = new Database(to)
  database.pragma('synchronous = OFF')
  database.pragma('foreign_keys = ON')
  database.pragma('recursive_triggers = ON')
  return openMirror({ ...options, path: to, database })
}
