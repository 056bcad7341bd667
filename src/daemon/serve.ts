import { storesOfJob, tellMissed, type Workspace } from '../app/index.ts'
import { type Clock, EXIT, type Exit, type OnProgress, UsageError } from '../model/index.ts'
import { DailyBackups } from './backups.ts'
import type { ServeLog } from './log.ts'
import { openScheduleBook } from './schedule-book.ts'
import { StoreQueue } from './store-queue.ts'
import { Watch } from './watch.ts'

export interface ServeOptions {
  /** The configuration with everything it names within reach; asked for once, and again for each run. */
  readonly open: (progress: OnProgress) => Workspace
  readonly log: ServeLog
  /** Name of this machine, for whoever meets the lock. */
  readonly host: string
}

/**
 * Runs the jobs of the configuration at their instants until its workspace's signal aborts: one run of a job at a time, and
 * one job at a time on a store, and a copy of every mirror once a day. After a pause (the process was down, the machine slept) a job that missed instants runs once.
 * When stopped, runs in flight end at their next safe point.
 * @returns 8 when a run was cut short by that, else 0.
 * @throws {UsageError} when no job has a schedule.
 * @throws {LockedError} when another `serve` works with this configuration.
 */
export const serve = async ({ open, log, host }: ServeOptions): Promise<Exit> => {
  const workspace = open(() => undefined)
  const { settings, context } = workspace
  const { clock, signal } = context
  const jobs = Object.values(settings.jobs).filter(({ cron }) => cron !== undefined)
  if (!jobs.length) {
    throw new UsageError('no job has a schedule', { where: settings.file, hint: 'give one a "cron" under "jobs"' })
  }
  const book = openScheduleBook(settings, host, clock.now())
  try {
    const running = new Set<Promise<void>>()
    const keep = (work: Promise<void>): void => {
      running.add(work)
      void work.then(() => running.delete(work))
    }
    const watches = jobs.map((job) => {
      const missed = (text: string) => keep(tellMissed(open(progressTo(log, job.name)), job.name, text))
      return new Watch(job, { settings, clock, log, missed, entry: book.entries[job.name] })
    })
    const save = () => book.save(Object.fromEntries(watches.map((watch) => [watch.job.name, watch.entry()])))
    const backups = new DailyBackups(workspace, log)
    const queue = new StoreQueue()
    let interrupted = false

    const runOne = async (watch: Watch): Promise<void> => {
      try {
        await queue.run(storesOfJob(settings, watch.job), async () => {
          // What still waited when the stop came is due at the next start.
          if (signal.aborted) return
          const report = await watch.run(open(progressTo(log, watch.job.name)), save)
          interrupted ||= report.state === 'interrupted'
        })
      } catch (error) {
        // The disk may be full for the history of one job; the other jobs still have their instants.
        log('error', error instanceof Error ? error.message : String(error), { job: watch.job.name })
      } finally {
        watch.end()
      }
    }

    log('info', `serving ${jobs.map(({ name }) => name).join(', ')}`)
    while (!signal.aborted) {
      for (const watch of watches) {
        if (watch.look()) keep(runOne(watch))
      }
      for (const copying of backups.begin()) keep(copying)
      save()
      await untilNext(watches, clock, signal)
    }
    log('info', running.size ? 'stopping once the requests in flight are answered' : 'stopping')
    await Promise.all(running)
    return interrupted ? EXIT.interrupted : EXIT.done
  } finally {
    book.release()
  }
}

const progressTo =
  (log: ServeLog, job: string): OnProgress =>
  (progress) => {
    if (progress.kind === 'warning') log('warn', progress.text, { job })
    else if (progress.kind === 'step') log('debug', progress.text, { job })
    else log('debug', `${progress.what}: ${progress.done}`, { job, done: progress.done, total: progress.total })
  }

/** Sleeps until the next instant, but never long: a machine that slept, or whose clock was set, is noticed soon after. */
const untilNext = async (watches: readonly Watch[], clock: Clock, signal: AbortSignal): Promise<void> => {
  const now = clock.now()
  const waits = watches.map((watch) => (watch.next() ?? Number.POSITIVE_INFINITY) - now)
  try {
    await clock.sleep(Math.min(WATCHDOG_MS, ...waits), signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

const WATCHDOG_MS = 60_000
