import { join } from 'node:path'
import { type Cost, measured } from '../measured.ts'
import { pullStore as pull } from '../product.ts'
import { replay } from '../recording.ts'
import { benchWorkspace } from '../workspace.ts'

/** Pulls a whole recorded store into the mirror of a folder. */
export const pullStore = async ({ folder, recording }: { folder: string; recording: string }): Promise<Cost> => {
  const workspace = benchWorkspace(folder, replay(join(recording, 'answers')))
  return measured(async () => {
    const { state } = await pull(workspace, 'main', { full: true })
    if (state !== 'complete') throw new Error(`the pull ended ${state}`)
  })
}
