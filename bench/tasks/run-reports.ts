import { NOW, type Timed } from '../baselines/reports-in-duckdb.ts'
import { measured } from '../measured.ts'
import { openWorkspace, runReport } from '../product.ts'
import { benchWorkspace } from '../workspace.ts'

/** Runs built-in reports over a folder's mirror, as `skiff report` does: in a process of SQLite's own, the answer as rows. */
export const runReports = async ({
  folder,
  names,
}: {
  folder: string
  names: readonly string[]
}): Promise<Readonly<Record<string, Timed>>> => {
  const nothing = () => {
    throw new Error('a report asks the store nothing')
  }
  const { settings, context } = benchWorkspace(folder, nothing)
  const clock = { ...context.clock, now: () => Date.parse(NOW) }
  const { catalog, signal, progress } = context
  const workspace = openWorkspace(settings, { catalog, signal, progress, clock, fetch: nothing })
  const found: Record<string, Timed> = {}
  for (const name of names) {
    let rows = 0
    const cost = await measured(async () => {
      rows = (await runReport(workspace, name, { store: 'main' })).rows.length
    })
    found[name] = { ...cost, rows }
  }
  return found
}
