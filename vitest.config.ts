import { existsSync, statfsSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { defineConfig } from 'vitest/config'

const project = (name: string, extra: object = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], ...extra },
})

const MEMORY = '/dev/shm'
const LARGE_BYTES = 4 * 1024 ** 3

/** Where tests keep their files: mirrors wait for the disk at each commit, which tells a test nothing. */
const scratch = (): string => {
  if (!existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > LARGE_BYTES ? MEMORY : tmpdir()
}

export default defineConfig({
  test: {
    // Many tests wait for processes and for the clock; one worker more than cores keeps the cores busy.
    maxWorkers: availableParallelism() + 1,
    env: { TMPDIR: scratch() },
    // No test changes a module, so files share what is loaded and warm; that halves the time.
    isolate: false,
    projects: [
      project('unit', { testTimeout: 30_000 }),
      project('property', { testTimeout: 60_000 }),
      project('proof', { testTimeout: 300_000 }),
      project('contract', { testTimeout: 60_000, hookTimeout: 60_000 }),
      project('scenario', { testTimeout: 60_000, hookTimeout: 60_000 }),
      project('e2e', { testTimeout: 120_000, hookTimeout: 120_000, globalSetup: 'test/support/build.ts' }),
    ],
  },
})
