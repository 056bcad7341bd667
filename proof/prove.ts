import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

// npm run prove [-- --nightly] [--minutes 25]
const { values } = parseArgs({
  options: { nightly: { type: 'boolean', default: false }, minutes: { type: 'string' } },
})
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FIGURES = values.nightly
  ? { seeds: 100_000, moveSeeds: 10_000, cases: 5_000_000, kills: 5_000, moveKills: 2_000, minutes: 600 }
  : { seeds: 2_000, moveSeeds: 150, cases: 200_000, kills: 60, moveKills: 40, minutes: 25 }
const minutes = Number(values.minutes ?? FIGURES.minutes)

interface Part {
  readonly name: string
  readonly script: string
  readonly args: readonly string[]
}

interface Ended {
  readonly name: string
  readonly good: boolean
  readonly minutes: number
  /** The part's own summary. */
  readonly last: string
}

const half = FIGURES.seeds / 2
const simulate = (from: number): Part => ({
  name: `simulation from seed ${from}`,
  script: 'proof/simulation/main.ts',
  args: ['--from', String(from), '--seeds', String(half), '--twice', '0.1', '--jobs', '1', '--quiet'],
})
const simulateMoves: Part = {
  name: 'simulation of migrations',
  script: 'proof/simulation/main.ts',
  args: ['--world', 'migration', '--seeds', String(FIGURES.moveSeeds), '--twice', '0.1', '--jobs', '1', '--quiet'],
}
/** Two at a time, the longest first. */
const PARTS: readonly Part[] = [
  simulate(1),
  simulate(1 + half),
  { name: 'kills and cuts', script: 'proof/killtest/main.ts', args: ['--kills', String(FIGURES.kills)] },
  simulateMoves,
  {
    name: 'kills of migrations',
    script: 'proof/killtest/move-main.ts',
    args: ['--kills', String(FIGURES.moveKills)],
  },
  { name: 'a million rows', script: 'proof/sources/main.ts', args: [] },
  { name: 'planner', script: 'proof/planner/main.ts', args: ['--cases', String(FIGURES.cases)] },
  { name: 'bad inputs', script: 'proof/inputs/main.ts', args: [] },
]

const run = (part: Part, deadline: AbortSignal): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(`${ROOT}node_modules/.bin/tsx`, [part.script, ...part.args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const stop = (): void => void child.kill('SIGTERM')
    deadline.addEventListener('abort', stop)
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => {
      deadline.removeEventListener('abort', stop)
      const good = code === 0 && !deadline.aborted
      const lines = said.trimEnd().split('\n')
      if (!good) console.log(lines.slice(-MOST_LINES).join('\n'))
      const last = `${lines.at(-1) ?? ''}${deadline.aborted && code !== 0 ? ' (the time box ended first)' : ''}`
      resolve({ name: part.name, good, minutes: (performance.now() - started) / 60_000, last })
    })
  })

const MOST_LINES = 60

const deadline = AbortSignal.timeout(minutes * 60_000)
const ended: Ended[] = []
const waiting = [...PARTS]
const work = async (): Promise<void> => {
  for (let part = waiting.shift(); part; part = waiting.shift()) {
    const one = await run(part, deadline)
    ended.push(one)
    console.log(`${one.good ? 'ok    ' : 'FAILED'} ${one.minutes.toFixed(1)} min  ${one.name}: ${one.last}`)
  }
}
await Promise.all([work(), work()])
const failed = ended.filter(({ good }) => !good).length
const total = Math.max(...ended.map((one) => one.minutes))
console.log(
  `prove: ${ended.length - failed} of ${ended.length} parts hold (${FIGURES.seeds} seeds, ${FIGURES.cases} planner cases, ${FIGURES.kills} kills and ${FIGURES.moveKills} of migrations asked for), longest part ${total.toFixed(1)} min${deadline.aborted ? ', the time box ended first' : ''}`,
)
process.exitCode = failed || deadline.aborted ? 1 : 0
