import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { mutatedCopy } from './copy.ts'
import { MUTANTS } from './list.ts'
import type { Catch, Mutant } from './mutant.ts'

// npm run mutants [-- NAME...] [--seeds 400] [--jobs 2] [--record]
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '400' },
    jobs: { type: 'string', default: '2' },
    /** Writes the seeds that caught something into `seeds.json`. */
    record: { type: 'boolean', default: false },
  },
})
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SEEDS = fileURLToPath(new URL('seeds.json', import.meta.url))
/** By mutant, the first seed that caught it. */
const seeds = JSON.parse(readFileSync(SEEDS, 'utf8')) as Record<string, number>

interface Verdict {
  readonly mutant: Mutant
  /** What noticed it; null for a survivor. */
  readonly by: string | null
}

/** The recorded catch first; when that no longer holds, everything else that might notice. */
const hunt = async (mutant: Mutant): Promise<Verdict> => {
  const copy = mutatedCopy(ROOT, mutant)
  try {
    for (const one of [mutant.caught, ...OTHERS]) {
      const by = await tryCatch(copy.dir, mutant.name, one)
      if (by !== null) return { mutant, by: one === mutant.caught ? by : `${by} (another than recorded)` }
    }
    return { mutant, by: null }
  } finally {
    copy.remove()
  }
}

const OTHERS: readonly Catch[] = [{ by: 'planner' }, { by: 'seed' }]

/** What noticed the mutation, or null. */
const tryCatch = async (dir: string, name: string, how: Catch): Promise<string | null> => {
  switch (how.by) {
    case 'planner':
      return (await notices(dir, 'tsx', ['proof/planner/main.ts', '--cases', '20000'], /, [1-9]\d* broken/)) !== null
        ? 'planner'
        : null
    case 'test': {
      const title = how.title ? ['-t', how.title] : []
      const args = ['run', how.file, ...title, '--maxWorkers=1']
      return (await notices(dir, 'vitest', args, /Tests\s.*\d+ failed/)) !== null
        ? `${how.file}${how.title ? ` (${how.title})` : ''}`
        : null
    }
    case 'seed':
      return (await seedCatches(dir, seeds[name])) ?? (await searchCatches(dir, name))
  }
}

const SIMULATION = ['proof/simulation/main.ts', '--jobs', '1', '--first']

const seedCatches = async (dir: string, seed: number | undefined): Promise<string | null> => {
  if (seed === undefined) return null
  const said = await notices(dir, 'tsx', [...SIMULATION, '--seed', String(seed)], VIOLATED)
  return said === null ? null : `simulation, seed ${seed}`
}

const searchCatches = async (dir: string, name: string): Promise<string | null> => {
  const said = await notices(dir, 'tsx', [...SIMULATION, '--seeds', values.seeds], VIOLATED)
  if (said === null) return null
  const seed = /^seed (\d+):/m.exec(said)?.[1]
  if (seed !== undefined) seeds[name] = Number(seed)
  return `simulation${seed === undefined ? '' : `, seed ${seed}`}`
}

const VIOLATED = /[1-9]\d* violations/

/**
 * What a command said that found the mutation, else null: it failed and its own words say that a promise was broken. A copy that does not even load
 * proves nothing. One that never ends has lost the promise to end.
 */
const notices = (dir: string, command: string, args: readonly string[], words: RegExp): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: '1', SKIFF_MUTANT: '1' }
    const child = spawn(`${ROOT}/node_modules/.bin/${command}`, args, {
      cwd: dir,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-MOST_HEARD)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const alarm = setTimeout(() => child.kill('SIGKILL'), MOST_MS)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearTimeout(alarm)
      resolve(signal === 'SIGKILL' || (code !== 0 && words.test(said)) ? said : null)
    })
  })

const MOST_HEARD = 20_000
const MOST_MS = 300_000

const chosen = positionals.length ? MUTANTS.filter(({ name }) => positionals.includes(name)) : MUTANTS
const waiting = [...chosen]
const verdicts: Verdict[] = []
const started = performance.now()
const work = async (): Promise<void> => {
  for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
    const verdict = await hunt(mutant)
    verdicts.push(verdict)
    console.log(`${verdict.by ? 'caught  ' : 'SURVIVED'} ${mutant.name.padEnd(34)} ${verdict.by ?? mutant.removes}`)
  }
}
await Promise.all(Array.from({ length: Number(values.jobs) }, work))
if (values.record) {
  const sorted = Object.entries(seeds).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(SEEDS, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`)
}
const survivors = verdicts.filter(({ by }) => by === null)
const minutes = ((performance.now() - started) / 60_000).toFixed(1)
console.log(
  `mutants: ${verdicts.length} tried, ${verdicts.length - survivors.length} caught, ${survivors.length} survived, ${minutes} min`,
)
process.exitCode = survivors.length || !verdicts.length ? 1 : 0
