import type { Emulator } from '../../../src/emulator/index.ts'
import { type Context, DEFAULT_LOCATION, type Stores } from '../../../src/engine/index.ts'
import type { Mirror } from '../../../src/mirror/index.ts'
import { seeded } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import { pictureFiles } from '../../../src/sources/index.ts'
import { openStore } from '../../../src/store/index.ts'
import { type SimClock, simClock } from '../clock.ts'
import { type Dice, diceOf } from '../dice.ts'
import { History } from '../history.ts'
import { beginLife, type Life } from '../life.ts'
import { freshDatabase, mirrorIn } from '../memory-mirror.ts'
import { Trace } from '../trace.ts'
import { type Wired, wire } from '../wire.ts'
import { type Counts, HORIZON_MS } from '../world.ts'
import { act } from './acts.ts'
import { pictureOf } from './picture.ts'
import { createStores, TOKEN } from './stores.ts'
import { drawMoveSwarm, type MoveSwarm } from './swarm.ts'

/** One of the two stores, with its mirror and its witness. */
export interface Shop {
  readonly name: 'from' | 'to'
  readonly emulator: Emulator
  readonly history: History
  readonly mirror: Mirror
}

/** Everything of one seed: two stores and their mirrors, time, chance, and who watches. */
export interface MoveWorld {
  readonly seed: number
  readonly dice: Dice
  /** Chance of edits between migrations, which are the same whatever goes wrong. */
  readonly edits: Dice
  readonly swarm: MoveSwarm
  readonly clock: SimClock
  readonly from: Shop
  readonly to: Shop
  readonly trace: Trace
  readonly counts: Counts
  readonly violations: string[]
  /** Rows that the new store had before, as places. */
  readonly there: ReadonlySet<string>
  /** When a row of the new store was first known to stand for an old one, by its place; ms. */
  readonly linkedAt: Map<string, number>
  /** Faults, actors and deaths are over. */
  calm: boolean
  /** Things that others have made so far. */
  made: number
  violate(invariant: string, what: string): void
  yieldPoint(life: Life, what: string): void
}

export const createMoveWorld = (
  seed: number,
  story: boolean,
  change: (swarm: MoveSwarm) => MoveSwarm = (one) => one,
): MoveWorld => {
  const dice = diceOf(seeded(seed * 7919 + 29))
  const drawn = drawMoveSwarm(dice)
  const swarm = change(drawn)
  const clock = simClock()
  const emulators = createStores(seed, drawn, dice, clock)
  const trace = new Trace(story)
  const violations: string[] = []
  const counts: Counts = { crashes: 0, requests: 0, faults: 0, acts: 0, runs: 0 }
  const shopOf = (name: Shop['name']): Shop => {
    const emulator = emulators[name]
    emulator.faults.set(swarm.faults[name])
    return { name, emulator, history: new History(emulator.state, pictureOf), mirror: mirrorIn(freshDatabase()) }
  }
  const world: MoveWorld = {
    seed,
    dice,
    edits: diceOf(seeded(seed * 6007 + 31)),
    swarm,
    clock,
    from: shopOf('from'),
    to: shopOf('to'),
    trace,
    counts,
    violations,
    there: new Set(pictureOf(emulators.to.state).keys()),
    linkedAt: new Map(),
    calm: false,
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
        act(world, dice)
      }
      if (swarm.crashes && dice.chance(swarm.crashes)) {
        counts.crashes += 1
        trace.add(`the process dies ${what}`)
        life.die()
      }
    },
  }
  return world
}

/** A process is started: its own clients, its own memory, the mirrors that the last one left. */
export const startMigration = (
  world: MoveWorld,
): { readonly life: Life; readonly stores: Omit<Stores, 'fromRun' | 'run'>; close(): Promise<void> } => {
  const life = beginLife(world.from.mirror, world.clock, {
    onCommit: (one, what) => world.yieldPoint(one, what),
    onLate: () => undefined,
  })
  const signal = new AbortController().signal
  const random = seeded(world.seed + world.counts.runs)
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
  const sideOf = (shop: Shop, mirror: Mirror): Stores['to'] => ({
    name: shop.name,
    hash: shop.emulator.storeHash,
    store: openStore(
      {
        hash: shop.emulator.storeHash,
        origin: shop.emulator.origin,
        auth: { accessToken: TOKEN },
        quotaShare: 0.85,
      },
      { clock: life.clock, random, fetch: wire(wiredOf(world, shop), life), signal },
    ),
    mirror,
    files: pictureFiles('.'),
    web: { look: noWeb, weigh: noWeb },
    resources: [
      'products',
      'variants',
      'categories',
      'brands',
      'product_custom_fields',
      ...(world.swarm.lists ? ['price_lists', 'price_list_records'] : []),
    ],
    location: DEFAULT_LOCATION,
    fullMs: 23 * 3_600_000,
    soleToChild: false,
    horizonMs: HORIZON_MS,
    settleMs: null,
  })
  const [from, to] = [sideOf(world.from, life.mirror), sideOf(world.to, life.also(world.to.mirror))]
  return {
    life,
    stores: { from, to, fromContext: context },
    close: async () => {
      await from.store.close()
      await to.store.close()
    },
  }
}

const noWeb = async () => ({ reason: 'there is no web here' })

const wiredOf = (world: MoveWorld, { name, emulator, history }: Shop): Wired => {
  const quietUntil = new WeakMap<Life, number>()
  return {
    emulator,
    history,
    clock: world.clock,
    dice: world.dice,
    trace: world.trace,
    counts: world.counts,
    swarm: world.swarm,
    get calm() {
      return world.calm
    },
    yieldPoint: world.yieldPoint,
    watch: {
      leaving: (life, method, path) => {
        const until = quietUntil.get(life)
        if (until !== undefined && world.clock.elapsed() < until)
          world.violate('I17', `${method} ${path} leaves before the window of ${name} ends`)
        if (name === 'from' && method !== 'GET') world.violate('I1', `${method} ${path} goes to the old store`)
      },
      answered: (life, status, headers) => {
        const reset = Number(headers.get('x-rate-limit-time-reset-ms') ?? Number.NaN)
        if (status === 429 && Number.isFinite(reset)) quietUntil.set(life, world.clock.elapsed() + reset)
      },
    },
  }
}
