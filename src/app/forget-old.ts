import type { StoreSide } from '../engine/index.ts'
import { MirrorError } from '../model/index.ts'
import type { Workspace } from './workspace.ts'

/** Drops history by its age. The run is over by then, so a failure is told and takes nothing from it. */
export const forgetOld = ({ settings, context }: Workspace, { name, mirror }: StoreSide): void => {
  try {
    mirror.prune(settings.retention, context.clock.now())
  } catch (error) {
    if (!(error instanceof MirrorError)) throw error
    context.progress({ kind: 'warning', text: `old history of ${name} could not be dropped: ${error.message}` })
  }
}
