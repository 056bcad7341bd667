import { execFileSync } from 'node:child_process'
import { ROOT } from '../in-child.ts'
import { atMost, median, type Result, result } from '../result.ts'
import type { Options } from './options.ts'

/** The command's help against an empty program. Needs the compiled command. */
export const startUp = async ({ rounds, say }: Options): Promise<readonly Result[]> => {
  say('start-up: timing')
  const pairs = Array.from({ length: rounds * 3 }, () => ({
    nothing: timed(['-e', '0']),
    help: timed(['bin/skiff.js', '--help']),
  }))
  return [
    result(
      'start-up',
      'skiff --help / node -e 0, clock',
      pairs.map(({ help, nothing }) => help / nothing),
      atMost(3),
      {
        nothing: median(pairs.map(({ nothing }) => nothing)),
        help: median(pairs.map(({ help }) => help)),
      },
    ),
  ]
}

const timed = (command: readonly string[]): number => {
  const started = performance.now()
  execFileSync(process.execPath, command, { cwd: ROOT, stdio: 'ignore' })
  return (performance.now() - started) / 1000
}
