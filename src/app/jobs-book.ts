import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Exit, RunState } from '../model/index.ts'
import type { Settings } from './settings/index.ts'

/** One execution of a job, as its history keeps it. */
export interface JobRun {
  /** Such as `nightly-12`. */
  readonly run: string
  readonly job: string
  /** The instant of the schedule that it was for, UTC ISO-8601; null when a person started it. */
  readonly scheduled: string | null
  readonly started: string
  readonly finished: string | null
  readonly state: RunState | 'running'
  readonly exit: Exit | null
  /** Steps that did not end green, each with the reason in words. */
  readonly trouble: readonly string[]
  /** Of its syncs, those that came to their end; absent while it goes on. */
  readonly syncs?: readonly { readonly store: string; readonly run: string }[]
}

export interface JobBook {
  /** Newest first. */
  runs(): readonly JobRun[]
  begin(facts: Pick<JobRun, 'scheduled' | 'started'>): JobRun
  end(run: JobRun): void
}

/**
 * The history of a job: its last runs in a JSON file beside the mirrors. It is no table of a mirror because a job may span
 * several stores and a report step none, and because a person may want to read or delete it.
 */
export const openJobBook = ({ dir }: Pick<Settings, 'dir'>, job: string): JobBook => {
  const path = join(dir, '.skiff', 'jobs', `${job}.json`)
  const runs = () => readState<readonly JobRun[]>(path, [])
  const save = (run: JobRun) =>
    writeState(path, [run, ...runs().filter((one) => one.run !== run.run)].slice(0, REMEMBERED))
  return {
    runs,
    begin: (facts) => {
      const last = Number(runs()[0]?.run.slice(job.length + 1) ?? 0)
      const run = { run: `${job}-${last + 1}`, job, ...facts, finished: null, state: 'running', exit: null } as const
      const begun = { ...run, trouble: [] }
      save(begun)
      return begun
    },
    end: save,
  }
}

const REMEMBERED = 50

/** A small JSON file; what was there before a crash, or what came after it, never half of it. */
export const writeState = (path: string, value: unknown): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const next = `${path}.${process.pid}.tmp`
  writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(next, path)
}

/** The value of a file that `writeState` wrote; `absent` when there is none. */
export const readState = <T>(path: string, absent: T): T => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return absent
    throw cause
  }
}
