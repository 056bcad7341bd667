import {
  type ErrorReport,
  EXIT,
  type Exit,
  isoTime,
  type PullReport,
  type Requests,
  type RunReport,
  type RunState,
  type SyncReport,
  UsageError,
  worstExit,
} from '../model/index.ts'
import { failureOf } from './failure.ts'
import { type JobRun, openJobBook } from './jobs-book.ts'
import { tellEnd } from './notices/index.ts'
import { type Report, runReport } from './reports.ts'
import type { JobSettings, Settings, Step } from './settings/index.ts'
import { syncOne } from './sync-one.ts'
import { pullStore } from './verbs.ts'
import type { Workspace } from './workspace.ts'

/** What became of one step of a job. */
export interface StepReport {
  /** As the config has it: `pull main`. */
  readonly step: string
  readonly state: RunState | 'not-run'
  /** Null when it was not run. */
  readonly exit: Exit | null
  readonly report: PullReport | SyncReport | Report | null
  readonly error: ErrorReport | null
  /** Why it was not run. */
  readonly reason: string | null
}

export interface JobReport extends RunReport {
  readonly job: string
  readonly scheduled: string | null
  readonly started: string
  readonly finished: string
  readonly steps: readonly StepReport[]
}

export interface RunJobOptions {
  /** The instant of the schedule that it is for, UTC ISO-8601; null when a person or cron started it. */
  readonly scheduled?: string | null
  /** A person sees it run: then an open circuit does not keep it from pushing, and nobody is told. */
  readonly watched?: boolean
}

/**
 * Carries a job's steps out, one after the other. A failed step does not keep the later ones from being run, unless they build
 * on it: a sync on the pull of its store. Never throws for what a step meets.
 * @throws {UsageError} when the config names no such job.
 */
export const runJob = async (
  workspace: Workspace,
  name: string,
  { scheduled = null, watched = false }: RunJobOptions = {},
): Promise<JobReport> => {
  const { settings, context } = workspace
  const job = jobNamed(settings, name)
  const book = openJobBook(settings, name)
  const begun = book.begin({ scheduled, started: isoTime(context.clock.now()) })
  const steps: StepReport[] = []
  for (const step of job.steps) {
    const reason = hindrance(workspace, step, steps)
    if (reason === null) context.progress({ kind: 'step', text: `${name}: ${textOf(step)}` })
    steps.push(reason === null ? await runStep(workspace, job, step, watched) : notRun(step, reason))
  }
  const finished = isoTime(context.clock.now())
  const outcome = outcomeOf(steps, context.signal.aborted)
  book.end({ ...begun, ...outcome, finished, trouble: steps.flatMap(troubleOf), syncs: steps.flatMap(syncOf) })
  if (!watched) for (const step of steps) await tellStep(workspace, name, step)
  const { run, started } = begun
  return { run, job: name, ...outcome, requests: requestsOf(steps), scheduled, started, finished, steps }
}

const tellStep = async (workspace: Workspace, job: string, told: StepReport): Promise<void> => {
  const { step, state, exit, report, error } = told
  if (state === 'not-run' || exit === null) return
  const [verb = '', target = ''] = step.split(' ')
  const places = {
    sync: verb === 'sync' ? target : null,
    store: verb === 'pull' ? target : verb === 'sync' ? workspace.sync(target).store : null,
  }
  const run = report && 'state' in report ? report : null
  await tellEnd(workspace, { job, step, ...places, state, exit, report: run, error })
}

/** @throws {UsageError} when the config names no such job. */
export const jobNamed = ({ jobs, file }: Settings, name: string): JobSettings => {
  const job = jobs[name]
  if (job) return job
  const known = Object.keys(jobs)
  throw new UsageError(`there is no job called ${JSON.stringify(name)}`, {
    where: file,
    hint: known.length ? `known: ${known.join(', ')}` : 'describe one under "jobs"',
  })
}

/** The stores that a job works on. */
export const storesOfJob = (settings: Settings, job: JobSettings): readonly string[] => [
  ...new Set(job.steps.flatMap((step) => storeOf(settings, job, step) ?? [])),
]

const textOf = ({ verb, target }: Step): string => `${verb} ${target}`

const storeOf = (settings: Settings, job: JobSettings, { verb, target, store }: Step): string | undefined => {
  if (verb === 'pull') return target
  if (verb === 'sync') return store
  // A report reads the store that the job works on, or the only one that there is.
  const others = new Set(
    job.steps.flatMap((step) => (step.verb === 'report' ? [] : (storeOf(settings, job, step) ?? []))),
  )
  const stores = others.size ? [...others] : Object.keys(settings.stores)
  return stores.length === 1 ? stores[0] : undefined
}

const hindrance = ({ context }: Workspace, step: Step, done: readonly StepReport[]): string | null => {
  if (context.signal.aborted) return 'the job was stopped'
  if (step.verb !== 'sync') return null
  const pull = done.find((one) => one.step === `pull ${step.store}`)
  const sound = !pull || pull.exit === EXIT.done || pull.exit === EXIT.rows
  return sound ? null : `${pull.step} failed before it`
}

const notRun = (step: Step, reason: string): StepReport => ({
  step: textOf(step),
  state: 'not-run',
  exit: null,
  report: null,
  error: null,
  reason,
})

const runStep = async (workspace: Workspace, job: JobSettings, step: Step, watched: boolean): Promise<StepReport> => {
  const told = { step: textOf(step), error: null, reason: null }
  try {
    if (step.verb === 'report') {
      const report = await runReport(workspace, step.target, { store: reportStore(workspace.settings, job, step) })
      return { ...told, state: 'complete', exit: EXIT.done, report }
    }
    const report =
      step.verb === 'pull'
        ? await pullStore(workspace, step.target, {})
        : await syncOne(workspace, step.target, { approvedBy: approverOf(job), dryRun: false, watched, allow: [] })
    return { ...told, state: report.state, exit: report.exit, report }
  } catch (error) {
    return { ...told, ...failureOf(error), report: null }
  }
}

const approverOf = ({ name, approve }: JobSettings): string | null =>
  approve === 'auto' ? `rule of job ${name}` : null

const reportStore = (settings: Settings, job: JobSettings, step: Step): string => {
  const store = storeOf(settings, job, step)
  if (store !== undefined) return store
  throw new UsageError(`job ${job.name} does not tell which store "${textOf(step)}" reads`, {
    where: settings.file,
    hint: 'put it into a job that works on one store',
  })
}

/** The job ends as the step does that decides the exit; a stop that kept steps from being run is an interruption. */
const outcomeOf = (steps: readonly StepReport[], stopped: boolean): Pick<RunReport, 'state' | 'exit'> => {
  const cut: readonly Exit[] = stopped && steps.some(({ exit }) => exit === null) ? [EXIT.interrupted] : []
  const exit = worstExit([...cut, ...steps.flatMap((step) => step.exit ?? [])])
  if (exit === EXIT.interrupted) return { state: 'interrupted', exit }
  const states = steps.flatMap((step) => (step.exit === exit && step.state !== 'not-run' ? [step.state] : []))
  return { state: states.find((state) => state !== 'complete') ?? 'complete', exit }
}

const troubleOf = ({ step, state, error, reason }: StepReport): string[] =>
  state === 'complete' ? [] : [`${step}: ${error?.message ?? reason ?? state}`]

const syncOf = ({ report }: StepReport): NonNullable<JobRun['syncs']> =>
  report && 'plan' in report ? [{ store: report.store, run: report.run }] : []

const requestsOf = (steps: readonly StepReport[]): Requests => {
  const sum = { read: 0, write: 0, check: 0 }
  for (const { requests } of steps.flatMap(reportsIn)) {
    sum.read += requests.read
    sum.write += requests.write
    sum.check += requests.check
  }
  return sum
}

/** Those that count requests: a sync counts its own, and its parts theirs. */
const reportsIn = ({ report }: StepReport): readonly { readonly requests: Requests }[] => {
  if (!report || !('requests' in report)) return []
  return [report, ...('parts' in report ? (report.parts ?? []) : [])]
}
