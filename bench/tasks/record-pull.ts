import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Fetch } from '../../src/store/index.ts'
import { virtualClock } from '../../test/support/virtual-clock.ts'
import { catalog, createEmulator, openWorkspace, pullStore } from '../product.ts'
import { recorder } from '../recording.ts'
import { benchWorkspace, mirrorFile, STORE } from '../workspace.ts'

/** Pulls an emulated store once and keeps its answers, and the tables that the pull filled as SQL. */
export const recordPull = async ({ folder, products }: { folder: string; products: number }) => {
  const clock = virtualClock()
  const emulator = createEmulator({ catalog, clock, products, orders: 0, plan: 'unlimited', ...STORE })
  const { fetch, save } = recorder(emulator.fetch as unknown as Fetch, join(folder, 'answers'))
  const { settings } = benchWorkspace(folder, fetch)
  // In the emulator's own time, which the recording's quota and dates are of.
  const options = { signal: new AbortController().signal, progress: () => undefined, clock, fetch, catalog }
  const report = await pullStore(openWorkspace(settings, options), 'main', {})
  save()
  writeFileSync(
    join(folder, SCHEMA),
    schemaOf(
      mirrorFile(folder),
      report.resources.map(({ resource }) => resource),
    ),
  )
  return { tables: report.resources.map(({ resource }) => resource), rows: report.resources.map(({ rows }) => rows) }
}

export const SCHEMA = 'schema.sql'

const schemaOf = (mirror: string, tables: readonly string[]): string => {
  const db = new Database(mirror, { readonly: true })
  const statements = db
    .prepare(
      `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND type <> 'trigger' AND tbl_name IN (${tables.map(() => '?')})`,
    )
    .pluck()
    .all(...tables) as string[]
  db.close()
  return statements.map((sql) => `${sql};`).join('\n')
}
