import { seeded } from '../../../src/model/index.ts'
import type { Told } from '../../../src/store/budget.ts'
import { fixedWindow, HOURLY_IN_WINDOW, type Limit, rollingHour, silent, WINDOW_MS } from './limits.ts'
import { createTimeline, type Timeline } from './timeline.ts'

export interface Scene {
  readonly seed: number
  readonly windows?: number
  readonly quota?: number
  /** Quota from the middle on. */
  readonly later?: number
  /** Whether a window starts by the clock or with the first request in it. */
  readonly start?: 'clock' | 'first'
  /** Another consumer of the same quota, which takes 30 % of it: one by one, or ten at once. */
  readonly others?: 'none' | 'poisson' | 'bursts'
  /** Round trips are spread evenly between these; 2 % take five times as long. */
  readonly tripMs?: readonly [number, number]
  /** Milliseconds that pass on the clients' clock while one passes in the store. */
  readonly clockRate?: number
  /** The store rounds the time that it tells to this. */
  readonly resetStepMs?: number
  /** What is counted and told: fixed windows, the same without headers, or the hour of a legacy account. */
  readonly limit?: 'told' | 'silent' | 'hour'
}

/** What a client of the store can do. Its moments are those of its own clock. */
export interface Line {
  now(): number
  later(ms: number, run: () => void): () => void
  /** A request leaves. */
  send(answered: (leftAt: number, told: Told) => void): void
}

/** Begins to send, and goes on as long as there is time: it always has work. `timeline` is for timers that are not its own. */
export type Client = (line: Line, timeline: Timeline) => void

export interface Tally {
  readonly ours: number
  readonly theirs: number
  readonly oursRefused: number
  readonly theirsRefused: number
  /** Most requests that one client got through in one window. */
  readonly mostOfOne: number
  /** Requests got through of what the others left, percent. */
  readonly usedPercent: number
  per100(count: number): number
}

export const simulate = (scene: Scene, ...clients: readonly Client[]): Tally => {
  const { timeline, end, tally } = staged(scene, clients)
  timeline.run(end)
  return tally()
}

/** The same for a client that awaits promises. */
export const simulateSettling = async (scene: Scene, client: Client): Promise<Tally> => {
  const { timeline, end, tally } = staged(scene, [client])
  await timeline.runSettling(end, () => new Promise((resolve) => setImmediate(resolve)))
  return tally()
}

const staged = (scene: Scene, clients: readonly Client[]) => {
  const {
    seed,
    windows = 100,
    limit: kind = 'told',
    quota = kind === 'hour' ? HOURLY_IN_WINDOW : 150,
    later = quota,
    start = 'clock',
    others = 'none',
  } = scene
  const { tripMs: [shortest, longest] = [100, 320], clockRate = 1 } = scene
  const random = seeded(seed)
  const timeline = createTimeline()
  const end = windows * WINDOW_MS
  const window = fixedWindow(start, (now) => (now > end / 2 ? later : quota), scene)
  const limit = kind === 'hour' ? rollingHour() : kind === 'silent' ? silent(window) : window
  const count = { ours: 0, theirs: 0, oursRefused: 0, theirsRefused: 0 }
  let mostOfOne = 0

  const theirs = (times: number) => {
    for (let nth = 0; nth < times; nth += 1) count[limit.take(timeline.now()) ? 'theirs' : 'theirsRefused'] += 1
  }
  const arrive = (meanMs: number, times: number) =>
    timeline.at(timeline.now() - Math.log(1 - random()) * meanMs, () => {
      theirs(times)
      arrive(meanMs, times)
    })
  const theirMeanMs = WINDOW_MS / (0.3 * quota)
  if (others === 'poisson') arrive(theirMeanMs, 1)
  if (others === 'bursts') arrive(theirMeanMs * 10, 10)

  for (const client of clients) {
    const inWindow = windowCount(limit)
    const line: Line = {
      now: () => timeline.now() * clockRate,
      later: (ms, run) => timeline.at(timeline.now() + ms / clockRate, run),
      send: (answered) => {
        const left = timeline.now()
        const trip = (random() < 0.02 ? 5 : 1) * (shortest + random() * (longest - shortest))
        timeline.at(left + trip * random(), () => {
          const taken = limit.take(timeline.now())
          count[taken ? 'ours' : 'oursRefused'] += 1
          if (taken) mostOfOne = Math.max(mostOfOne, inWindow())
          const told = { ...limit.told(timeline.now()), refusedMs: taken ? null : 0 }
          timeline.at(left + trip, () => answered(left * clockRate, told))
        })
      },
    }
    client(line, timeline)
  }
  const tally = (): Tally => ({
    ...count,
    mostOfOne,
    usedPercent: (100 * count.ours) / ((windows / 2) * (quota + later) - count.theirs),
    per100: (number) => (number * 100) / windows,
  })
  return { timeline, end, tally }
}

/** Counts a client's requests in the window that the store is in. */
const windowCount = (limit: Limit) => {
  let window = 0
  let count = 0
  return (): number => {
    count = limit.window() === window ? count + 1 : 1
    window = limit.window()
    return count
  }
}
