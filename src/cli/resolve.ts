import { userInfo } from 'node:os'
import { resolveConflicts } from '../app/index.ts'
import type { Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { resolveText } from './views/conflicts-text.ts'
import { workspaceOf } from './work.ts'

export interface ResolveArgs {
  readonly ids: readonly string[]
  readonly take: string
  readonly allow: readonly string[]
  readonly details: boolean
}

export const run = async ({ ids, take, allow, details }: ResolveArgs, face: Face): Promise<Exit> => {
  const { store } = face.common
  const report = await resolveConflicts(workspaceOf(face), ids, { take, by: userName(), allow, store })
  const { plan, ...told } = report
  face.report({ ...told, plan: plan?.plan ?? null }, (screen) => resolveText(report, screen, details))
  return report.exit
}

const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    // A process in a container may run as a number that has no name.
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
