import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

// npm run prove runs it: what `npm test` asks of every kind of source with 50,000 rows, with a million.
const ROWS = 1_000_000
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ARGS = [
  'run',
  'test/contract/source-contract.test.ts',
  '-t',
  'memory that does not grow',
  '--testTimeout',
  '600000',
]

const child = spawn(`${ROOT}node_modules/.bin/vitest`, ARGS, {
  cwd: ROOT,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, SKIFF_CONTRACT_ROWS: String(ROWS) },
})
process.on('SIGTERM', () => child.kill('SIGTERM'))
let said = ''
child.stdout.on('data', (chunk: Buffer) => {
  said += chunk.toString()
})
child.once('close', (code) => {
  const kinds = /(\d+) passed/.exec(said.slice(said.lastIndexOf('Tests')))?.[1] ?? '0'
  if (code !== 0) console.log(said)
  console.log(`sources: ${kinds} kinds read ${ROWS} rows in memory that does not grow with them`)
  process.exitCode = code ?? 1
})
