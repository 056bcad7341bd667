import { type Scene, simulate, simulateSettling, type Tally } from '../../test/support/pacing/simulate.ts'
import { skiffClient, skiffPacer } from '../../test/support/pacing/skiff-client.ts'
import { after429 } from '../baselines/pacing/after-429.ts'
import { headerDriven, REFERENCE } from '../baselines/pacing/header-driven.ts'
import { oneAtATime } from '../baselines/pacing/one-at-a-time.ts'
import { pQueue } from '../baselines/pacing/p-queue.ts'

export interface Paced {
  /** Scenes of one group have one goal. */
  readonly group: string
  readonly scene: string
  readonly way: string
  /** Requests got through of what the others left. */
  readonly used: number
  /** Refusals in a hundred windows: ours, and those of the other consumer (null where there is none). */
  readonly ours: number
  readonly others: number | null
  /** Most requests of one client in one window, in parts of the quota. */
  readonly most: number
}

/** Lets ways to pace loose on a simulated store, each for so many windows. */
export const pace = async ({ windows }: { windows: number }): Promise<readonly Paced[]> => {
  const found: Paced[] = []
  for (const [scene, given] of Object.entries(SIDE_BY_SIDE)) {
    for (const [way, run] of Object.entries(WAYS)) {
      const long = way === SKIFF || way === TO_BEAT ? windows * LONGER : windows
      const tally = await run({ seed: SEED, windows: long, ...given })
      found.push({ group: groupOf(given), scene, ...paced(way, given, tally) })
    }
  }
  for (const [group, scenes] of Object.entries(ALONE)) {
    for (const [scene, { crowd = 1, share = 1, legacy = false, ...given }] of Object.entries(scenes)) {
      const one = () => skiffClient(skiffPacer({ legacy, share }))
      const tally = simulate({ seed: SEED, windows, ...given }, ...Array.from({ length: crowd }, one))
      found.push({ group, scene: `${group}: ${scene}`, ...paced(SKIFF, given, tally) })
    }
  }
  return found
}

/** Names of the ways that are compared with each other. */
export const SKIFF = 'Skiff'
export const TO_BEAT = 'headers, smooth, predicts, reserve 3 while others are seen'

const SEED = 1
/** The two that are near each other need more windows to be told apart. */
const LONGER = 6

const groupOf = ({ others }: Partial<Scene>): string =>
  others ? `another app, ${others === 'poisson' ? 'Poisson' : others}` : 'alone'

const paced = (way: string, { others, quota = 150 }: Partial<Scene>, tally: Tally): Omit<Paced, 'group' | 'scene'> => ({
  way,
  used: tally.usedPercent / 100,
  ours: tally.per100(tally.oursRefused),
  others: others ? tally.per100(tally.theirsRefused) : null,
  most: tally.mostOfOne / quota,
})

const SIDE_BY_SIDE: Readonly<Record<string, Partial<Scene>>> = {
  'alone, window by clock': {},
  'alone, window from first request': { start: 'first' },
  'another app, Poisson': { others: 'poisson' },
  'another app, bursts': { others: 'bursts' },
}

const queued =
  (intervalCap: number, interval: number) =>
  async (scene: Scene): Promise<Tally> => {
    const { client, restore } = pQueue({ intervalCap, interval })
    try {
      return await simulateSettling(scene, client)
    } finally {
      restore()
    }
  }

const smooth = { smooth: true, reserve: 3, reserves: 'always' } as const

const WAYS: Readonly<Record<string, (scene: Scene) => Tally | Promise<Tally>>> = {
  'none, waits after a 429': (scene) => simulate(scene, after429),
  'one at a time, sleeps reset / left': (scene) => simulate(scene, oneAtATime),
  'p-queue 150 / 30 s': queued(150, 30_000),
  'p-queue 5 / 1 s': queued(5, 1000),
  'headers, burst': (scene) => simulate(scene, headerDriven({ ...smooth, smooth: false, predicts: false, reserve: 0 })),
  'headers, smooth, reserve 3': (scene) => simulate(scene, headerDriven({ ...smooth, predicts: false })),
  [TO_BEAT]: (scene) => simulate(scene, headerDriven(REFERENCE)),
  [SKIFF]: (scene) => simulate(scene, skiffClient()),
}

interface Own extends Partial<Scene> {
  /** How many that know nothing of each other. */
  readonly crowd?: number
  readonly share?: number
  readonly legacy?: boolean
}

const hour: Own = { limit: 'hour', legacy: true }
const poisson: Own = { others: 'poisson' }
const first: Own = { start: 'first' }
const slow: Own = { tripMs: [400, 400] }
const fast: Own = { tripMs: [20, 20] }

/** What only Skiff is held against, by group. */
const ALONE: Readonly<Record<string, Readonly<Record<string, Own>>>> = {
  alone: {
    'round trips of 20 ms': fast,
    'round trips of 400 ms': slow,
    'round trips of 400 ms, window from first request': { ...slow, ...first },
    'quota 450': { quota: 450 },
    'quota 450, round trips of 400 ms': { ...slow, quota: 450 },
    'clock 100 ppm fast': { clockRate: 1.0001 },
    'clock 100 ppm slow': { clockRate: 0.9999 },
    'clock 1 % fast': { clockRate: 1.01 },
    'clock 1 % slow': { clockRate: 0.99 },
    'clock 1 % fast, window from first request': { ...first, clockRate: 1.01 },
    'times in whole seconds': { resetStepMs: 1000 },
  },
  'alone, whole seconds and window from first request': {
    'round trips of 100 to 320 ms': { ...first, resetStepMs: 1000 },
  },
  'another app, Poisson': {
    'round trips of 20 ms': { ...poisson, ...fast },
    'round trips of 400 ms': { ...poisson, ...slow },
  },
  'another app, Poisson, quota 450': { 'round trips of 100 to 320 ms': { ...poisson, quota: 450 } },
  'half the quota as share': {
    alone: { share: 0.5 },
    'alone, window from first request': { ...first, share: 0.5 },
    'another app, Poisson': { ...poisson, share: 0.5 },
  },
  'several processes': {
    two: { crowd: 2 },
    'two, window from first request': { ...first, crowd: 2 },
    three: { crowd: 3 },
  },
  'no headers': {
    'quota 60': { limit: 'silent', quota: 60 },
    'quota 150': { limit: 'silent' },
  },
  'legacy account': { alone: hour, 'another user of it, Poisson': { ...hour, ...poisson } },
  'half a legacy account as share': { alone: { ...hour, share: 0.5 } },
}
