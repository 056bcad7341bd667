import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { systemClock } from '../../src/app/index.ts'
import { serve } from '../../src/emulator/index.ts'
import type { Cost } from '../measured.ts'
import { catalog, createEmulator } from '../product.ts'
import { fillUp, RESOURCES, sizesOf } from './full-store.ts'

/** A first migration by the compiled command, of a full store into an empty one; this process serves both, without a quota. */
export const migratedServed = async (scale: number): Promise<Cost> => {
  const sizes = sizesOf(scale)
  const { products, orders, customers } = sizes
  const emulator = createEmulator({ catalog, clock: systemClock, products, orders, customers, plan: 'unlimited' })
  const fresh = createEmulator({ catalog, clock: systemClock, seed: 99, products: 0, plan: 'unlimited' })
  await fillUp({ emulator, clock: systemClock }, sizes)
  const servers = [await serve(emulator), await serve(fresh)]
  const folder = mkdtempSync(join(tmpdir(), 'skiff-bench-'))
  try {
    const [from, to] = servers.map(({ url }) => url)
    const store = (hash: string, api: string | undefined) => ({
      ...{ hash, api, accessToken: 'env:BENCH_TOKEN', settleMs: 0, resources: RESOURCES },
    })
    const stores = { old: store(emulator.storeHash, from), new: store(fresh.storeHash, to) }
    writeFileSync(join(folder, 'sync.config.json'), JSON.stringify({ stores }))
    const env = { ...process.env, BENCH_TOKEN: emulator.accessToken }
    await run(process.execPath, [BUILT, folder], { env, maxBuffer: 64 * 1024 * 1024 })
    return JSON.parse(readFileSync(join(folder, 'cost.json'), 'utf8')) as Cost
  } finally {
    for (const server of servers) await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const BUILT = fileURLToPath(new URL('../tasks/migrate-built.mjs', import.meta.url))
const run = promisify(execFile)
