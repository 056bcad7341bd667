import { planByMap } from './baselines/plan-by-map.ts'
import { planBySqldiff } from './baselines/plan-by-sqldiff.ts'
import { planInDuckDb } from './baselines/plan-in-duckdb.ts'
import { reportsInDuckDb } from './baselines/reports-in-duckdb.ts'
import { countAdoption } from './tasks/count-adoption.ts'
import { countMigration } from './tasks/count-migration.ts'
import { countNaive } from './tasks/count-naive.ts'
import { countPulls } from './tasks/count-pulls.ts'
import { countPushes } from './tasks/count-pushes.ts'
import { countRemovals } from './tasks/count-removals.ts'
import { csvToNothing } from './tasks/csv-to-nothing.ts'
import { fillMirror } from './tasks/fill-mirror.ts'
import { foretell } from './tasks/foretell.ts'
import { foretellCatalog } from './tasks/foretell-catalog.ts'
import { makeFeed } from './tasks/make-feed.ts'
import { pace } from './tasks/pace.ts'
import { planFeed } from './tasks/plan-feed.ts'
import { pullBare } from './tasks/pull-bare.ts'
import { pullEndless } from './tasks/pull-endless.ts'
import { pullStore } from './tasks/pull-store.ts'
import { pushRows } from './tasks/push-rows.ts'
import { recordPull } from './tasks/record-pull.ts'
import { runReports } from './tasks/run-reports.ts'

const TASKS = {
  countAdoption,
  countMigration,
  countNaive,
  countPulls,
  countPushes,
  countRemovals,
  csvToNothing,
  fillMirror,
  foretell,
  foretellCatalog,
  makeFeed,
  pace,
  planByMap,
  planBySqldiff,
  planFeed,
  planInDuckDb,
  pullBare,
  pullEndless,
  pullStore,
  pushRows,
  recordPull,
  reportsInDuckDb,
  runReports,
}

export type TaskName = keyof typeof TASKS
export type Task<N extends TaskName> = (typeof TASKS)[N]

const [name = '', input = '{}'] = process.argv.slice(2)
const task = TASKS[name as TaskName] as (input: unknown) => Promise<unknown>
process.stdout.write(JSON.stringify(await task(JSON.parse(input))))
