import { planByMap } from './baselines/plan-by-map.ts'
import { planInDuckDb } from './baselines/plan-in-duckdb.ts'
import { countNaive } from './tasks/count-naive.ts'
import { countPulls } from './tasks/count-pulls.ts'
import { countPushes } from './tasks/count-pushes.ts'
import { csvToNothing } from './tasks/csv-to-nothing.ts'
import { fillMirror } from './tasks/fill-mirror.ts'
import { makeFeed } from './tasks/make-feed.ts'
import { planFeed } from './tasks/plan-feed.ts'
import { pullBare } from './tasks/pull-bare.ts'
import { pullStore } from './tasks/pull-store.ts'
import { recordPull } from './tasks/record-pull.ts'

const TASKS = {
  csvToNothing,
  fillMirror,
  makeFeed,
  planByMap,
  planFeed,
  planInDuckDb,
  pullBare,
  pullStore,
  recordPull,
  countNaive,
  countPulls,
  countPushes,
}

export type TaskName = keyof typeof TASKS
export type Task<N extends TaskName> = (typeof TASKS)[N]

const [name = '', input = '{}'] = process.argv.slice(2)
const task = TASKS[name as TaskName] as (input: unknown) => Promise<unknown>
process.stdout.write(JSON.stringify(await task(JSON.parse(input))))
