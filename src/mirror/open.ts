import { existsSync } from 'node:fs'
import { MirrorError } from '../model/index.ts'
import { agreementOf } from './agreement.ts'
import { appliedOf } from './applied.ts'
import { behindOf } from './behind.ts'
import { bodiesOf } from './bodies.ts'
import { conflictsOf } from './conflicts.ts'
import { controlOf } from './control.ts'
import { type Copies, copyPath, newestGoodCopy } from './copies.ts'
import { copyMirror } from './copy.ts'
import { datedEditsOf } from './dated-edits.ts'
import { definitionsOf } from './definitions.ts'
import { derive } from './derive.ts'
import { familiarsOf } from './familiar.ts'
import { fenceOf } from './fence.ts'
import { DamagedError, type Db, damaged, isOfDisk, isOfSchema, openFile, unusable } from './file.ts'
import { journalOf } from './journal.ts'
import { knownListsOf } from './known-lists.ts'
import { lateIndexes } from './late-indexes.ts'
import { endedCleanly, endLease, takeLease } from './lease.ts'
import { linksOf } from './links.ts'
import { looksOf } from './look.ts'
import { type Lookup, lookupOf } from './lookup.ts'
import { migrate, migrationsOf } from './migrate.ts'
import type { Mirror, MirrorOptions } from './mirror.ts'
import { moveFilesOf } from './move-files.ts'
import { openRowsOf } from './open-rows.ts'
import { paceOf } from './pace.ts'
import { pageWriter } from './page-writer.ts'
import { plansOf } from './plans.ts'
import { pruningOf } from './prune.ts'
import { pullsOf } from './pulls.ts'
import { readingOf } from './reading.ts'
import { runsOf } from './runs.ts'
import { sentOf } from './sent.ts'
import { settleOf } from './settle.ts'
import { refuseBrokenJournal, refuseDamaged, soundnessOf } from './sound.ts'
import { stockOf } from './stock.ts'
import { unreadOf } from './unread.ts'
import { watermarksOf } from './watermark.ts'

/**
 * Opens a store's mirror, made on first use, with its derived tables as the definitions ask. A writer holds the store's lock: the
 * file counts it as its newest one, and is looked over first when the last one did not come to its end.
 * @throws {OlderMirrorError} when an older Skiff wrote the file; `upgradeMirror` brings it up to date.
 * @throws {MirrorError} when the file is damaged, or belongs to another program or to a newer Skiff.
 */
export const openMirror = (options: MirrorOptions): Mirror => {
  const { path, catalog, database, writer } = options
  return aboutCopies(options.copies, () => {
    const db = database ?? openFile(path)
    try {
      const wasCut = writer !== undefined && !endedCleanly(db)
      if (wasCut) refuseDamaged(db)
      makeControl(db, options)
      if (wasCut) refuseBrokenJournal(db)
      const epoch = writer ? takeLease(db, writer) : null
      const definitions = definitionsOf(catalog)
      const { tables } = definitions
      derive(db, definitions)
      const control = controlOf(db, epoch, fenceOf(db, path, epoch))
      const agreement = agreementOf(control)
      const datedEdits = datedEditsOf(db)
      const indexes = lateIndexes(db, catalog, definitions)
      if (writer) indexes.make()
      const lookups = new Map<string, Lookup>()
      return {
        path,
        ...runsOf(control),
        ...paceOf(control),
        ...settleOf(control),
        ...sentOf(control, tables),
        ...looksOf(control),
        ...linksOf(control),
        ...behindOf(control),
        ...moveFilesOf(control),
        ...knownListsOf(control),
        ...pullsOf(control, tables, pageWriter(db, catalog, tables, datedEdits), indexes),
        ...unreadOf(db, tables),
        datedEdits: datedEdits.of,
        ...readingOf(db, tables),
        ...stockOf(db, tables),
        lookup: (target, keyFields, only) => {
          const named = JSON.stringify([target.name, keyFields, only])
          const lookup = lookups.get(named) ?? lookupOf(db, tables, target, keyFields, only)
          lookups.set(named, lookup)
          return lookup
        },
        ...agreement,
        ...bodiesOf(db, tables, agreement.unsettled),
        ...appliedOf(control),
        ...conflictsOf(control),
        ...openRowsOf(control),
        ...watermarksOf(control),
        ...familiarsOf(control),
        ...plansOf(control),
        ...journalOf(control),
        ...pruningOf(control),
        ...soundnessOf(db),
        atOnce: (work) => control.atOnce(work),
        close: () => close(db, epoch),
      }
    } catch (cause) {
      db.close()
      if (isOfDisk(cause)) throw unusable(path, cause)
      // A schema that does not take our own statements is not the one that we wrote.
      throw isOfSchema(cause) ? damaged(path, cause) : cause
    }
  })
}

/**
 * Brings the control tables of a mirror that is there up to date, after a verified copy was made of it. The caller holds the
 * store's lock. @returns the copy; null when there was nothing to do.
 * @throws {MirrorError} when no copy can be made, or a migration does not run; the mirror is then as it was.
 */
export const upgradeMirror = async (options: UpgradeOptions, now: number): Promise<string | null> => {
  if (!isOlder(options)) return null
  const { path, migrations, copies } = options
  const { path: copy } = await copyMirror(path, copyPath(copies, now))
  const db = openFile(path)
  try {
    migrate(db, migrationsOf(db, migrations))
    return copy
  } finally {
    db.close()
  }
}

export interface UpgradeOptions {
  readonly path: string
  readonly migrations: string
  readonly copies: Copies
}

/** The mirror lacks migrations that this Skiff has. */
export class OlderMirrorError extends MirrorError {}

/** One that is not there, or was only begun, is as new as can be. */
const isOlder = ({ path, migrations, copies }: UpgradeOptions): boolean => {
  if (!existsSync(path)) return false
  return aboutCopies(copies, () => {
    const db = openFile(path)
    try {
      const { done, pending } = migrationsOf(db, migrations)
      return done.length > 0 && pending.length > 0
    } finally {
      db.close()
    }
  })
}

/** A new file gets all its control tables; one that is there is never changed here, because no copy was made of it. */
const makeControl = (db: Db, { migrations }: MirrorOptions): void => {
  const known = migrationsOf(db, migrations)
  const [next] = known.pending
  if (next && known.done.length) {
    throw new OlderMirrorError(`an older Skiff wrote the mirror: it has not been through ${next.name}`, {
      where: db.name,
      hint: 'any command of this Skiff brings it up to date, with a copy of it made first',
    })
  }
  migrate(db, known)
}

const close = (db: Db, epoch: number | null): void => {
  try {
    if (epoch !== null) endLease(db, epoch)
  } catch {
    // On a full disk the end is not noted, and the next writer looks the file over: that is what it is for.
  } finally {
    db.close()
  }
}

/** A damaged file is told with the newest copy that is not. */
const aboutCopies = <T>(copies: Copies | undefined, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof DamagedError) || !copies) throw error
    const good = newestGoodCopy(copies)
    const { message, where, cause } = error
    const hint = good
      ? `put the newest good copy back: \`skiff restore ${good} --store ${copies.store}\``
      : 'there is no good copy of it; move the file away and run `skiff pull --full`'
    throw new DamagedError(message, { where, hint, cause })
  }
}
