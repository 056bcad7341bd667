import type { Fetch } from '../../src/store/index.ts'
import { type Cost, measured } from '../measured.ts'
import { pullStore } from '../product.ts'
import { benchWorkspace } from '../workspace.ts'

/** Pulls a whole store that another process serves. */
export const pullEndless = async ({ folder, origin }: { folder: string; origin: string }): Promise<Cost> => {
  const workspace = benchWorkspace(folder, fetch as unknown as Fetch, origin)
  return measured(async () => {
    const { state } = await pullStore(workspace, 'main', { full: true })
    if (state !== 'complete') throw new Error(`the pull ended ${state}`)
  })
}
