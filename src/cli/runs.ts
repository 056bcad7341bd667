import { findRun, listRuns } from '../app/index.ts'
import { EXIT, type Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { reportText } from './views/report-text.ts'
import { runsText } from './views/runs-text.ts'
import { workspaceOf } from './work.ts'

export interface RunsArgs {
  readonly run: string | undefined
}

export const run = async ({ run: wanted }: RunsArgs, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  if (wanted === undefined) {
    const runs = await listRuns(workspace, SHOWN, face.common.store)
    const lines = runs.map(({ report: _report, ...line }) => line)
    face.report(lines, (screen) => runsText(lines, screen))
  } else {
    const found = await findRun(workspace, wanted, face.common.store)
    face.report(found, (screen) => `${runsText([found], screen)}\n\n${reportText(found.verb, found.report, screen)}`)
  }
  return EXIT.done
}

/** Newest runs. */
const SHOWN = 20
