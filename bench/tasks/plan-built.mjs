// A plan in the process that users run: the compiled library alone, without what runs TypeScript, which holds more memory than a plan.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalog, loadSettings, openWorkspace, planSync } from '../../dist/index.js'

const [folder, changed, token] = process.argv.slice(2)
const settings = loadSettings(join(folder, 'sync.config.json'), { BENCH_TOKEN: token }, catalog)
const workspace = openWorkspace(settings, {
  signal: new AbortController().signal,
  progress: () => undefined,
  fetch: () => {
    throw new Error('a plan asks the store nothing')
  },
  catalog,
})
const before = process.cpuUsage()
const started = performance.now()
const { plan } = await planSync(workspace, 'prices', { allow: [], staleOk: true, only: null })
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(before)
if (plan.summary.update !== Number(changed)) throw new Error(`${plan.summary.update} updates, not ${changed}`)
const own = process.platform === 'linux' && /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))
const peak = (own ? Number(own[1]) : process.resourceUsage().maxRSS) * 1024
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, peak }))
