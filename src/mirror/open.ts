import { agreementOf } from './agreement.ts'
import { appliedOf } from './applied.ts'
import { conflictsOf } from './conflicts.ts'
import { controlOf } from './control.ts'
import { derive } from './derive.ts'
import { openFile } from './file.ts'
import { journalOf } from './journal.ts'
import { lookupOf } from './lookup.ts'
import { migrate } from './migrate.ts'
import { openRowsOf } from './open-rows.ts'
import { pageWriter } from './page-writer.ts'
import { plansOf } from './plans.ts'
import { pullsOf } from './pulls.ts'
import { readingOf } from './reading.ts'
import { runsOf } from './runs.ts'
import type { Lookup, Mirror, MirrorOptions } from './types.ts'

/**
 * Opens a store's mirror, made on first use, with its control tables up to date and its derived tables as the definitions
 * ask. One process writes at a time; who that is, is the caller's to settle.
 * @throws {MirrorError} when the file is damaged, belongs to another program or to a newer Skiff.
 */
export const openMirror = ({ path, catalog, migrations, database }: MirrorOptions): Mirror => {
  const db = database ?? openFile(path)
  try {
    migrate(db, migrations)
    const tables = derive(db, catalog)
    const control = controlOf(db)
    const lookups = new Map<string, Lookup>()
    return {
      path,
      ...runsOf(control),
      ...pullsOf(control, tables, pageWriter(db, catalog, tables)),
      ...readingOf(db, tables),
      lookup: (target, keyFields, only) => {
        const named = JSON.stringify([target.name, keyFields, only])
        const lookup = lookups.get(named) ?? lookupOf(db, tables, target, keyFields, only)
        lookups.set(named, lookup)
        return lookup
      },
      ...agreementOf(control),
      ...appliedOf(control),
      ...conflictsOf(control),
      ...openRowsOf(control),
      ...plansOf(control),
      ...journalOf(control),
      atOnce: (work) => control.atOnce(work),
      close: () => {
        db.close()
      },
    }
  } catch (cause) {
    db.close()
    throw cause
  }
}
