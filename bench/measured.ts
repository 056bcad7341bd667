import { readFileSync } from 'node:fs'

/** What a piece of work cost the process that did it. */
export interface Cost {
  readonly seconds: number
  /** Processor time of all threads, seconds: steadier than `seconds` on a machine that has other work. */
  readonly cpu: number
  /** The most memory that the process ever held, bytes. */
  readonly peak: number
}

export const measured = async (work: () => unknown): Promise<Cost> => {
  globalThis.gc?.()
  const before = process.cpuUsage()
  const started = performance.now()
  await work()
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  return { seconds, cpu: (user + system) / 1e6, peak: peakMemory() }
}

/** Linux passes the parent's peak on to `maxRSS` of a child, so the figure of the process itself comes first. */
const peakMemory = (): number => {
  const own = process.platform === 'linux' && /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))
  return (own ? Number(own[1]) : process.resourceUsage().maxRSS) * 1024
}
