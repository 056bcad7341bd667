import type { Mirror } from '../../src/mirror/index.ts'
import type { Clock } from '../../src/model/index.ts'

/** The process died here. What it had committed stays; everything else is gone. */
export class Crash extends Error {}

/** One process, from its start to its end or its death. After that, nothing that it still holds does anything. */
export interface Life {
  readonly mirror: Mirror
  readonly clock: Clock
  /** Another mirror that the process has open. */
  also(mirror: Mirror): Mirror
  /** Another process has the lease now, and this one does not know it yet. */
  overtaken: boolean
  isDead(): boolean
  /** @throws {Crash} */
  die(): never
  /** @throws {Crash} when it is dead. */
  check(): void
}

interface Watching {
  /** Before and after every call that writes into the mirror; may let the process die there. */
  onCommit(life: Life, what: string): void
  /** The mirror kept what an overtaken process wrote. */
  onLate(what: string): void
}

export const beginLife = (mirror: Mirror, clock: Clock, { onCommit, onLate }: Watching): Life => {
  let dead = false
  const check = (): void => {
    if (dead) throw new Crash()
  }
  const watched = (one: Mirror): Mirror =>
    new Proxy(one, {
      get: (inner, name, receiver) => {
        const value = Reflect.get(inner, name, receiver)
        if (typeof value !== 'function') return value
        const what = String(name)
        return (...args: unknown[]) => {
          check()
          if (!WRITES.has(what)) return value.apply(inner, args)
          onCommit(life, `before ${what}`)
          const result = value.apply(inner, args)
          if (life.overtaken) onLate(what)
          onCommit(life, `after ${what}`)
          return result
        }
      },
    })
  const life: Life = {
    mirror: watched(mirror),
    also: watched,
    clock: {
      now: () => clock.now(),
      elapsed: () => clock.elapsed(),
      sleep: async (ms, signal) => {
        check()
        await clock.sleep(ms, signal)
        check()
      },
    },
    overtaken: false,
    isDead: () => dead,
    die: () => {
      dead = true
      throw new Crash()
    },
    check,
  }
  return life
}

const WRITES: ReadonlySet<string> = new Set([
  'link',
  'beginPull',
  'savePage',
  'remove',
  'endPull',
  'saveRows',
  'saveUnsettled',
  'dropUnsettled',
  'saveBase',
  'dropBase',
  'saveSnapshot',
  'saveApplied',
  'savePlan',
  'setPlanState',
  'journal',
  'saveRun',
  'saveConflicts',
  'saveLinks',
  'dropLinks',
  'decide',
  'settle',
  'atOnce',
])
