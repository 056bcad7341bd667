import type { Random } from '../../src/model/index.ts'
import type { Passing, Watch } from './gate.ts'
import { editShops } from './move-shop.ts'
import { MIGRATE, type MoveWorld, openMoveWorld } from './move-world.ts'

export interface MoveKills {
  readonly kills: number
  readonly byMoment: Readonly<Record<string, number>>
  /** Migrations that came to their end. */
  readonly migrations: number
  /** Writes that new stores took. */
  readonly writes: number
  readonly faults: readonly string[]
}

export interface MoveKillOptions {
  readonly kills: number
  /** Products, customers and orders of the old store. */
  readonly size: number
  /** Most writes that a process gets to before it dies. */
  readonly reach: number
}

/**
 * Kills `skiff migrate` at chance moments, again and again, until it comes to its end between its deaths; then edits both stores and does
 * the same with what changed. Each time both stores must hold the same, nothing twice, and a further run must have nothing to send.
 */
export const runMoveKills = async (
  { kills, size, reach }: MoveKillOptions,
  random: Random,
  tell: (text: string) => void,
): Promise<MoveKills> => {
  const faults: string[] = []
  const byMoment: Record<string, number> = {}
  let [done, migrations, writes] = [0, 0, 0]
  const untilItEnds = async (world: MoveWorld): Promise<void> => {
    for (;;) {
      const moment = done < kills ? momentOf(random, reach) : null
      const { exit, err } = await migrateOnce(world, moment)
      if (exit !== null) {
        if (exit !== 0) faults.push(`after ${done} kills the migration ended with ${exit}: ${err.trim().slice(-500)}`)
        return
      }
      done += 1
      byMoment[moment?.name ?? ''] = (byMoment[moment?.name ?? ''] ?? 0) + 1
      const found = world.filesOf()
      faults.push(...found.map((fault) => `kill ${done}: ${fault}`))
      tell(`kill ${done} of ${kills}: ${moment?.name} ${moment?.at}${found.length ? `: ${found.join('; ')}` : ''}`)
    }
  }
  while (!migrations || (done < kills && !faults.length)) {
    const world = await openMoveWorld(size)
    try {
      for (const edit of [async () => [], () => editShops(world.ask)]) {
        if (migrations && done >= kills) break
        const edited = await edit()
        await untilItEnds(world)
        migrations += 1
        const found = await world.faults(edited)
        faults.push(...found.map((fault) => `migration ${migrations}, after ${done} kills: ${fault}`))
        tell(`migration ${migrations} came to its end, ${found.length} faults`)
      }
      writes += await world.writes('new')
    } finally {
      await world.close()
    }
  }
  return { kills: done, byMoment, migrations, writes, faults }
}

interface Moment {
  readonly name: (typeof MOMENTS)[number]
  /** Which write or request it is, or how many ms after the start. */
  readonly at: number
  /** How long after an answer, ms. */
  readonly late: number
}

const MOMENTS = ['before a write', 'before its answer', 'after its answer', 'after a request', 'at some time'] as const

const momentOf = (random: Random, reach: number): Moment => {
  const name = MOMENTS[Math.floor(random() * MOMENTS.length)] as Moment['name']
  const most = { 'after a request': 60, 'at some time': 3000 }[name as string] ?? reach
  return { name, at: 1 + Math.floor(random() * most), late: Math.floor(random() * 40) }
}

/** A process from its start to its end or its death; `exit` is null where it died. */
const migrateOnce = async ({ folder, gates }: MoveWorld, moment: Moment | null) => {
  const { process, ended } = folder.start(...MIGRATE, '--yes')
  const kill = (): void => void process.kill('SIGKILL')
  const alarm = moment?.name === 'at some time' ? setTimeout(kill, moment.at) : undefined
  const watch = moment && watchOf(moment, kill)
  for (const [name, gate] of Object.entries(gates)) gate.watch(watch?.(name === 'new') ?? null)
  const { exit, err } = await ended
  clearTimeout(alarm)
  for (const gate of Object.values(gates)) {
    gate.watch(null)
    await gate.quiet()
  }
  return { exit, err }
}

/** Kills at the moment; requests that leave at the same time go on without the process. */
const watchOf = ({ name, at, late }: Moment, kill: () => void) => {
  let asked = 0
  const written: Passing[] = []
  return (isNew: boolean): Watch => {
    // Requests overtake each other, so an answer is known by its own request.
    const isIt = (passing: Passing): boolean => written[at - 1] === passing
    return {
      arrives: (passing) => {
        if (isNew && passing.method !== 'GET') written.push(passing)
        if (name !== 'before a write' || !isIt(passing)) return 'through'
        kill()
        return 'lost'
      },
      leaves: (passing) => {
        asked += 1
        if (name === 'after a request' && asked === at) kill()
        if (name === 'after its answer' && isIt(passing)) setTimeout(kill, late)
        if (name !== 'before its answer' || !isIt(passing)) return 'through'
        kill()
        return 'lost'
      },
    }
  }
}
