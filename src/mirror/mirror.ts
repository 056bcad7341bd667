import type { Catalog, Derived, Resource } from '../model/index.ts'
import type { Agreement } from './agreement.ts'
import type { Applied } from './applied.ts'
import type { Behind } from './behind.ts'
import type { Bodies } from './bodies.ts'
import type { Conflicts } from './conflicts.ts'
import type { Copies } from './copies.ts'
import type { DatedEdits } from './dated-edits.ts'
import type { Familiars } from './familiar.ts'
import type { Db } from './file.ts'
import type { Journal } from './journal.ts'
import type { KnownLists } from './known-lists.ts'
import type { Links } from './links.ts'
import type { Holder } from './lock.ts'
import type { Looks } from './look.ts'
import type { Lookup } from './lookup.ts'
import type { MoveFilesBook } from './move-files.ts'
import type { OpenRows } from './open-rows.ts'
import type { Paces } from './pace.ts'
import type { Plans } from './plans.ts'
import type { Pruning } from './prune.ts'
import type { Pulls } from './pulls.ts'
import type { Reading } from './reading.ts'
import type { Runs } from './runs.ts'
import type { Sent } from './sent.ts'
import type { Settles } from './settle.ts'
import type { Soundness } from './sound.ts'
import type { Stock } from './stock.ts'
import type { Unread } from './unread.ts'
import type { Watermarks } from './watermark.ts'

/** The local copy of one store: one SQLite file. Synchronous, one writer. */
export interface Mirror
  extends Runs,
    Pulls,
    Unread,
    Reading,
    Bodies,
    Agreement,
    Applied,
    Sent,
    Looks,
    Links,
    KnownLists,
    Behind,
    MoveFilesBook,
    Plans,
    Journal,
    Conflicts,
    Paces,
    Settles,
    OpenRows,
    Familiars,
    Watermarks,
    Stock,
    Soundness,
    Pruning {
  readonly path: string

  /** With `only`, rows carry just these fields beside the key's and the entity's, which is what makes millions cheap. */
  lookup(target: Resource | Derived, keyFields: readonly string[], only?: readonly string[]): Lookup

  /** Whether the store dates the parent when rows of a resource that ride inside it are edited, as pulls have met it. */
  datedEdits(resource: string): readonly DatedEdits[]

  /** Several of the above as one durable transaction: all of them or none. */
  atOnce<T>(work: () => T): T

  close(): void
}

export interface MirrorOptions {
  readonly path: string
  readonly catalog: Catalog
  /** Folder of the control tables' migrations. */
  readonly migrations: string
  /** An open database in the place of the file at `path`, such as one in memory. */
  readonly database?: Db
  /** Who holds the store's lock and is going to write; absent for reading. */
  readonly writer?: Holder
  /** Where copies of it lie, to name one when the file is damaged. */
  readonly copies?: Copies
}
