import { writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { beyondBudget } from './budgets.ts'
import type { Options } from './measurements/options.ts'
import type { Result } from './result.ts'

const MEASUREMENTS = {
  pull: async () => (await import('./measurements/pull.ts')).pull,
  growth: async () => (await import('./measurements/growth.ts')).growth,
  plan: async () => (await import('./measurements/plan.ts')).plan,
  requests: async () => (await import('./measurements/requests.ts')).requests,
  migration: async () => (await import('./measurements/migration.ts')).migration,
  reports: async () => (await import('./measurements/reports.ts')).reports,
  pacing: async () => (await import('./measurements/pacing.ts')).pacing,
  'start-up': async () => (await import('./measurements/start-up.ts')).startUp,
} as const
type Name = keyof typeof MEASUREMENTS

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      check: { type: 'boolean', default: false },
      json: { type: 'string', default: join(tmpdir(), 'skiff-bench.json') },
      scale: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '5' },
    },
  })
  const options = { scale: positive('scale', values.scale), rounds: positive('rounds', values.rounds), say }
  const results: Result[] = []
  const names = chosen(positionals)
  for (const name of names) {
    const measure = await MEASUREMENTS[name]()
    results.push(...(await measure(options)))
  }
  console.log(tableOf(results))
  const file = resolve(values.json)
  writeFileSync(file, `${JSON.stringify({ ...circumstances(options), results }, null, 2)}\n`)
  console.log(`figures: ${file}`)
  if (!values.check) return
  const beyond = beyondBudget(results, names)
  console.log(beyond.length ? `beyond budget:\n${beyond.join('\n')}` : 'every ratio is within its budget')
  if (beyond.length) process.exitCode = 1
}

const say = (text: string): void => console.error(text)

const positive = (name: string, text: string): number => {
  const value = Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new RangeError(`--${name} is ${JSON.stringify(text)}, not a number above 0`)
}

const chosen = (asked: readonly string[]): readonly Name[] => {
  const all = Object.keys(MEASUREMENTS) as Name[]
  const unknown = asked.find((name) => !(name in MEASUREMENTS))
  if (unknown) throw new RangeError(`${unknown} is none of ${all.join(', ')}`)
  return all.filter((name) => !asked.length || asked.includes(name))
}

const circumstances = ({ scale, rounds }: Options) => ({
  date: new Date().toISOString(),
  node: process.version,
  cores: cpus().length,
  processor: cpus()[0]?.model ?? 'unknown',
  scale,
  rounds,
})

const tableOf = (results: readonly Result[]): string => {
  const table = new Table({
    head: ['what', 'ratio', 'spread', 'memory', 'goal', ''],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  })
  for (const { what, ratio, spread, peak, goal, met } of results) {
    const between = spread ? spread.map((one) => one.toFixed(2)).join(' to ') : ''
    const memory = peak === null ? '' : `${Math.round(peak / 2 ** 20)} MB`
    const wanted = goal ? `${goal.is} ${goal.value.toFixed(2)}` : '-'
    table.push([what, ratio.toFixed(2), between, memory, wanted, met === null ? '' : met ? 'met' : 'missed'])
  }
  return table.toString()
}

await main()
