import Table from 'cli-table3'
import { inChild } from '../in-child.ts'
import { atLeast, atMost, type Goal, type Result, result } from '../result.ts'
import { type Paced, SKIFF, TO_BEAT } from '../tasks/pace.ts'
import type { Options } from './options.ts'

/** How much of the quota each way to pace uses and who is refused for it, in virtual time: same seeds, same figures. */
export const pacing = async ({ scale, say }: Options): Promise<readonly Result[]> => {
  const windows = Math.max(20, Math.round(1000 * scale))
  say(`pacing: ${windows} windows of each`)
  const paced = await inChild('pace', { windows })
  say(sideBySide(paced))
  say(sceneByScene(paced))
  say('pacing: foretelling the end')
  const foretold = await inChild('foretell', { scale })
  const ours = paced.filter(({ way }) => way === SKIFF)
  const groups = [...new Set(ours.map(({ group }) => group))]
  return [
    ...groups.flatMap((group) => worstOf(group, ours)),
    ...ours.filter(({ others }) => others !== null).flatMap((one) => beating(one, paced)),
    ...foretold.map(({ what, error }) =>
      result('pacing', `error of the foretold end, ${what} / whole time`, error, atMost(0.1), { error }),
    ),
  ]
}

const worstOf = (group: string, all: readonly Paced[]): readonly Result[] => {
  const scenes = all.filter((one) => one.group === group)
  const used = Math.min(...scenes.map((one) => one.used))
  const ours = Math.max(...scenes.map((one) => one.ours))
  const others = Math.max(...scenes.map((one) => one.others ?? 0))
  const most = Math.max(...scenes.map((one) => one.most))
  const goals = GOALS[group] ?? {}
  const line = (what: string, ratio: number, goal: Goal | undefined) =>
    result('pacing', `${group}: ${what}`, ratio, goal ?? null, { used, ours, others, most })
  const lines = [
    line('used / what others left', used, goals.used),
    line('refusals of ours in 100 windows', ours, goals.ours),
  ]
  if (scenes.some((one) => one.others !== null)) {
    lines.push(line('refusals of others in 100 windows', others, goals.others))
  }
  if (goals.most) lines.push(line('most in a window / quota', most, goals.most))
  return lines
}

const ALONE = { used: atLeast(0.99), ours: atMost(0) }
const BESIDE = { used: atLeast(0.97), ours: atMost(3) }

const GOALS: Readonly<Record<string, Partial<Record<'used' | 'ours' | 'others' | 'most', Goal>>>> = {
  alone: ALONE,
  'alone, whole seconds and window from first request': ALONE,
  'another app, Poisson': { ...BESIDE, others: atMost(70) },
  // Three times the quota has three times the requests of others in a window.
  'another app, Poisson, quota 450': { ...BESIDE, others: atMost(210) },
  'several processes': { used: atLeast(0.97), ours: atMost(0) },
  'half the quota as share': { most: atMost(0.5) },
}

const beating = ({ scene, used, ours, others }: Paced, all: readonly Paced[]): readonly Result[] => {
  const beaten = all.find((other) => other.scene === scene && other.way === TO_BEAT)
  if (!beaten) return []
  const line = (what: string, one: number, other: number, goal: Goal) =>
    result('pacing', `${scene}: ${what} / that of the way to beat`, one / other, goal, { skiff: one, beaten: other })
  return [
    line('used', used, beaten.used, atLeast(1)),
    line('refusals of ours', ours, beaten.ours, atMost(1)),
    line('refusals of others', others ?? 0, beaten.others ?? 0, atMost(1)),
  ]
}

/** Every way in the scenes that all of them play. */
const sideBySide = (paced: readonly Paced[]): string => {
  const scenes = [...new Set(paced.filter(({ way }) => way !== SKIFF).map(({ scene }) => scene))]
  const table = tableOf(['pacer', ...scenes.map((scene) => `${scene}\n${COLUMNS}`)])
  for (const way of new Set(paced.map((one) => one.way))) {
    const found = scenes.map((scene) => paced.find((one) => one.scene === scene && one.way === way))
    table.push([way, ...found.map((one) => (one ? figures(one) : ''))])
  }
  return table.toString()
}

const sceneByScene = (paced: readonly Paced[]): string => {
  const table = tableOf(['Skiff', COLUMNS])
  for (const one of paced) if (one.way === SKIFF) table.push([one.scene, figures(one)])
  return table.toString()
}

const COLUMNS = 'used %, 429 of ours, of others in 100 windows'

const figures = ({ used, ours, others }: Paced): string =>
  `${(100 * used).toFixed(1)}, ${ours.toFixed(1)}, ${others?.toFixed(0) ?? '-'}`

const tableOf = ([first = '', ...others]: readonly string[]) =>
  new Table({
    head: [first, ...others],
    colAligns: ['left', ...others.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  })
