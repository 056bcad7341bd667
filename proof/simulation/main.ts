import { fork } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { mutatedCopy } from '../mutants/copy.ts'
import { MUTANTS } from '../mutants/list.ts'
import { runMigration } from './migration/run-migration.ts'
import { runSeed, type SeedResult } from './run-seed.ts'

// npm run simulate -- --seeds 2000 [--from N] [--twice 0.1] [--jobs 2] [--mutant NAME] [--seed N --story] [--first] [--world migration]
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    /** One seed, alone. */
    seed: { type: 'string' },
    /** Prints what happened, line by line. */
    story: { type: 'boolean', default: false },
    /** Share of the seeds that are run a second time and must be the same run again. */
    twice: { type: 'string', default: '0' },
    jobs: { type: 'string', default: '1' },
    mutant: { type: 'string' },
    /** Stops at the first violation. */
    first: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    /** `syncs` of one store, or a `migration` between two. */
    world: { type: 'string', default: 'syncs' },
  },
})
const REGRESSIONS = fileURLToPath(new URL('regressions.txt', import.meta.url))

const isMigration = values.world === 'migration'
const run = isMigration ? runMigration : runSeed
/** What stands before a seed of this kind of world in the file. */
const MARK = isMigration ? 'migration ' : ''

/** Seeds that once found something; they always run. */
const regressions = (): readonly number[] =>
  readFileSync(REGRESSIONS, 'utf8')
    .split('\n')
    .map((line) => Number(line.startsWith(MARK) ? line.slice(MARK.length) : Number.NaN))
    .filter((seed) => seed > 0)

interface Tally {
  seeds: number
  hours: number
  crashes: number
  faults: number
  requests: number
  violations: number
  failing: number[]
  twice: number
}

const tally: Tally = { seeds: 0, hours: 0, crashes: 0, faults: 0, requests: 0, violations: 0, failing: [], twice: 0 }
const started = performance.now()

const take = (result: SeedResult): void => {
  tally.seeds += 1
  tally.hours += result.virtualHours
  tally.crashes += result.crashes
  tally.faults += result.faults
  tally.requests += result.requests
  tally.violations += result.violations.length
  if (result.violations.length) tally.failing.push(result.seed)
  for (const line of values.story ? result.story : []) console.log(line)
  for (const violation of result.violations) console.log(`seed ${result.seed}: ${violation}`)
  if (!values.quiet && tally.seeds % 100 === 0) console.log(`${tally.seeds} seeds, ${tally.violations} violations`)
}

const judge = async (seed: number, again: boolean): Promise<SeedResult> => {
  const result = await run(seed, values.story)
  if (!again) return result
  tally.twice += 1
  const second = await run(seed)
  if (second.digest === result.digest) return result
  return { ...result, violations: [...result.violations, 'I30: the same seed was another run the second time'] }
}

const inThisProcess = async (seeds: readonly number[]): Promise<void> => {
  const share = Number(values.twice)
  for (const [index, seed] of seeds.entries()) {
    take(await judge(seed, share > 0 && index % Math.round(1 / share) === 0))
    if (values.first && tally.violations) return
  }
}

/** Each process takes every n-th seed; results come back as messages. */
const inProcesses = async (seeds: readonly number[], jobs: number): Promise<void> => {
  await Promise.all(
    Array.from({ length: jobs }, async (_one, job) => {
      const own = seeds.filter((_seed, index) => index % jobs === job)
      const child = fork(fileURLToPath(import.meta.url), ['--twice', values.twice, '--world', values.world], {
        env: { ...process.env, SKIFF_SEEDS: own.join(',') },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
      child.on('message', (message) => {
        const { result, twice } = message as { result: SeedResult; twice: number }
        take(result)
        tally.twice += twice
      })
      await new Promise<void>((resolve, reject) => {
        child.once('error', reject)
        child.once('exit', (code) =>
          code === 0 ? resolve() : reject(new Error(`a process of the simulation ended with ${code}`)),
        )
      })
    }),
  )
}

const asChild = async (seeds: readonly number[]): Promise<void> => {
  const share = Number(values.twice)
  for (const [index, seed] of seeds.entries()) {
    const before = tally.twice
    const result = await judge(seed, share > 0 && index % Math.round(1 / share) === 0)
    process.send?.({ result, twice: tally.twice - before })
  }
}

const mutated = async (name: string): Promise<void> => {
  const mutant = MUTANTS.find((one) => one.name === name)
  if (!mutant) throw new Error(`no mutant is called ${name}; npm run mutants lists them`)
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const copy = mutatedCopy(root, mutant)
  try {
    const args = [
      '--seeds',
      values.seeds,
      '--from',
      values.from,
      '--world',
      values.world,
      ...(values.first ? ['--first'] : []),
      '--quiet',
    ]
    const child = fork(`${copy.dir}/proof/simulation/main.ts`, args, { cwd: copy.dir, stdio: 'inherit' })
    process.exitCode = await new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
  } finally {
    copy.remove()
  }
}

const summary = (): void => {
  const seconds = (performance.now() - started) / 1000
  if (tally.failing.length && !process.env['SKIFF_MUTANT']) {
    const known = new Set(regressions())
    const fresh = tally.failing.filter((seed) => !known.has(seed))
    if (fresh.length) appendFileSync(REGRESSIONS, fresh.map((seed) => `${MARK}${seed}\n`).join(''))
  }
  const again = tally.twice ? `, ${tally.twice} of them twice` : ''
  console.log(
    `simulation${isMigration ? ' of migrations' : ''}: ${tally.seeds} seeds${again}, ${Math.round(tally.hours)} virtual hours, ${tally.crashes} crashes, ${tally.faults} faults, ${tally.requests} requests, ${tally.violations} violations, ${(tally.seeds / seconds).toFixed(1)} seeds/s`,
  )
  process.exitCode = tally.violations || !tally.seeds ? 1 : 0
}

const theirs = process.env['SKIFF_SEEDS']
if (theirs !== undefined) await asChild(theirs.split(',').filter(Boolean).map(Number))
else if (values.mutant) await mutated(values.mutant)
else {
  const from = Number(values.from)
  const asked = values.seed
    ? [Number(values.seed)]
    : Array.from({ length: Number(values.seeds) }, (_one, index) => from + index)
  const always = values.seed || values.first ? [] : regressions().filter((seed) => !asked.includes(seed))
  const jobs = Number(values.jobs)
  await (jobs > 1 ? inProcesses([...always, ...asked], jobs) : inThisProcess([...always, ...asked]))
  summary()
}
