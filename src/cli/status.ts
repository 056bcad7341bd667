import type { Workspace } from '../app/index.ts'
import { EXIT, type Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { storesMeant } from './targets.ts'
import { type StoreStatus, statusText } from './views/status-text.ts'
import { workspaceOf } from './work.ts'

export const run = async (_args: object, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  const stores: StoreStatus[] = []
  for (const store of storesMeant(workspace.settings, [], face.common.store))
    stores.push(await statusOf(workspace, store))
  face.report({ stores }, (screen) => stores.map((one) => statusText(one, screen)).join('\n\n'))
  return EXIT.done
}

const statusOf = async (workspace: Workspace, store: string): Promise<StoreStatus> => {
  const { mirror: path = '', resources = [] } = workspace.settings.stores[store] ?? {}
  const now = workspace.context.clock.now()
  if (!workspace.hasMirror(store))
    return { store, mirror: null, holder: null, now, resources: [], waiting: [], open: 0, lastRuns: [] }
  return workspace.withMirror(store, (mirror) => ({
    store,
    mirror: path,
    holder: workspace.holder(store),
    now,
    resources: resources.flatMap((name) => mirror.freshness(name) ?? []),
    waiting: mirror
      .plans(RECENT)
      .filter(({ state, plan }) => state === 'open' && Date.parse(plan.expires) > now && plan.changes.length > 0)
      .map(({ plan }) => ({ plan: plan.plan, sync: plan.sync, summary: plan.summary })),
    open: mirror.openChanges().length,
    lastRuns: latestOfEach(mirror.runs(RECENT)),
  }))
}

const RECENT = 100

/** The newest run of each kind of work. */
const latestOfEach = <R extends { readonly verb: string; readonly what: string }>(runs: readonly R[]): R[] => {
  const latest = new Map<string, R>()
  for (const one of runs) if (!latest.has(`${one.verb} ${one.what}`)) latest.set(`${one.verb} ${one.what}`, one)
  return [...latest.values()]
}
