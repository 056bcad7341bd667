import { migrate, pull, withRun } from '../../../src/engine/index.ts'
import { type MigrateReport, SkiffError } from '../../../src/model/index.ts'
import { Crash } from '../life.ts'
import type { SeedResult } from '../run-seed.ts'
import { HORIZON_MS } from '../world.ts'
import { actIn } from './acts.ts'
import { judgeMove } from './judge.ts'
import { contentsOf, RESOURCES, TABLES } from './picture.ts'
import { type MoveSwarm, withoutTrouble } from './swarm.ts'
import { createMoveWorld, type MoveWorld, startMigration } from './world.ts'

/** One migration between two stores from its beginning to its rest; the same seed is the same migration. */
export const runMigration = async (seed: number, story = false): Promise<SeedResult> => {
  const world = await wholeMigration(seed, story)
  // I23: what crashes and faults leave is what there is without them.
  if (isForeseeable(world.swarm)) {
    const calm = await wholeMigration(seed, false, withoutTrouble)
    const [was, is] = [contentsOf(calm.to.emulator.state), contentsOf(world.to.emulator.state)]
    for (const line of was.filter((one) => !is.includes(one))) world.violate('I23', `lacks ${line}`)
    for (const line of is.filter((one) => !was.includes(one))) world.violate('I23', `has besides ${line}`)
    if (was.length !== is.length) world.violate('I23', `${is.length} rows instead of ${was.length}`)
  }
  const { counts, clock, trace, violations } = world
  return {
    seed,
    violations,
    digest: trace.digest(),
    virtualHours: clock.elapsed() / 3_600_000,
    crashes: counts.crashes,
    faults: counts.faults,
    requests: counts.requests,
    story: trace.lines,
  }
}

/** What is adopted keeps its values from then on, so it matters when that was. */
const isForeseeable = ({ quiet, existing, alike }: MoveSwarm): boolean => quiet && !(existing === 'adopt' && alike > 0)

const wholeMigration = async (
  seed: number,
  story: boolean,
  change?: (swarm: MoveSwarm) => MoveSwarm,
): Promise<MoveWorld> => {
  const world = createMoveWorld(seed, story, change)
  try {
    for (let step = 0; step < world.swarm.steps; step += 1) {
      await migrateOnce(world, `migration ${step + 1}`)
      editBetween(world)
      if (world.dice.chance(0.2)) await pullOld(world)
    }
    await comeToRest(world)
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('I26')) throw error
    world.violate('I26', error.message)
  }
  return world
}

const MOST_VIRTUAL_MS = 24 * 3_600_000

/** One process from its start to its end, its refusal or its death. Undefined where there is no report. */
const migrateOnce = async (world: MoveWorld, what: string): Promise<MigrateReport | undefined> => {
  world.counts.runs += 1
  world.trace.add(`--- ${world.clock.elapsed()} ${what}`)
  const { life, stores, close } = startMigration(world)
  const { existing, conflict } = world.swarm
  const options = { existing, conflict, approvedBy: 'a person', since: null, names: {}, only: null }
  const whole = async (): Promise<MigrateReport> => {
    try {
      return await withRun(stores.fromContext, stores.from, 'migrate', 'from to', (fromRun) =>
        withRun(stores.fromContext, stores.to, 'migrate', 'from to', (run) =>
          migrate(stores.fromContext, { ...stores, fromRun, run }, options),
        ),
      )
    } finally {
      await close().catch(() => undefined)
      noteLinks(world)
    }
  }
  try {
    const report = await world.clock.drive(whole(), MOST_VIRTUAL_MS)
    judgeReport(world, report)
    return report
  } catch (error) {
    if (life.isDead() || error instanceof Crash) return undefined
    if (!(error instanceof SkiffError)) throw error
    world.trace.add(`refused: ${error.message}`)
    return undefined
  }
}

const noteLinks = ({ from, to, linkedAt }: MoveWorld): void => {
  for (const table of TABLES)
    for (const link of to.mirror.links(from.emulator.storeHash, RESOURCES[table])) {
      const place = `${table}/${Object.values(link.to)[0]}`
      if (!linkedAt.has(place)) linkedAt.set(place, to.emulator.state.now())
    }
}

/** Somebody brings the old store's mirror up to date in between. */
const pullOld = async (world: MoveWorld): Promise<void> => {
  world.counts.runs += 1
  world.trace.add(`--- ${world.clock.elapsed()} pull of the old store`)
  const { life, stores, close } = startMigration(world)
  const pulled = withRun(stores.fromContext, stores.from, 'pull', 'from', (run) =>
    pull(stores.fromContext, stores.from, {}, run),
  )
  try {
    await world.clock.drive(
      pulled.finally(() => close().catch(() => undefined)),
      MOST_VIRTUAL_MS,
    )
  } catch (error) {
    if (life.isDead() || error instanceof Crash) return
    if (!(error instanceof SkiffError)) throw error
    world.trace.add(`refused: ${error.message}`)
  }
}

/** I5: the report's word agrees with its own counts. */
const judgeReport = (world: MoveWorld, report: MigrateReport): void => {
  const failed = report.resources.reduce((sum, one) => sum + one.failed + one.conflicts, 0)
  world.trace.add(`${report.state} ${report.error?.message ?? ''} ${JSON.stringify(report.resources)}`)
  for (const { resource, key, reason } of report.left) world.trace.add(`left ${resource} ${key}: ${reason}`)
  if (report.state === 'complete' && (failed || report.left.length))
    world.violate('I5', `a migration is called complete with ${failed} rows open and ${report.left.length} left`)
}

const editBetween = (world: MoveWorld): void => {
  const { edits, swarm, clock } = world
  for (let number = edits.between(0, 3); number > 0; number -= 1)
    actIn(world, swarm.quiet || edits.chance(0.5) ? world.from : world.to, edits)
  clock.advance(edits.pick([1_000, 60_000, 600_000, 4 * 3_600_000, 25 * 3_600_000]))
}

/** Nobody disturbs any more: after some rounds nothing is left to do, and everything is as it should be. */
const comeToRest = async (world: MoveWorld): Promise<void> => {
  const { from, to, clock, counts } = world
  world.calm = true
  for (const { emulator } of [from, to]) {
    counts.faults += emulator.faults.list().reduce((sum, one) => sum + one.hits, 0)
    emulator.faults.clear()
  }
  let last: MigrateReport | undefined
  for (let round = 1; round <= ROUNDS; round += 1) {
    clock.advance(25 * 3_600_000 + 2 * HORIZON_MS)
    const before = to.emulator.log.length
    last = await migrateOnce(world, `migration at rest ${round}`)
    const written = to.emulator.log.length - before
    if (!last) world.violate('I26', 'the migration does not come to its end at rest')
    else if (last.error) world.violate('I26', `the migration stops at rest: ${last.error.message}`)
    if (written && round === ROUNDS) world.violate('I4', `round ${round} at rest still writes ${written} times`)
    if (last && round === ROUNDS && last.requests.write !== 0)
      world.violate('I4', `round ${round} at rest still sends ${last.requests.write} writes`)
  }
  if (last) judgeMove(world, last)
}

const ROUNDS = 3
