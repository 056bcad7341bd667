import Database from 'better-sqlite3'
import { firstBroken } from './chain.ts'
import { type Db, damaged, isOfDisk } from './file.ts'

export interface Soundness {
  /** What is wrong with the file itself; null when it is sound. Reads all of it. */
  damage(): string | null
}

/** Looks at the pages of a file whose last writer did not come to its end. @throws {MirrorError} when it is damaged. */
export const refuseDamaged = (db: Db): void => {
  const { damage } = soundnessOf(db)
  const found = damage()
  if (found !== null) throw damaged(db.name, new Error(found))
}

/** What SQLite finds wrong with its own file, at a look. */
export const soundnessOf = (db: Db): Soundness => ({
  damage: () => {
    const verdict = verdictOf(db, 'quick_check(1)')
    return verdict === 'ok' ? null : verdict
  },
})

/** What a check says. A table that is described by damaged words fails it before it begins, with the code of any other bad statement. */
const verdictOf = (db: Db, check: string): string => {
  try {
    return String(db.pragma(check, { simple: true }))
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_ERROR')) return error.message
    throw error
  }
}

/**
 * Follows the journal's chain of hashes, and looks whether its indexes lead to what is there: the chain is read without them.
 * @throws {MirrorError} when an entry is not what was written.
 */
export const refuseBrokenJournal = (db: Db): void => {
  const verdict = verdictOf(db, "integrity_check('sync_journal')")
  if (verdict !== 'ok') throw damaged(db.name, new Error(verdict))
  const broken = brokenAt(db)
  if (broken !== null) throw damaged(db.name, new Error(`the journal is not what was written: entry ${broken}`))
}

/** What is wrong with a file as a whole, thoroughly; null when it is sound. */
export const faultIn = (db: Db): string | null => {
  try {
    const verdict = verdictOf(db, 'integrity_check(1)')
    if (verdict !== 'ok') return verdict
    const [lost] = db.pragma('foreign_key_check') as readonly { readonly table: string }[]
    if (lost) return `a row of ${lost.table} refers to one that is not there`
    const broken = brokenAt(db)
    return broken === null ? null : `the journal is not what was written: entry ${broken}`
  } catch (error) {
    if (isOfDisk(error)) return (error as Error).message
    throw error
  }
}

/** An entry whose evidence is no JSON any more is as broken as one with another hash. */
const brokenAt = (db: Db): number | string | null => {
  try {
    return firstBroken(db)
  } catch (error) {
    if (error instanceof SyntaxError) return error.message
    throw error
  }
}
