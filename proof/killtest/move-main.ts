import { parseArgs } from 'node:util'
import { seeded } from '../../src/model/index.ts'
import { runMoveKills } from './move-kills.ts'

// npm run killtest:migrate -- --kills 60 [--seed N]
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
})
const started = performance.now()
const options = { kills: Number(values.kills), size: 6, reach: 8 }
const killed = await runMoveKills(options, seeded(Number(values.seed)), (text) => console.log(text))
for (const fault of killed.faults) console.log(`FAULT ${fault}`)
const moments = Object.entries(killed.byMoment).map(([name, count]) => `${count} ${name}`)
const seconds = ((performance.now() - started) / 1000).toFixed(0)
console.log(
  `kills of migrations: ${killed.kills} kills (${moments.join(', ')}), ${killed.migrations} migrations came to their end, ${killed.writes} writes, ${killed.faults.length} faults, ${seconds} s`,
)
process.exitCode = killed.faults.length ? 1 : 0
