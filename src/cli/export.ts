import { resolve } from 'node:path'
import { exportRows, type RowFileFormat } from '../app/index.ts'
import { EXIT, type Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { warnOfHalfPulls } from './half-pulls.ts'
import { storeMeant } from './targets.ts'
import { clean, counted } from './views/text.ts'
import { workspaceOf } from './work.ts'

export interface ExportArgs {
  readonly what: string
  readonly to: string
  readonly format: RowFileFormat | undefined
  readonly days: number | undefined
}

export const run = async ({ what, to, format, days }: ExportArgs, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  const store = storeMeant(workspace.settings, face.common.store)
  await warnOfHalfPulls(workspace, store, face)
  const report = await exportRows(workspace, what, { store, file: resolve(face.io.cwd, to), format, days })
  face.report(report, () => `${clean(to)}: ${counted(report.rows, 'row')}, ${report.bytes} bytes`)
  return EXIT.done
}
