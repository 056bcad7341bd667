import { parseArgs } from 'node:util'
import { PROPERTIES } from './properties.ts'

// npm run planner -- --cases 200000 [--seed N]
const { values } = parseArgs({
  options: { cases: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
})
const each = Math.ceil(Number(values.cases) / PROPERTIES.length)
const started = performance.now()
let broken = 0
for (const { name, check } of PROPERTIES) {
  try {
    check(each, Number(values.seed))
    console.log(`ok      ${name}`)
  } catch (error) {
    broken += 1
    console.log(`BROKEN  ${name}\n${error instanceof Error ? error.message : error}`)
  }
}
const seconds = (performance.now() - started) / 1000
const cases = each * PROPERTIES.length
console.log(`planner: ${cases} cases over ${PROPERTIES.length} properties, ${broken} broken, ${seconds.toFixed(0)} s`)
process.exitCode = broken ? 1 : 0
