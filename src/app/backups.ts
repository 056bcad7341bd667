import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  type Candidate,
  candidateAt,
  copyMirror,
  copyPath,
  listCopies,
  pruneCopies,
  restoreMirror,
} from '../mirror/index.ts'
import { EXIT, isoTime, MirrorError, UsageError } from '../model/index.ts'
import type { Workspace } from './workspace.ts'

export interface BackupReport {
  readonly store: string
  readonly path: string
  readonly bytes: number
  /** Of all tables of the mirror. */
  readonly rows: number
  /** Entries of the journal that it ends with. */
  readonly journal: number
  /** UTC ISO-8601. */
  readonly at: string
  /** Older copies that were removed. */
  readonly removed: readonly string[]
  readonly exit: typeof EXIT.done
}

/**
 * Makes a verified copy of a store's mirror. It takes no lock: the copy is that of one moment, also in the middle of a run.
 * @param to A file that is not there yet, or a folder; null for the store's own place, where old copies are removed.
 * @throws {MirrorError} when there is no mirror, or no good copy can be made.
 */
export const backupStore = async (workspace: Workspace, store: string, to: string | null): Promise<BackupReport> => {
  const { path, copies } = workspace.place(store)
  if (!workspace.hasMirror(store)) {
    throw new MirrorError(`store ${store} has no mirror yet`, {
      where: path,
      hint: `run \`skiff pull ${store}\` first`,
    })
  }
  const now = workspace.context.clock.now()
  const target = to === null ? copyPath(copies, now) : targetIn(to, copyPath({ ...copies, folder: '' }, now))
  const { bytes, rows, seq } = await copyMirror(path, target)
  const removed = to === null ? pruneCopies(copies, now) : []
  return { store, path: target, bytes, rows, journal: seq, at: isoTime(now), removed, exit: EXIT.done }
}

const targetIn = (to: string, name: string): string => {
  if (/[\\/]$/.test(to) || (existsSync(to) && statSync(to).isDirectory())) return join(to, name)
  if (!existsSync(to)) return resolve(to)
  throw new UsageError('there is a file of that name already', { where: to, hint: 'name another one, or a folder' })
}

/** When the newest copy in the store's own place was made, ms; null when there is none. */
export const lastBackup = (workspace: Workspace, store: string): number | null => {
  const [newest] = listCopies(workspace.place(store).copies)
  return newest ? Date.parse(newest.at) : null
}

export interface RestoreReport {
  readonly store: string
  /** The copy. */
  readonly from: string
  /** Start of the newest run that the copy knows, UTC ISO-8601. */
  readonly newestRun: string | null
  readonly journal: number
  /** Where the mirror that was there is now; null when there was none. */
  readonly kept: string | null
  readonly exit: typeof EXIT.done
}

/** What a copy holds, before anyone decides about it. @throws {MirrorError} when it cannot be put in the store's mirror's place. */
export const lookAtCopy = (workspace: Workspace, store: string, from: string): Candidate =>
  candidateAt(from, { hash: hashOf(workspace, store), migrations: workspace.place(store).migrations })

/**
 * Puts a copy in the place of a store's mirror, under its lock, and notes that in the history.
 * @throws {LockedError} when another process works on the store.
 * @throws {MirrorError} when the copy is damaged, of another store, or of a newer Skiff; the mirror is then as it was.
 */
export const restoreStore = (workspace: Workspace, store: string, from: string): Promise<RestoreReport> =>
  workspace.withLock(store, `restore ${store}`, async ({ open, ...place }) => {
    const { clock } = workspace.context
    const started = isoTime(clock.now())
    const { copy, kept } = restoreMirror({ ...place, from, hash: hashOf(workspace, store), now: clock.now() })
    const { newestRun, seq: journal } = copy
    const report: RestoreReport = { store, from: resolve(from), newestRun, journal, kept, exit: EXIT.done }
    const mirror = await open()
    try {
      const run = mirror.nextRunId()
      const record = { run, verb: 'restore', what: store, started, finished: isoTime(clock.now()) }
      mirror.saveRun({ ...record, state: 'complete', exit: EXIT.done, report })
    } finally {
      mirror.close()
    }
    return report
  })

const hashOf = ({ settings }: Workspace, store: string): string => settings.stores[store]?.hash ?? ''
