import {
  type JobReport,
  type JobRun,
  type JobSettings,
  openJobBook,
  runJob,
  type Settings,
  type Workspace,
} from '../app/index.ts'
import { type Clock, isoTime } from '../model/index.ts'
import { dueNow } from './due.ts'
import type { ServeLog } from './log.ts'
import { scheduleOf } from './schedule.ts'
import type { ScheduleEntry } from './schedule-book.ts'

export interface WatchParts {
  readonly settings: Settings
  readonly clock: Clock
  readonly log: ServeLog
  /** Tells a person that the job did not run at its time. @param text Why, as a sentence. */
  readonly missed: (text: string) => void
  /** What was remembered from before; undefined for a job that was never served. */
  readonly entry: ScheduleEntry | undefined
}

/** One job under its schedule: whether it is due, whether it runs, and what was the last instant that needs no run any more. */
export class Watch {
  readonly job: JobSettings
  readonly #parts: WatchParts
  readonly #schedule: ReturnType<typeof scheduleOf>
  readonly #described: string
  #last: number
  /** Instant of a run that was cut short and is to be made up for. */
  #cut: number | null
  /** The latest instant whose run a person was told to be missing. */
  #missed: number | null = null
  #state: 'idle' | 'queued' | 'running' = 'idle'

  constructor(job: JobSettings, parts: WatchParts) {
    const { entry, settings, clock } = parts
    this.job = job
    this.#parts = parts
    this.#described = `${job.cron} ${job.timezone}`
    this.#schedule = scheduleOf(job.cron ?? '', job.timezone)
    // Another schedule than the remembered one has missed nothing.
    this.#last = entry?.schedule === this.#described ? Date.parse(entry.last) : clock.now()
    const cut = cutRun(openJobBook(settings, job.name).runs())
    this.#cut = cut && cut.tries < MOST_TRIES ? cut.instant : null
    if (cut && cut.tries >= MOST_TRIES) {
      this.#miss(
        cut.instant,
        `the run of ${isoTime(cut.instant)} was cut short ${cut.tries} times; it waits for its next time`,
      )
    }
  }

  /** Whether the job is to be put into the queue now. */
  look(): boolean {
    const { clock } = this.#parts
    const due = dueNow(this.#schedule, this.#last, clock.now())
    if (due.kind === 'clock-was-ahead') {
      this.#tell('warn', `the clock was ahead when ${isoTime(this.#last)} was run; going on from now`)
      this.#last = clock.now()
    }
    if (due.kind === 'due' && this.#state === 'running') {
      this.#miss(due.instant, `skipped at ${isoTime(due.instant)}: the run before it still goes on`)
      this.#last = due.instant
    }
    if (due.kind === 'due' && this.#state === 'queued' && clock.now() - due.instant > PATIENCE_MS) {
      this.#miss(due.instant, `it was due at ${isoTime(due.instant)} and still waits for other work on its store`)
    }
    const wanted = this.#state === 'idle' && (due.kind === 'due' || this.#cut !== null)
    if (wanted) this.#state = 'queued'
    return wanted
  }

  /** Runs the job for the latest instant that is due. @param begun is told once that instant is no longer due. */
  async run(workspace: Workspace, begun: () => void): Promise<JobReport> {
    const now = this.#parts.clock.now()
    const instant = this.#schedule.latest(this.#last, now) ?? this.#cut ?? now
    if (this.#cut !== null) this.#tell('info', 'making up for a run that was cut short')
    else if (now - instant > PATIENCE_MS) this.#miss(instant, `late: it was due at ${isoTime(instant)}`)
    else if (now - instant > LATE_MS) this.#tell('warn', `late: it was due at ${isoTime(instant)}`)
    this.#state = 'running'
    this.#last = Math.max(this.#last, instant)
    this.#cut = null
    begun()
    this.#tell('info', 'started', { scheduled: isoTime(instant) })
    const report = await runJob(workspace, this.job.name, { scheduled: isoTime(instant) })
    this.#tellEnd(report)
    return report
  }

  /** The job is neither queued nor running any more. */
  end(): void {
    this.#state = 'idle'
  }

  /** The next instant, ms; null when there is none. */
  next(): number | null {
    return this.#schedule.next(Math.max(this.#last, this.#parts.clock.now()))
  }

  entry(): ScheduleEntry {
    const next = this.next()
    return { schedule: this.#described, last: isoTime(this.#last), next: next === null ? null : isoTime(next) }
  }

  /** Once for each instant. */
  #miss(instant: number, text: string): void {
    if (this.#missed === instant) return
    this.#missed = instant
    this.#tell('warn', text)
    this.#parts.missed(text)
  }

  #tell(level: 'info' | 'warn' | 'error', text: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.#parts.log(level, text, { job: this.job.name, ...facts })
  }

  #tellEnd({ run, state, exit, steps, started, finished }: JobReport): void {
    for (const { step, state: stepState, error, reason } of steps) {
      if (error) this.#tell('error', `${step}: ${error.message}`, { run, step, code: error.code, hint: error.hint })
      else if (reason !== null) this.#tell('warn', `${step} was not run: ${reason}`, { run, step })
      else this.#tell('info', `${step}: ${stepState}`, { run, step })
    }
    const ms = Date.parse(finished) - Date.parse(started)
    this.#tell(state === 'complete' ? 'info' : 'warn', `ended: ${state}`, { run, state, exit, ms })
  }
}

/** Later than that is worth a word; the watchdog alone may be a minute late. */
const LATE_MS = 90_000

/** How long a job may wait for its store before a person hears of it. */
const PATIENCE_MS = 15 * 60_000

/**
 * The last run where a crash or a stop cut it short, with how often that was tried. After some tries it is left alone until the
 * next instant, so that a run that ends the process does not do so for ever.
 */
const cutRun = (runs: readonly JobRun[]): { readonly instant: number; readonly tries: number } | null => {
  const [last] = runs
  if (!last?.scheduled || (last.state !== 'running' && last.state !== 'interrupted')) return null
  const tries = runs.filter(({ scheduled }) => scheduled === last.scheduled).length
  return { instant: Date.parse(last.scheduled), tries }
}

const MOST_TRIES = 3
