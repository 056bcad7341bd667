import { parseArgs } from 'node:util'
import { seeded } from '../../src/model/index.ts'
import { runKills } from './kills.ts'
import { cutLog } from './wal-cuts.ts'

// npm run killtest -- --kills 60 [--seed N]
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
})
const started = performance.now()
const cut = cutLog()
console.log(`cuts of the log: ${cut.cuts}, ${cut.states} states, ${cut.faults.length} faults`)
const killed = await runKills(Number(values.kills), seeded(Number(values.seed)), (text) => console.log(text))
const faults = [...cut.faults, ...killed.faults]
for (const fault of faults) console.log(`FAULT ${fault}`)
const kinds = Object.entries(killed.byKind).map(([kind, count]) => `${count} ${kind}`)
const seconds = ((performance.now() - started) / 1000).toFixed(0)
console.log(
  `killtest: ${killed.kills} kills (${kinds.join(', ')}), ${killed.met} met the process, ${killed.writes} writes had left, ${cut.cuts} cuts of the log, ${faults.length} faults, ${seconds} s`,
)
process.exitCode = faults.length ? 1 : 0
