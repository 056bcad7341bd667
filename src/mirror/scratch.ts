import Database from 'better-sqlite3'
import type { Mirror, MirrorOptions } from './mirror.ts'
import { openMirror } from './open.ts'

/** An empty mirror that is gone when it is closed. What does not fit into memory goes to the system's temporary files. */
export const openScratch = (options: Pick<MirrorOptions, 'catalog' | 'migrations'>): Mirror => {
  const database = new Database('')
  database.pragma('synchronous = OFF')
  database.pragma('journal_mode = OFF')
  return openMirror({ ...options, path: '', database })
}
