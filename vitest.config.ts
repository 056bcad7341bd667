import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const project = (name: string, extra: object = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], ...extra },
})

export default defineConfig({
  test: {
    // Many tests wait for processes and for the clock; one worker more than cores keeps the cores busy.
    maxWorkers: availableParallelism() + 1,
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
