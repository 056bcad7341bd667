import { parseAllow } from '../../src/diff/index.ts'
import { plan, pull, push, sync, verify, withRun } from '../../src/engine/index.ts'
import {
  GUARD_NAMES,
  type PullReport,
  type PushReport,
  SkiffError,
  type SyncReport,
  type SyncSpec,
  type VerifyReport,
} from '../../src/model/index.ts'
import { act } from './actors.ts'
import { isSimple } from './extras.ts'
import { atRest, nothingUnread, pulledEverything, reportAddsUp, storyHolds, verifiedAtRest } from './invariants.ts'
import { Crash } from './life.ts'
import { emptyMirror } from './memory-mirror.ts'
import { judgeUndo, LOOKED_AT, resolveSome, undoable, undoRun } from './operator.ts'
import { createWorld, HORIZON_MS, type Session, startSession, type World } from './world.ts'

export interface SeedResult {
  readonly seed: number
  readonly violations: readonly string[]
  readonly digest: string
  readonly virtualHours: number
  readonly crashes: number
  readonly faults: number
  readonly requests: number
  readonly story: readonly string[]
}

/** One world from its beginning to its rest; the same seed is the same world. */
export const runSeed = async (seed: number, story = false): Promise<SeedResult> => {
  const world = createWorld(seed, story)
  world.emulator.faults.set(world.swarm.faults)
  const copies: Buffer[] = []
  try {
    await step(world, 'the first pull', fullPull)
    for (let number = 0; number < world.swarm.steps; number += 1) await anything(world, copies)
    await regret(world)
    await comeToRest(world)
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('I26')) throw error
    world.violate('I26', error.message)
  }
  storyHolds(world)
  const hits = world.emulator.faults.list().reduce((sum, one) => sum + one.hits, 0)
  return {
    seed,
    violations: world.violations,
    digest: world.trace.digest(),
    virtualHours: world.clock.elapsed() / 3_600_000,
    crashes: world.counts.crashes,
    faults: world.counts.faults + hits,
    requests: world.counts.requests,
    story: world.trace.lines,
  }
}

type Work<T> = (session: Session) => Promise<T>

const MOST_VIRTUAL_MS = 24 * 3_600_000

/** One process from its start to its end, its refusal or its death. Undefined where there is no report. */
const step = async <T>(world: World, what: string, work: Work<T>): Promise<T | undefined> => {
  world.counts.runs += 1
  world.trace.add(`--- ${world.clock.elapsed()} ${what}`)
  const session = startSession(world)
  const whole = async (): Promise<T> => {
    try {
      return await work(session)
    } finally {
      await session.close().catch(() => undefined)
    }
  }
  try {
    return await world.clock.drive(whole(), MOST_VIRTUAL_MS)
  } catch (error) {
    if (session.life.isDead() || error instanceof Crash) return undefined
    if (!(error instanceof SkiffError)) throw error
    world.trace.add(`refused: ${error.message}`)
    return undefined
  }
}

const anything = async (world: World, copies: Buffer[]): Promise<void> => {
  const { dice, swarm, clock } = world
  for (let acts = dice.between(1, 4); acts > 0; acts -= 1) act(world)
  clock.advance(dice.pick([0, 1_000, 60_000, 30_000, 600_000, 4 * 3_600_000, 25 * 3_600_000]))
  const spec = dice.pick(swarm.syncs)
  const quarrels = swarm.syncs.filter(({ name }) => world.mirror.conflicts(name).length > 0)
  if (quarrels.length && dice.chance(0.3)) return decides(world, dice.pick(quarrels))
  const wrote = swarm.syncs.filter((one) => undoable(world, one).length > 0)
  if (wrote.length && dice.chance(0.2)) return takesBack(world, dice.pick(wrote))
  switch (dice.between(1, 14)) {
    case 1:
      return void (await step(world, 'a pull', pullSome))
    case 2:
      return void (await step(world, 'a full pull', fullPull))
    case 3:
    case 4:
      return person(world, spec)
    case 5:
      return oldPlan(world, spec)
    case 6:
      return copies.length && dice.chance(0.3) ? restored(world, copies) : void copies.push(world.copy())
    case 7:
      if (dice.chance(0.3)) return strangeStore(world, spec)
      break
  }
  await step(world, `sync ${spec.name}`, syncBy(world, spec))
}

const pullBy =
  (full: boolean): Work<PullReport> =>
  async ({ world, context, side }) => {
    const began = world.clock.now()
    const report = await withRun(context, side, 'pull', 'main', (run) => pull(context, side, { full }, run))
    pulledEverything(world, report, began)
    return report
  }
const fullPull = pullBy(true)
const pullSome = pullBy(false)

const syncBy =
  (world: World, spec: SyncSpec, allow: readonly string[] = []): Work<SyncReport> =>
  async (session) => {
    const { context, side } = session
    const began = world.clock.now()
    const options = {
      approvedBy: 'cron',
      dryRun: false,
      allowed: parseAllow(allow),
      configHash: world.config,
      full: world.calm,
    }
    const text = world.feed.text
    const report = await withRun(context, side, 'sync', spec.name, (run) =>
      sync(context, side, spec, session.source(spec), options, run),
    )
    if (report.pull) pulledEverything(world, report.pull, began)
    reportAddsUp(world, report)
    if (report.state === 'complete' && text === world.feed.text) nothingUnread(world, spec)
    const blocks = report.guards
      .filter(({ verdict }) => verdict === 'blocked')
      .map(({ guard, detail }) => `${guard} (${detail})`)
    world.trace.add(`${report.state} ${blocks.join(' ')} ${JSON.stringify(report.counts)}`)
    return report
  }

const planBy =
  (world: World, spec: SyncSpec, allow: readonly string[]): Work<string> =>
  async (session) => {
    const { context, side } = session
    const options = {
      allowed: parseAllow(allow),
      automatic: false,
      staleOk: true,
      only: null,
      configHash: world.config,
    }
    const report = await withRun(context, side, 'plan', spec.name, (run) =>
      plan(context, side, spec, session.source(spec), options, run),
    )
    return report.plan.plan
  }

const pushBy =
  (world: World, spec: SyncSpec, id: string): Work<PushReport> =>
  async (session) => {
    const { context, side } = session
    const source = session.source(spec)
    const options = { approvedBy: 'a person', allowed: parseAllow([]), only: null, source, configHash: world.config }
    const report = await withRun(context, side, 'push', id, (run) => push(context, side, spec, id, options, run))
    reportAddsUp(world, report)
    return report
  }

/** Without a record of the run, so that the mirror is the same to the byte. */
const verifyEverything: Work<VerifyReport> = async (session) => {
  const { context, side, world } = session
  const syncs = world.swarm.syncs.map((spec) => ({ spec, source: session.source(spec) }))
  const scratch = emptyMirror()
  const before = world.copy()
  const report = await verify(context, side, { syncs, sample: { share: 1, seed: 0 }, scratch }, 'no run')
  if (!world.copy().equals(before)) world.violate('I31', 'verify changes the mirror')
  return report
}

/** A person plans, thinks, and pushes; the store does not wait for that, nor does the config. */
const person = async (world: World, spec: SyncSpec): Promise<void> => {
  const { dice, clock } = world
  const id = await step(world, `plan ${spec.name}`, planBy(world, spec, []))
  if (id === undefined) return
  for (let acts = dice.between(0, 2); acts > 0; acts -= 1) act(world)
  clock.advance(dice.pick([0, 0, 20_000, 600_000, 2 * 3_600_000, 26 * 3_600_000]))
  if (dice.chance(0.1)) world.config = `config ${world.counts.runs}`
  await step(world, `push ${id}`, pushBy(world, spec, id))
}

/** The operator looks into the inbox, and pushes what was decided now or leaves that to a later plan. */
const decides = async (world: World, spec: SyncSpec): Promise<void> => {
  const id = await step(world, `resolve ${spec.name}`, resolveSome(world, spec))
  if (id !== undefined && world.dice.chance(0.7)) await step(world, `push ${id}`, pushBy(world, spec, id))
}

/** The operator takes a run back, sometimes after others were at work. */
const takesBack = async (world: World, spec: SyncSpec): Promise<void> => {
  const { dice, clock } = world
  const run = dice.pick(undoable(world, spec))
  // A person has read a report before that, and what was sent last shows by then.
  clock.advance(dice.pick([2_000, 600_000, 3 * 3_600_000]))
  const undone = await step(world, `undo ${run}`, undoRun(world, spec, run))
  if (!undone) return
  for (let acts = dice.between(0, 2); acts > 0; acts -= 1) act(world)
  const began = clock.now()
  await step(world, `push ${undone.back.plan}`, pushBy(world, spec, undone.back.plan))
  judgeUndo(world, undone, began)
}

/** A day on which the operator looks at everything: what goes wrong is decided or taken back, and sometimes that as well. */
const regret = async (world: World): Promise<void> => {
  const { dice, swarm, feed, clock } = world
  feed.write(clock.now())
  for (const spec of swarm.syncs) {
    if (!dice.chance(0.7)) continue
    // A spoiled file can be told from a good one only once a good one was seen.
    if (!world.mirror.acceptedSnapshot(spec.name))
      await step(world, `plan ${spec.name}`, planBy(world, spec, LOOKED_AT))
    if (!world.mirror.acceptedSnapshot(spec.name) || feed.spoiled) continue
    for (let acts = dice.between(1, 4); acts > 0; acts -= 1) act(world)
    await step(world, `sync ${spec.name}`, syncBy(world, spec, LOOKED_AT))
    if (world.mirror.conflicts(spec.name).length > 0 && dice.chance(0.6)) await decides(world, spec)
    for (let times = dice.between(0, 2); times > 0 && undoable(world, spec).length > 0; times -= 1) {
      await takesBack(world, spec)
      clock.advance(2 * HORIZON_MS)
      if (dice.chance(0.5)) await step(world, `sync ${spec.name}`, syncBy(world, spec, LOOKED_AT))
    }
  }
}

const oldPlan = async (world: World, spec: SyncSpec): Promise<void> => {
  const plans = world.mirror.plans(10).filter(({ plan: one }) => one.sync === spec.name)
  const found = plans.length ? world.dice.pick(plans) : undefined
  if (found) await step(world, `push ${found.plan.plan} again`, pushBy(world, spec, found.plan.plan))
}

/** The operator puts an old copy of the mirror in the place of the present one. */
const restored = async (world: World, copies: readonly Buffer[]): Promise<void> => {
  const copy = world.dice.pick(copies)
  if (copy) world.restore(copy)
  world.watch.forget()
  world.trace.add('an old copy of the mirror is restored')
}

/** The address leads to another store for a while. */
const strangeStore = async (world: World, spec: SyncSpec): Promise<void> => {
  if (world.mirror.lineage() === null) return
  const { state } = world.emulator
  const own = state.store
  state.store = { ...own, domain: 'somebody-else.example' }
  world.watch.strange = true
  await step(world, `sync ${spec.name} with another store`, syncBy(world, spec))
  world.watch.strange = false
  state.store = own
}

/** What these keep back is kept back at rest too. */
const NEVER_ALLOWED: ReadonlySet<string> = new Set(['storeIdentity', 'zeroPrice', 'staleStock'])
const ALL_GUARDS = GUARD_NAMES.filter((name) => !NEVER_ALLOWED.has(name))

/** Nobody disturbs any more: after two rounds nothing is left to do, and everything is as it should be. */
const comeToRest = async (world: World): Promise<void> => {
  const { emulator, feed, swarm, clock } = world
  world.calm = true
  for (const good of feed.goods) if (!isSimple(emulator.state, good.sku)) good.listed = ''
  const hits = emulator.faults.list().reduce((sum, one) => sum + one.hits, 0)
  world.counts.faults += hits
  emulator.faults.clear()
  let last: SyncReport[] = []
  let isQuiet = false
  for (let round = 1; round <= ROUNDS; round += 1) {
    clock.advance(NEXT_EXPORT_MS)
    feed.write(clock.now())
    clock.advance(2 * HORIZON_MS)
    await step(world, 'a full pull at rest', fullPull)
    const before = emulator.log.length
    last = []
    for (const spec of swarm.syncs) {
      clock.advance(2 * HORIZON_MS)
      const report = await step(world, `sync ${spec.name} at rest`, syncBy(world, spec, ALL_GUARDS))
      if (report?.state === 'waiting')
        await step(world, `push ${report.plan} at rest`, pushBy(world, spec, report.plan))
      if (report) last.push(report)
      else world.violate('I26', `sync ${spec.name} does not come to its end at rest`)
    }
    const written = emulator.log.length - before
    if (written && isQuiet)
      world.violate('I4', `round ${round} at rest writes ${written} times, and the one before it nothing`)
    if (written && round > SETTLING) world.violate('I20', `round ${round} at rest still writes ${written} times`)
    isQuiet = !written && last.length === swarm.syncs.length && last.every(({ counts }) => counts.held === 0)
  }
  atRest(world, last)
  const report = await step(world, 'verify at rest', verifyEverything)
  if (!report) world.violate('I31', 'verify does not come to its end at rest')
  else verifiedAtRest(world, report, last)
}

/** Long enough for a figure to be surely younger than what the last pull saw. */
const NEXT_EXPORT_MS = 15 * 60_000
const ROUNDS = 3
/** Rounds in which what was left open is still put right (I20). */
const SETTLING = 2
