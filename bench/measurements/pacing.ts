import Table from 'cli-table3'
import { inChild } from '../in-child.ts'
import { atLeast, atMost, type Result, result } from '../result.ts'
import { type Paced, SKIFF, TO_BEAT } from '../tasks/pace.ts'
import type { Options } from './options.ts'

/** How much of the quota each way to pace uses and who is refused for it, in virtual time: same seeds, same figures. */
export const pacing = async ({ scale, say }: Options): Promise<readonly Result[]> => {
  const windows = Math.max(20, Math.round(1000 * scale))
  say(`pacing: ${windows} windows of each`)
  const paced = await inChild('pace', { windows })
  say(sideBySide(paced))
  say('pacing: foretelling the end')
  const foretold = await inChild('foretell', { scale })
  return [
    ...paced.filter(({ way }) => way === SKIFF).flatMap((one) => resultsOf(one, paced)),
    ...foretold.map(({ what, error }) =>
      result('pacing', `error of the foretold end, ${what} / whole time`, error, atMost(0.1), { error }),
    ),
  ]
}

const resultsOf = (one: Paced, all: readonly Paced[]): readonly Result[] => {
  const { scene, used, ours, others, most } = one
  const beaten = all.find((other) => other.scene === scene && other.way === TO_BEAT)
  const line = (what: string, ratio: number, goal: Result['goal']) =>
    result('pacing', `${scene}: ${what}`, ratio, goal, { used, ours, others: others ?? 0, most })
  const goals = goalsOf(scene)
  const lines = [
    line('used / what others left', used, goals.used),
    line('refusals of ours in 100 windows', ours, goals.ours),
  ]
  if (others !== null) lines.push(line('refusals of others in 100 windows', others, goals.others))
  if (scene.startsWith('half the quota')) lines.push(line('most in a window / quota', most, atMost(0.5)))
  if (beaten && others !== null) {
    lines.push(
      line('used / used by the way to beat', used / beaten.used, atLeast(1)),
      line('refusals of ours / those of the way to beat', ours / beaten.ours, atMost(1)),
      line('refusals of others / those of the way to beat', others / (beaten.others ?? 0), atMost(1)),
    )
  }
  return lines
}

type Goals = Readonly<Record<'used' | 'ours' | 'others', Result['goal']>>

const goalsOf = (scene: string): Goals => {
  if (scene.startsWith('alone')) return { used: atLeast(0.99), ours: atMost(0), others: null }
  if (scene.includes('processes')) return { used: atLeast(0.97), ours: atMost(0), others: null }
  if (scene.startsWith('another app, Poisson')) {
    // Three times the quota has three times the requests of others in a window.
    return { used: atLeast(0.97), ours: atMost(3), others: atMost(scene.includes('450') ? 210 : 70) }
  }
  return { used: null, ours: null, others: null }
}

const sideBySide = (paced: readonly Paced[]): string => {
  const scenes = [...new Set(paced.filter(({ way }) => way !== SKIFF).map(({ scene }) => scene))]
  const table = new Table({
    head: ['pacer', ...scenes.map((scene) => `${scene}\nused %, ours, others'`)],
    colAligns: ['left', ...scenes.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  })
  for (const way of new Set(paced.map(({ way }) => way))) {
    const cells = scenes.map((scene) => {
      const found = paced.find((one) => one.scene === scene && one.way === way)
      return found
        ? `${(100 * found.used).toFixed(1)}, ${found.ours.toFixed(1)}, ${found.others?.toFixed(0) ?? '-'}`
        : ''
    })
    table.push([way, ...cells])
  }
  return table.toString()
}
