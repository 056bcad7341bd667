import { backupStore, lastBackup, type Workspace } from '../app/index.ts'
import type { ServeLog } from './log.ts'

/** Copies the mirror of every store once a day. A copy that fails is told, and tried again a day later; jobs go on meanwhile. */
export class DailyBackups {
  readonly #workspace: Workspace
  readonly #log: ServeLog
  readonly #tried = new Map<string, number>()

  constructor(workspace: Workspace, log: ServeLog) {
    this.#workspace = workspace
    this.#log = log
  }

  /** Begins the copies that are due. They never fail. */
  begin(): readonly Promise<void>[] {
    const { settings, context } = this.#workspace
    const now = context.clock.now()
    const due = Object.keys(settings.stores).filter((store) => this.#isDue(store, now))
    return due.map((store) => {
      this.#tried.set(store, now)
      return this.#copy(store)
    })
  }

  #isDue(store: string, now: number): boolean {
    const tried = this.#tried.get(store)
    if (!this.#workspace.hasMirror(store) || (tried !== undefined && now - tried < DAY_MS)) return false
    const last = this.#lastOf(store)
    // A copy of the future was made while the clock was wrong.
    return last === null || now - last >= DAY_MS || last > now
  }

  #lastOf(store: string): number | null {
    try {
      return lastBackup(this.#workspace, store)
    } catch {
      // A folder that cannot be looked at takes no copy either, and that is told.
      return null
    }
  }

  async #copy(store: string): Promise<void> {
    try {
      const { path, bytes, rows } = await backupStore(this.#workspace, store, null)
      this.#log('info', `backup of ${store}: ${path}`, { store, path, bytes, rows })
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      this.#log('error', `no backup of ${store} was made: ${text}`, { store })
    }
  }
}

const DAY_MS = 24 * 3_600_000
