import { reportDefinitions, runReport } from '../app/index.ts'
import { EXIT, type Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { storeMeant } from './targets.ts'
import { readyReportText, reportListText } from './views/ready-report-text.ts'
import { type RowFormat, rowsText } from './views/rows.ts'
import { plainJson } from './views/text.ts'
import { workspaceOf } from './work.ts'

export interface ReportArgs {
  readonly name: string | undefined
  readonly days: number | undefined
  readonly format: RowFormat
}

export const run = async ({ name, days, format }: ReportArgs, face: Face): Promise<Exit> => {
  if (name === undefined) {
    const list = reportDefinitions().map(({ sql: _sql, ...about }) => about)
    face.report(list, (screen) => reportListText(list, screen))
    return EXIT.done
  }
  const workspace = workspaceOf(face)
  const report = await runReport(workspace, name, { store: storeMeant(workspace.settings, face.common.store), days })
  if (face.common.json) face.print(plainJson(report))
  else face.print(format === 'table' ? readyReportText(report, face.screen) : rowsText(report, format, face.screen))
  return EXIT.done
}
