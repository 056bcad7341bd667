import { type Cost, measured } from '../measured.ts'
import { planSync } from '../product.ts'
import { benchWorkspace } from '../workspace.ts'

/** Plans a folder's feed against its mirror, and checks that just the changed rows were found. */
export const planFeed = async ({ folder, changed }: { folder: string; changed: number }): Promise<Cost> => {
  const workspace = benchWorkspace(folder, () => {
    throw new Error('a plan asks the store nothing')
  })
  return measured(async () => {
    const { plan } = await planSync(workspace, 'prices', { allow: [], staleOk: true, only: null })
    const { update } = plan.summary
    if (update !== changed) throw new Error(`${update} updates were planned, ${changed} rows differ`)
  })
}
