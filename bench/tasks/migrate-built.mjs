// A migration by the compiled command, in the process that users run. Leaves what it cost in a file of the folder.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { main } from '../../dist/cli/main.js'

const [folder] = process.argv.slice(2)
process.chdir(folder)
const before = process.cpuUsage()
const started = performance.now()
await main(['migrate', 'old', 'new', '--yes'])
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(before)
const own = process.platform === 'linux' && /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))
const peak = (own ? Number(own[1]) : process.resourceUsage().maxRSS) * 1024
writeFileSync(join(folder, 'cost.json'), JSON.stringify({ seconds, cpu: (user + system) / 1e6, peak }))
