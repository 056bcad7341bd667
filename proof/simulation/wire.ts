import type { Fetch } from '../../src/store/index.ts'
import type { Life } from './life.ts'
import type { Watch } from './watch.ts'
import type { Counts, World } from './world.ts'

type Init = Parameters<Fetch>[1]

/** A store that a process talks to, and what happens to their talk. */
export interface Wired extends Pick<World, 'emulator' | 'history' | 'clock' | 'dice' | 'trace' | 'yieldPoint'> {
  readonly swarm: Pick<World['swarm'], 'partial'>
  readonly counts: Pick<Counts, 'requests' | 'faults'>
  readonly calm: boolean
  readonly watch: Pick<Watch, 'leaving' | 'answered'>
}

/** The only way from a process to its store. Whatever passes is watched, and anything may happen before and after. */
export const wire =
  (world: Wired, life: Life): Fetch =>
  async (url, init) => {
    life.check()
    const path = url.slice(url.indexOf('/stores/') + '/stores/'.length + world.emulator.storeHash.length)
    const what = `${init.method} ${path}`
    world.yieldPoint(life, `before ${what}`)
    world.counts.requests += 1
    world.emulator.state.timeline.catchUp()
    world.history.note('client')
    world.watch.leaving(life, init.method, path, init.body === undefined ? undefined : String(init.body))
    const response = await deliver(world, url, init, path)
    world.trace.add(`${world.clock.elapsed()} ${what} ${response.status} ${init.body ?? ''}`)
    life.check()
    world.watch.answered(life, response.status, response.headers)
    world.yieldPoint(life, `after ${what}`)
    return response
  }

const deliver = async (world: Wired, url: string, init: Init, path: string): Promise<Response> => {
  const { emulator, dice, swarm } = world
  const rows: unknown = init.method === 'PUT' && init.body ? JSON.parse(String(init.body)) : null
  const isPartial = Array.isArray(rows) && rows.length > 1 && !world.calm && dice.chance(swarm.partial)
  if (!isPartial || !BATCHES.test(path)) return emulator.fetch(url, init)
  const some = rows.filter(() => dice.chance(0.5))
  if (!some.length) return emulator.fetch(url, init)
  world.counts.faults += 1
  const response = await emulator.fetch(url, { ...init, body: JSON.stringify(some) })
  return response.status === 200 ? new Response(response.body, { status: 207, headers: response.headers }) : response
}

const BATCHES = /^\/v3\/catalog\/(products|variants)$/
