import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Task, TaskName } from './child.ts'

/** Runs one task in a process of its own, so that its memory and its warm-up are its own. */
export const inChild = async <N extends TaskName>(name: N, input: Parameters<Task<N>>[0]): Promise<Answer<N>> => {
  const { stdout } = await run(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', CHILD, name, JSON.stringify(input)],
    { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 },
  )
  return JSON.parse(stdout) as Answer<N>
}

type Answer<N extends TaskName> = Awaited<ReturnType<Task<N>>>

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url))
const run = promisify(execFile)
