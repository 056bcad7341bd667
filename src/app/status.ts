import { type Circuit, circuitOf, openRowsOf } from '../engine/index.ts'
import type { Freshness, Holder, Mirror, RunRecord } from '../mirror/index.ts'
import { EXIT, type Exit, isoTime, type OpenRows, type Plan, pushable, type SyncSpec } from '../model/index.ts'
import { storesOfJob } from './jobs.ts'
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
  readonly syncs: readonly SyncStatus[]
  /** The newest run of each kind of work. */
  readonly lastRuns: readonly LastRun[]
}

export interface SyncStatus {
  readonly sync: string
  /** Its last run, or the last push of one of its plans, whichever is newer; null before the first. */
  readonly last: LastRun | null
  readonly circuit: Circuit
  /** Rows that it has left open. */
  readonly open: OpenRows
  /** Its newest plan, where a push left rows of it unsent. */
  readonly halfPushed: Pick<Plan, 'plan' | 'expires'> | null
  /** Its newest plan, where that waited for a person until it expired. */
  readonly expired: Pick<Plan, 'plan' | 'expires'> | null
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
  /** Its last run was killed: it never ended, and nobody works on its stores. */
  readonly isCut: boolean
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
    return { store, mirror: null, holder: null, resources: [], waiting: [], open: 0, syncs: [], lastRuns: [] }
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
    syncs: workspace.settings.syncs
      .filter((sync) => sync.store === store)
      .flatMap((sync) => [sync, ...workspace.derivedSyncs(sync).filter(({ partOf }) => partOf)])
      .map((sync) => syncStatus(mirror, sync, now)),
    lastRuns: latestOfEach(mirror.runs(RECENT)),
  }))
}

const RECENT = 200

const waitingPlans = (mirror: Mirror, now: number): StoreStatus['waiting'] =>
  mirror
    .plans(RECENT)
    .filter(({ state, plan }) => state === 'open' && Date.parse(plan.expires) > now && plan.changes.length > 0)
    .map(({ plan: { plan, sync, summary } }) => ({ plan, sync, summary }))

const syncStatus = (mirror: Mirror, spec: SyncSpec, now: number): SyncStatus => {
  const runs = mirror.runsOf(spec.name, RECENT).filter(isTelling)
  const [newest] = runs
  const stored = mirror.plans(RECENT).find(({ plan }) => plan.sync === spec.name)
  const plan = stored && { plan: stored.plan.plan, expires: stored.plan.expires }
  const isExpired = plan !== undefined && Date.parse(plan.expires) <= now
  return {
    sync: spec.name,
    last: newest ? lastRun(newest, runs) : null,
    circuit: circuitOf(mirror, spec),
    open: openRowsOf(mirror, spec.name),
    halfPushed: plan && stored.state === 'approved' && hasUnsent(mirror, stored.plan) ? plan : null,
    expired: plan && isExpired && stored.state === 'open' && newest?.exit === EXIT.changes ? plan : null,
  }
}

/** A push that was refused before it began left everything as it was; the person who asked for it was told. */
const isTelling = ({ verb, state, report }: RunRecord): boolean =>
  verb === 'sync' || state === 'running' || state === 'interrupted' || (report !== null && 'rows' in Object(report))

const hasUnsent = (mirror: Mirror, plan: Plan): boolean => {
  const states = mirror.changeStates(plan.plan)
  return pushable(plan).some(({ id }) => ['planned', 'approved'].includes(states.get(id)?.state ?? ''))
}

/** Of each kind of work the newest run. Plans and pushes carry their own number, so those are told by what they left open. */
const latestOfEach = (runs: readonly RunRecord[]): LastRun[] => {
  const byWork = new Map<string, RunRecord[]>()
  for (const run of runs) {
    const work = run.verb === 'push' ? run.verb : `${run.verb} ${run.what}`
    byWork.set(work, [...(byWork.get(work) ?? []), run])
  }
  return [...byWork.values()].flatMap((all) => {
    const [newest] = all
    return newest ? [lastRun(newest, all)] : []
  })
}

const lastRun = ({ report: _report, ...run }: RunRecord, all: readonly RunRecord[]): LastRun => ({
  ...run,
  failures: leading(all, ({ exit }) => exit !== null && isFailure(exit)),
})

const jobStatus = ({ settings, holder }: Workspace, outlook: Outlook): JobStatus[] =>
  Object.values(settings.jobs).map((job) => {
    const { name, cron = null, timezone } = job
    const { next = null, missed = null } = outlook.find(({ job }) => job === name) ?? {}
    const runs = openJobBook(settings, name).runs()
    const failures = leading(runs, ({ exit }) => exit !== null && isFailure(exit))
    const isCut = runs[0]?.state === 'running' && !storesOfJob(settings, job).some(holder)
    return { job: name, cron, timezone, next, missed, last: runs[0] ?? null, failures, isCut }
  })

const leading = <T>(list: readonly T[], test: (one: T) => boolean): number => {
  const end = list.findIndex((one) => !test(one))
  return end < 0 ? list.length : end
}

/** Waiting for approval and open rows are a person's turn; everything else that is not green failed. */
const isFailure = (exit: number): boolean => exit !== EXIT.done && exit !== EXIT.changes && exit !== EXIT.rows

const wrongInStore = ({ store, resources, holder, lastRuns, syncs }: StoreStatus): string[] => [
  ...(holder ? [] : resources.filter(({ complete }) => !complete)).map(
    ({ resource }) => `${store}: the last pull of ${resource} did not end; run \`skiff pull ${store}\``,
  ),
  ...decisive(lastRuns, syncs).flatMap((run) => {
    if (run.exit !== null && isFailure(run.exit)) {
      return [
        `${store}: ${run.verb} ${run.what} ended ${run.state}${times(run.failures)}; see \`skiff runs ${run.run}\``,
      ]
    }
    return run.exit === null && !holder ? [`${store}: ${run.verb} ${run.what} was cut short (${run.run})`] : []
  }),
  ...syncs
    .filter(({ circuit }) => circuit.isOpen)
    .map(
      ({ sync, circuit }) =>
        `${store}: the circuit of sync ${sync} is open since ${circuit.since}, so nothing is pushed for it by schedule; ` +
        `run \`skiff sync ${sync}\` at a terminal, or push its plan`,
    ),
]

/** Runs whose failure still means something: each sync's last, and a pull's when nothing read the store after it. */
const decisive = (lastRuns: readonly LastRun[], syncs: readonly SyncStatus[]): readonly LastRun[] => {
  const pull = lastReading(lastRuns)
  return [...(pull?.verb === 'pull' ? [pull] : []), ...syncs.flatMap(({ last }) => last ?? [])]
}

/** `lastRuns` stand in the order of their newest, so the first that reads the store is the last one that did. */
const lastReading = (lastRuns: readonly LastRun[]): LastRun | undefined => lastRuns.find(({ verb }) => READS.has(verb))

const READS = new Set(['pull', 'sync'])

const wrongInJob = ({ job, missed, last, failures, isCut }: JobStatus): string[] => {
  const lines: string[] = []
  if (missed !== null) lines.push(`job ${job} was due at ${missed} and did not run; is \`skiff serve\` running?`)
  if (isCut) lines.push(`job ${job} was cut short (${last?.run}); run \`skiff run ${job}\``)
  if (last?.exit != null && isFailure(last.exit)) {
    lines.push(`job ${job} ended ${last.state}${times(failures)}: ${last.trouble.join('; ')}`)
  }
  return lines
}

const times = (failures: number): string => (failures > 1 ? `, ${failures} times in a row` : '')

const openInStore = ({ store, waiting, open, syncs, lastRuns }: StoreStatus): string[] => [
  ...waiting.map(({ plan, sync }) => `${store}: plan ${plan} of ${sync} waits; see \`skiff show ${plan}\``),
  ...(open
    ? [
        `${store}: ${open} changes of a push that did not end have an unknown outcome; \`skiff plans\` shows the plan, push it again to finish it`,
      ]
    : []),
  ...[lastReading(lastRuns)]
    .filter((run) => run?.verb === 'pull' && run.exit === EXIT.rows)
    .map((run) => `${store}: the last pull left rows out; see \`skiff runs ${run?.run}\``),
  ...syncs.flatMap((sync) => openInSync(store, sync)),
]

const openInSync = (store: string, { sync, last, open, halfPushed, expired }: SyncStatus): string[] => {
  const lines: string[] = []
  if (halfPushed) {
    lines.push(
      `${store}: rows of plan ${halfPushed.plan} of ${sync} were not sent; \`skiff push ${halfPushed.plan}\` sends them`,
    )
  }
  if (expired) {
    lines.push(
      `${store}: plan ${expired.plan} of ${sync} waited for approval and expired at ${expired.expires}; \`skiff sync ${sync}\` makes a new one`,
    )
  }
  if (open.since !== null) {
    lines.push(
      `${store}: sync ${sync} has ${open.rows} ${open.rows === 1 ? 'row' : 'rows'} open, the oldest since ${open.since}; see \`skiff runs ${last?.run}\``,
    )
  } else if (last?.exit === EXIT.rows) {
    lines.push(`${store}: sync ${sync} left rows open; see \`skiff runs ${last.run}\``)
  }
  return lines
}

const openInJob = ({ job, last }: JobStatus): string[] =>
  last?.exit === EXIT.changes ? [`job ${job} waits for approval: ${last.trouble.join('; ')}`] : []
