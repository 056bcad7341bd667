import { runJob } from '../app/index.ts'
import type { Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { jobText } from './views/job-text.ts'
import { isWatched, workspaceOf } from './work.ts'

export interface RunJobArgs {
  readonly job: string
}

export const run = async ({ job }: RunJobArgs, face: Face): Promise<Exit> => {
  const report = await runJob(workspaceOf(face), job, { watched: isWatched(face) })
  face.report(report, (screen) => jobText(report, screen))
  return report.exit
}
