import { existsSync } from 'node:fs'

const built = new URL('../dist/index.js', import.meta.url)
const sources = new URL('../src/index.ts', import.meta.url)

/** What is measured: the compiled library, as users run it; its sources where nothing was built, which are slower. */
export const { catalog, createEmulator, loadSettings, openWorkspace, planSync, pullStore, runReport } = (await import(
  (existsSync(built) ? built : sources).href
)) as typeof import('../src/index.ts')
