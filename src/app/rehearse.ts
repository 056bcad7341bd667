import { type Target, targetOf } from '../diff/index.ts'
import type { Emulator, SeenRequest } from '../emulator/index.ts'
import { type Context, pullTasks, push, type StoreSide, withRun } from '../engine/index.ts'
import type { Mirror, Pace } from '../mirror/index.ts'
import {
  type Catalog,
  type Clock,
  type Plan,
  type Prediction,
  type PushReport,
  type RehearsalReport,
  type Requests,
  type Source,
  seeded,
} from '../model/index.ts'
import { type Fetch, openStore } from '../store/index.ts'
import { emulatedStore, quotaOf, referred, USUAL_PACE } from './rehearsal-store.ts'
import { configHash, isDatabase } from './settings/index.ts'
import { findPlan } from './verbs.ts'
import { virtualTime } from './virtual-time.ts'
import type { Workspace } from './workspace.ts'

/**
 * Carries a plan out on an emulated store that holds the mirror's rows, over a copy of the mirror and in time that does not pass:
 * what each row would come to, in how many requests and how long. The record of the run is all that it leaves.
 * @throws what `pushPlan` throws for a plan that is stale or blocked.
 */
export const rehearsePlan = async (
  workspace: Workspace,
  id: string,
  store: string | undefined,
): Promise<RehearsalReport> => {
  const { plan } = await findPlan(workspace, id, store)
  return workspace.withStore(plan.store, `rehearse ${id}`, (side) =>
    withRun(workspace.context, side, 'rehearse', id, (run) =>
      workspace.withCopy(plan.store, (copy, folder) =>
        rehearse(workspace, plan, { ...side, mirror: copy }, folder, run),
      ),
    ),
  )
}

const rehearse = async (
  workspace: Workspace,
  plan: Plan,
  real: StoreSide,
  folder: string,
  run: string,
): Promise<RehearsalReport> => {
  const { context, settings } = workspace
  const { mirror } = real
  const spec = workspace.sync(plan.sync)
  const target = targetOf(context.catalog, spec.resource)
  const clock = virtualTime(context.clock.now())
  const pace = mirror.pace() ?? USUAL_PACE
  const emulator = emulatedStore(context.catalog, real, target, plan, pace, clock)
  const random = seeded(1)
  const quotaShare = settings.stores[plan.store]?.quotaShare ?? 1
  const acting = openStore(
    { hash: real.hash, origin: emulator.origin, auth: { accessToken: emulator.accessToken }, quotaShare },
    { clock, random, fetch: delayed(emulator, pace, clock), signal: context.signal },
  )
  const stage: Context = {
    ...context,
    clock,
    random,
    // Waits and their ends are of another time than the person's.
    progress: (one) => {
      if (one.kind === 'advance') context.progress({ ...one, what: `rehearse: ${one.what}`, eta: null })
    },
  }
  const options = {
    approvedBy: 'a rehearsal',
    allowed: new Map(),
    only: null,
    source: await sourceCopy(workspace, plan, folder),
    configHash: configHash(settings, spec),
  }
  try {
    const report = await push(stage, { ...real, store: acting }, spec, plan.plan, options, run)
    return {
      ...outcomeOf(report),
      requests: NONE,
      predicted: predictionOf(report.requests, emulator.requests, clock, pace, pace !== USUAL_PACE),
      unseen: unseen(context.catalog, mirror, target, pace === USUAL_PACE),
    }
  } finally {
    await acting.close()
  }
}

const NONE: Requests = { read: 0, write: 0, check: 0 }

/** The emulated store answers as slowly as the real one was seen to: mostly at its median, now and then at its slowest. */
const delayed = (emulator: Emulator, { medianMs, p95Ms }: Pace, clock: Clock): Fetch => {
  const random = seeded(2)
  return async (url, init) => {
    await clock.sleep(random() < SLOW_SHARE ? p95Ms : medianMs, init.signal)
    return emulator.fetch(url, init)
  }
}

const SLOW_SHARE = 0.1

/** Values are written back into a copy of the file, or into the database and out of it again. */
const sourceCopy = async (workspace: Workspace, plan: Plan, folder: string): Promise<Source> => {
  const spec = workspace.sync(plan.sync)
  const source = workspace.settings.sources[spec.source]
  const isFile = source !== undefined && !isDatabase(source)
  if (isFile && !plan.changes.some(({ side }) => side === 'source')) return workspace.source(spec)
  await workspace.copySource(spec, folder)
  return workspace.source(spec, folder)
}

const outcomeOf = ({ run, state, exit, plan, sync, store, counts, rows, error }: PushReport) => ({
  run,
  state,
  exit,
  plan,
  sync,
  store,
  counts,
  rows,
  ...(error && { error }),
})

const predictionOf = (
  requests: Requests,
  seen: readonly SeenRequest[],
  clock: Clock,
  pace: Pace,
  isLearned: boolean,
): Prediction => {
  const { requests: quota, windowMs } = quotaOf(pace)
  const { medianMs, p95Ms } = pace
  const counts = new Map<string, number>()
  for (const { method, path } of seen) {
    const [bare = ''] = path.split('?')
    const endpoint = `${method} ${bare.replace(/\/\d+(?=\/|$)/g, '/{id}')}`
    counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1)
  }
  return {
    requests,
    seconds: Math.round(clock.elapsed() / 100) / 10,
    endpoints: [...counts].map(([endpoint, number]) => ({ endpoint, requests: number })),
    quota,
    windowMs,
    quotaUsed: Math.round((seen.length / quota) * 1000) / 1000,
    medianMs,
    p95Ms,
    isLearned,
  }
}

/** What a rehearsal cannot know. */
const unseen = (catalog: Catalog, mirror: Mirror, target: Target, isGuess: boolean): readonly string[] => {
  const asOf = pullTasks(catalog, [target.name]).map(({ resource }) => mirror.freshness(resource.name)?.asOf ?? '')
  const missing = [...referred(target)].filter((name) => mirror.freshness(name) === null)
  return [
    `edits made in the store since ${asOf.sort()[0]}, and those of other apps while it would run`,
    'how the store alters what it saves, such as the HTML of a description',
    ...(missing.length ? [`${missing.join(', ')}: not mirrored, so a reference to them is taken for right`] : []),
    ...(isGuess ? ['how fast this store answers: no run has measured it yet, so the time is a guess'] : []),
  ]
}
