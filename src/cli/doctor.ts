import { resolve } from 'node:path'
import { examineSource } from '../app/index.ts'
import type { Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { doctorText } from './views/doctor-text.ts'
import { workspaceOf } from './work.ts'

export interface DoctorArgs {
  readonly source: string
  readonly fix: string | undefined
  readonly details: boolean
}

export const run = async ({ source, fix, details }: DoctorArgs, face: Face): Promise<Exit> => {
  const copy = fix === undefined ? null : resolve(face.io.cwd, fix)
  const report = await examineSource(workspaceOf(face), source, copy)
  face.report(report, (screen) => doctorText(report, screen, details))
  return report.exit
}
