import type { Freshness, Holder, Mirror, RunRecord } from '../mirror/index.ts'
import { EXIT, type Exit, isoTime, type Plan } from '../model/index.ts'
import { type JobRun, openJobBook } from './jobs-book.ts'
import type { Workspace } from './workspace.ts'

export interface Status {
  /** `wrong` when something failed and will not mend itself, `open` when something waits for a person. */
  readonly verdict: 'well' | 'open' | 'wrong'
  readonly exit: Exit
  /** UTC ISO-8601. */
  readonly at: string
  readonly wrong: readonly string[]
  readonly open: readonly string[]
  readonly stores: readonly StoreStatus[]
  readonly jobs: readonly JobStatus[]
}

export interface StoreStatus {
  readonly store: string
  /** Null before the first pull. */
  readonly mirror: string | null
  /** Who works on the store now. */
  readonly holder: Holder | null
  readonly resources: readonly Freshness[]
  /** Plans that wait for a person. */
  readonly waiting: readonly Pick<Plan, 'plan' | 'sync' | 'summary'>[]
  /** Changes whose outcome is not known yet. */
  readonly open: number
  /** The newest run of each kind of work. */
  readonly lastRuns: readonly LastRun[]
}

export interface LastRun extends Omit<RunRecord, 'report'> {
  /** Runs of the same work in a row, up to the newest, that failed. */
  readonly failures: number
}

export interface JobStatus {
  readonly job: string
  /** Null when it runs only when asked for. */
  readonly cron: string | null
  readonly timezone: string
  /** UTC ISO-8601. */
  readonly next: string | null
  /** The latest instant that passed without a run, UTC ISO-8601. */
  readonly missed: string | null
  readonly last: JobRun | null
  /** Runs in a row, up to the newest, that failed. */
  readonly failures: number
}

/** When jobs are due, as whoever reckons with schedules says it. */
export type Outlook = readonly Pick<JobStatus, 'job' | 'next' | 'missed'>[]

/** What is fresh, what is due and what is wrong. It only reads, and needs no store. */
export const readStatus = async (
  workspace: Workspace,
  storeNames: readonly string[],
  outlook: Outlook,
): Promise<Status> => {
  const stores: StoreStatus[] = []
  for (const store of storeNames) stores.push(await storeStatus(workspace, store))
  const jobs = jobStatus(workspace, outlook)
  const wrong = [...stores.flatMap(wrongInStore), ...jobs.flatMap(wrongInJob)]
  const open = [...stores.flatMap(openInStore), ...jobs.flatMap(openInJob)]
  const at = isoTime(workspace.context.clock.now())
  const verdict = wrong.length ? 'wrong' : open.length ? 'open' : 'well'
  return { verdict, exit: EXIT_OF[verdict], at, wrong, open, stores, jobs }
}

const EXIT_OF = { well: EXIT.done, open: EXIT.rows, wrong: EXIT.failed } as const

const storeStatus = async (workspace: Workspace, store: string): Promise<StoreStatus> => {
  if (!workspace.hasMirror(store)) {
    return { store, mirror: null, holder: null, resources: [], waiting: [], open: 0, lastRuns: [] }
  }
  const { resources = [] } = workspace.settings.stores[store] ?? {}
  const now = workspace.context.clock.now()
  return workspace.withMirror(store, (mirror) => ({
    store,
    mirror: mirror.path,
    holder: workspace.holder(store),
    resources: resources.flatMap((name) => mirror.freshness(name) ?? []),
    waiting: waitingPlans(mirror, now),
    open: mirror.openChanges().length,
    lastRuns: latestOfEach(mirror.runs(RECENT)),
  }))
}

const RECENT = 200

const waitingPlans = (mirror: Mirror, now: number): StoreStatus['waiting'] =>
  mirror
    .plans(RECENT)
    .filter(({ state, plan }) => state === 'open' && Date.parse(plan.expires) > now && plan.changes.length > 0)
    .map(({ plan: { plan, sync, summary } }) => ({ plan, sync, summary }))

/** Of each kind of work the newest run. Plans and pushes carry their own number, so those are told by what they left open. */
const latestOfEach = (runs: readonly RunRecord[]): LastRun[] => {
  const byWork = new Map<string, RunRecord[]>()
  for (const run of runs) {
    const work = run.verb === 'push' ? run.verb : `${run.verb} ${run.what}`
    byWork.set(work, [...(byWork.get(work) ?? []), run])
  }
  return [...byWork.values()].flatMap((all) => {
    const [newest] = all
    if (!newest) return []
    const { report: _report, ...run } = newest
    return [{ ...run, failures: leading(all, ({ exit }) => exit !== null && isFailure(exit)) }]
  })
}

const jobStatus = ({ settings }: Workspace, outlook: Outlook): JobStatus[] =>
  Object.values(settings.jobs).map(({ name, cron = null, timezone }) => {
    const { next = null, missed = null } = outlook.find(({ job }) => job === name) ?? {}
    const runs = openJobBook(settings, name).runs()
    const failures = leading(runs, ({ exit }) => exit !== null && isFailure(exit))
    return { job: name, cron, timezone, next, missed, last: runs[0] ?? null, failures }
  })

const leading = <T>(list: readonly T[], test: (one: T) => boolean): number => {
  const end = list.findIndex((one) => !test(one))
  return end < 0 ? list.length : end
}

/** Waiting for approval and open rows are a person's turn; everything else that is not green failed. */
const isFailure = (exit: number): boolean => exit !== EXIT.done && exit !== EXIT.changes && exit !== EXIT.rows

const wrongInStore = ({ store, resources, holder, lastRuns }: StoreStatus): string[] => [
  ...(holder ? [] : resources.filter(({ complete }) => !complete)).map(
    ({ resource }) => `${store}: the last pull of ${resource} did not end; run \`skiff pull ${store}\``,
  ),
  ...decisive(lastRuns).flatMap((run) => {
    if (run.exit !== null && isFailure(run.exit)) {
      return [
        `${store}: ${run.verb} ${run.what} ended ${run.state}${times(run.failures)}; see \`skiff runs ${run.run}\``,
      ]
    }
    return run.exit === null && !holder ? [`${store}: ${run.verb} ${run.what} was cut short (${run.run})`] : []
  }),
]

/** Runs whose failure still means something: each sync's last, and a pull's when nothing read the store after it. */
const decisive = (lastRuns: readonly LastRun[]): readonly LastRun[] => {
  const newest = [...lastRuns].sort((a, b) => b.started.localeCompare(a.started)).find(({ verb }) => READS.has(verb))
  return lastRuns.filter((run) => run.verb === 'sync' || (run.verb === 'pull' && run === newest))
}

const READS = new Set(['pull', 'sync'])

const wrongInJob = ({ job, missed, last, failures }: JobStatus): string[] => {
  const lines: string[] = []
  if (missed !== null) lines.push(`job ${job} was due at ${missed} and did not run; is \`skiff serve\` running?`)
  if (last?.exit != null && isFailure(last.exit)) {
    lines.push(`job ${job} ended ${last.state}${times(failures)}: ${last.trouble.join('; ')}`)
  }
  return lines
}

const times = (failures: number): string => (failures > 1 ? `, ${failures} times in a row` : '')

const openInStore = ({ store, waiting, open, lastRuns }: StoreStatus): string[] => [
  ...waiting.map(({ plan, sync }) => `${store}: plan ${plan} of ${sync} waits; see \`skiff show ${plan}\``),
  ...(open
    ? [
        `${store}: ${open} changes of a push that did not end have an unknown outcome; \`skiff plans\` shows the plan, push it again to finish it`,
      ]
    : []),
  ...lastRuns
    .filter(({ verb, exit }) => verb === 'sync' && exit === EXIT.rows)
    .map(({ what, run }) => `${store}: sync ${what} left rows open; see \`skiff runs ${run}\``),
]

const openInJob = ({ job, last }: JobStatus): string[] =>
  last?.exit === EXIT.changes ? [`job ${job} waits for approval: ${last.trouble.join('; ')}`] : []
