/** Each is loaded when it is asked for, so that no process carries what it does not use. */
const TASKS = {
  countAdoption: async () => (await import('./tasks/count-adoption.ts')).countAdoption,
  countMigration: async () => (await import('./tasks/count-migration.ts')).countMigration,
  countNaive: async () => (await import('./tasks/count-naive.ts')).countNaive,
  countPulls: async () => (await import('./tasks/count-pulls.ts')).countPulls,
  countPushes: async () => (await import('./tasks/count-pushes.ts')).countPushes,
  countRemovals: async () => (await import('./tasks/count-removals.ts')).countRemovals,
  csvToNothing: async () => (await import('./tasks/csv-to-nothing.ts')).csvToNothing,
  fillMirror: async () => (await import('./tasks/fill-mirror.ts')).fillMirror,
  foretell: async () => (await import('./tasks/foretell.ts')).foretell,
  foretellCatalog: async () => (await import('./tasks/foretell-catalog.ts')).foretellCatalog,
  makeFeed: async () => (await import('./tasks/make-feed.ts')).makeFeed,
  pace: async () => (await import('./tasks/pace.ts')).pace,
  planByMap: async () => (await import('./baselines/plan-by-map.ts')).planByMap,
  planBySqldiff: async () => (await import('./baselines/plan-by-sqldiff.ts')).planBySqldiff,
  planFeed: async () => (await import('./tasks/plan-feed.ts')).planFeed,
  planInDuckDb: async () => (await import('./baselines/plan-in-duckdb.ts')).planInDuckDb,
  pullBare: async () => (await import('./tasks/pull-bare.ts')).pullBare,
  pullEndless: async () => (await import('./tasks/pull-endless.ts')).pullEndless,
  pullStore: async () => (await import('./tasks/pull-store.ts')).pullStore,
  pushRows: async () => (await import('./tasks/push-rows.ts')).pushRows,
  recordPull: async () => (await import('./tasks/record-pull.ts')).recordPull,
  reportsInDuckDb: async () => (await import('./baselines/reports-in-duckdb.ts')).reportsInDuckDb,
  runReports: async () => (await import('./tasks/run-reports.ts')).runReports,
}

export type TaskName = keyof typeof TASKS
export type Task<N extends TaskName> = Awaited<ReturnType<(typeof TASKS)[N]>>

const [name = '', input = '{}'] = process.argv.slice(2)
const task = (await TASKS[name as TaskName]()) as (input: unknown) => Promise<unknown>
process.stdout.write(JSON.stringify(await task(JSON.parse(input))))
