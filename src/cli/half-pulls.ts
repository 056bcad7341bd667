import type { Workspace } from '../app/index.ts'
import type { Face } from './face.ts'

/** Tells of resources whose last pull did not end, before rows of the mirror are shown. @throws {MirrorError} without a mirror. */
export const warnOfHalfPulls = (workspace: Workspace, store: string, face: Face): Promise<void> =>
  workspace.withMirror(store, (mirror) => {
    for (const resource of workspace.settings.stores[store]?.resources ?? []) {
      if (mirror.freshness(resource)?.complete === false) {
        face.progress({ kind: 'warning', text: `the last pull of ${resource} did not end; its rows are not all there` })
      }
    }
  })
