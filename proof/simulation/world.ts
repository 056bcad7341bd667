import { mappingOf } from '../../src/app/sources.ts'
import { createEmulator, type Emulator } from '../../src/emulator/index.ts'
import { type Context, DEFAULT_LOCATION, type StoreSide } from '../../src/engine/index.ts'
import type { Holder, Mirror } from '../../src/mirror/index.ts'
import { type Source, type SyncSpec, seeded } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { compileMapping, pictureFiles } from '../../src/sources/index.ts'
import { openStore } from '../../src/store/index.ts'
import { act } from './actors.ts'
import { type SimClock, simClock } from './clock.ts'
import { type Dice, diceOf } from './dice.ts'
import { columnsOf } from './extras.ts'
import { emptyTable } from './feed-table.ts'
import { Feed, goodsOf } from './feeds.ts'
import { History, pictureOf } from './history.ts'
import { beginLife, type Life } from './life.ts'
import { databaseOf, freshDatabase, mirrorIn } from './memory-mirror.ts'
import { drawSwarm, type Swarm } from './swarm.ts'
import { Trace } from './trace.ts'
import { type Watch, watch } from './watch.ts'
import { wire } from './wire.ts'

/** Everything of one seed: a store, its mirror, the merchant's other system, time, chance, and who watches. */
export interface World {
  readonly seed: number
  readonly dice: Dice
  /** Chance of what came to be last, so that other seeds stay what they were. */
  readonly latest: Dice
  readonly swarm: Swarm
  readonly clock: SimClock
  readonly emulator: Emulator
  readonly history: History
  readonly feed: Feed
  readonly trace: Trace
  readonly counts: Counts
  readonly watch: Watch
  readonly mirror: Mirror
  readonly violations: string[]
  /** Faults, actors and deaths are over. */
  calm: boolean
  /** Hash of the config as it stands now. */
  config: string
  /** Things that the other system has made so far. */
  made: number
  violate(invariant: string, what: string): void
  /** Anything may happen here: an act of somebody else, or the death of the process. */
  yieldPoint(life: Life, what: string): void
  /** The store's mirror as it was some commits ago takes the place of what is there. */
  copy(): Buffer
  restore(copy: Buffer): void
  /** A process takes the lease; every older one is refused from then on. */
  takeOver(): Mirror
}

export interface Counts {
  crashes: number
  requests: number
  faults: number
  acts: number
  runs: number
}

const TOKEN = 'canary00token00that00shows00now'
export const HORIZON_MS = 75_000

export const createWorld = (seed: number, story: boolean): World => {
  const dice = diceOf(seeded(seed * 7919 + 13))
  const late = diceOf(seeded(seed * 6007 + 5))
  const latest = diceOf(seeded(seed * 4517 + 1))
  const swarm = drawSwarm(dice, late, latest)
  const more = columnsOf(swarm.extras)
  const clock = simClock()
  const emulator = createEmulator({
    catalog,
    clock,
    seed,
    products: swarm.products,
    orders: 0,
    accessToken: TOKEN,
    plan: dice.pick(['standard', 'pro', 'unlimited']),
    settings: { partialVariantBatch: dice.chance(0.5), latencyMs: dice.pick([0, 40]) },
  })
  const history = new History(emulator.state, (state) => pictureOf(state, swarm.extras))
  const trace = new Trace(story)
  const violations: string[] = []
  const counts: Counts = { crashes: 0, requests: 0, faults: 0, acts: 0, runs: 0 }
  const opened = { db: freshDatabase() }
  const mirrorOf = (writer?: Holder) => mirrorIn(opened.db, writer)
  let mirror = mirrorOf()
  const world: World = {
    seed,
    dice,
    latest,
    swarm,
    clock,
    emulator,
    history,
    feed: new Feed(
      goodsOf(emulator.state, dice),
      clock.now(),
      more,
      swarm.table ? emptyTable(more, swarm.extras.overlap) : null,
    ),
    trace,
    counts,
    violations,
    get mirror() {
      return mirror
    },
    get watch() {
      return watched
    },
    calm: false,
    config: 'config 1',
    made: 0,
    violate: (invariant, what) => {
      const line = `${invariant}: ${what}`
      if (!violations.includes(line)) violations.push(line)
      trace.add(`VIOLATION ${line}`)
    },
    yieldPoint: (life, what) => {
      if (world.calm) return
      if (swarm.acts && dice.chance(swarm.acts)) {
        counts.acts += 1
        act(world)
      }
      if (swarm.overtaking && !opened.db.inTransaction && late.chance(swarm.overtaking)) {
        trace.add(`another process takes over ${what}`)
        life.overtaken = true
        world.takeOver()
      }
      if (swarm.crashes && dice.chance(swarm.crashes)) {
        counts.crashes += 1
        trace.add(`the process dies ${what}`)
        life.die()
      }
    },
    copy: () => opened.db.serialize(),
    restore: (bytes) => {
      opened.db = databaseOf(bytes)
      mirror = mirrorOf()
    },
    takeOver: () => mirrorOf({ pid: counts.runs, host: 'here', since: `${clock.now()}`, work: 'a run' }),
  }
  const watched = watch(world)
  return world
}

export interface Session {
  readonly world: World
  readonly life: Life
  readonly context: Context
  readonly side: StoreSide
  source(spec: SyncSpec): Source
}

/** A process is started: its own client, its own memory, the mirror that the last one left. */
export const startSession = (world: World): Session & { close(): Promise<void> } => {
  const mirror = world.swarm.leases ? world.takeOver() : world.mirror
  const life = beginLife(mirror, world.clock, {
    onCommit: (one, what) => world.yieldPoint(one, what),
    onLate: (what) => world.violate('I25', `${what} of a process that another one has overtaken is kept`),
  })
  const signal = new AbortController().signal
  const random = seeded(world.seed + world.counts.runs)
  const store = openStore(
    { hash: world.emulator.storeHash, origin: world.emulator.origin, auth: { accessToken: TOKEN }, quotaShare: 0.85 },
    { clock: life.clock, random, fetch: wire(world, life), signal },
  )
  const context: Context = {
    catalog,
    clock: life.clock,
    random,
    signal,
    progress: (one) => {
      if (JSON.stringify(one).includes(TOKEN)) world.violate('I24', 'the token is shown')
    },
    tool: '1.0.0',
  }
  const side: StoreSide = {
    name: 'main',
    hash: world.emulator.storeHash,
    store,
    mirror: life.mirror,
    files: pictureFiles('.'),
    web: {
      look: async () => ({ reason: 'there is no web here' }),
      weigh: async () => ({ reason: 'there is no web here' }),
    },
    resources: [
      'products',
      'variants',
      ...(world.swarm.syncs.some(isAged) ? ['orders'] : []),
      ...(world.swarm.extras.parts ? ['product_custom_fields', 'product_images'] : []),
      ...(world.swarm.extras.lists ? ['price_lists', 'price_list_records'] : []),
    ],
    location: DEFAULT_LOCATION,
    fullMs: 23 * 3_600_000,
    soleToChild: false,
    horizonMs: HORIZON_MS,
    settleMs: null,
  }
  return {
    world,
    life,
    context,
    side,
    source: (spec) => {
      const mapping = compileMapping(mappingOf(spec, catalog))
      return world.feed.source(spec.source, mapping, (when, changed, added = []) => {
        for (const { sku } of added) world.watch.added(sku)
        for (const { sku, description } of changed) world.watch.writtenBack(sku, description)
        world.trace.add(`the source is written, ${when}: ${changed.map(({ sku }) => sku).join(' ')}`)
        life.check()
        world.yieldPoint(life, `${when} the source is written`)
      })
    },
    close: async () => {
      await store.close()
      if (world.swarm.leases && !life.isDead()) mirror.close()
    },
  }
}

/** Whether orders tell what a sync has to know of its stock. */
const isAged = ({ fields }: SyncSpec): boolean => Object.values(fields).some(({ asOf }) => asOf !== undefined)

export const canaryFound = (world: World): boolean => world.copy().includes(TOKEN)
