import { examineSource } from '../app/index.ts'
import type { Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { outFile } from './out-file.ts'
import { doctorText } from './views/doctor-text.ts'
import { workspaceOf } from './work.ts'

export interface DoctorArgs {
  readonly source: string
  readonly fix: string | undefined
  readonly details: boolean
}

export const run = async ({ source, fix, details }: DoctorArgs, face: Face): Promise<Exit> => {
  const copy = fix === undefined ? null : outFile(face.io.cwd, fix).path
  const report = await examineSource(workspaceOf(face), source, copy)
  face.report(report, (screen) => doctorText(report, screen, details))
  return report.exit
}
