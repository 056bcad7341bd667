import { verifyStore, type Workspace } from '../app/index.ts'
import { type Exit, UsageError } from '../model/index.ts'
import type { Face } from './face.ts'
import { storesMeant, syncsMeant } from './targets.ts'
import { verifyText } from './views/verify-text.ts'
import { oneByOne, workspaceOf } from './work.ts'

export interface VerifyArgs {
  readonly syncs: readonly string[]
  readonly sample: string | undefined
  readonly seed: number | undefined
  readonly details: boolean
}

export const run = async ({ syncs, sample, seed, details }: VerifyArgs, face: Face): Promise<Exit> => {
  if (seed !== undefined && sample === undefined) {
    throw new UsageError('a seed needs the sample that it was of', { hint: 'add --sample, such as --sample 5%' })
  }
  const workspace = workspaceOf(face)
  return oneByOne(face, targetsOf(workspace, syncs, face.common.store), async ({ store, names }) => {
    const report = await verifyStore(workspace, store, { syncs: names, sample, seed })
    return { exit: report.exit, document: report, view: (screen) => verifyText(report, screen, details) }
  })
}

interface Target {
  readonly store: string
  readonly names: readonly string[]
}

/** The syncs by their stores; a store that was named without them, or has none, stands alone. */
const targetsOf = (workspace: Workspace, named: readonly string[], flag: string | undefined): readonly Target[] => {
  const { settings } = workspace
  const stores = storesMeant(settings, [], flag)
  if (!named.length && flag !== undefined) return stores.map((store) => ({ store, names: [] }))
  const syncs = named.length ? syncsMeant(workspace, named, flag) : settings.syncs.map(({ name }) => name)
  const targets = stores.map((store) => ({
    store,
    names: syncs.filter((name) => workspace.sync(name).store === store),
  }))
  return named.length ? targets.filter(({ names }) => names.length > 0) : targets
}
