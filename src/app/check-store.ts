import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { fieldsOf, resourcesOf, type Target, targetOf } from '../diff/index.ts'
import { strangerReason } from '../engine/index.ts'
import { type Lineage, shakyPlace } from '../mirror/index.ts'
import { type Catalog, EXIT, InterruptedError, type Resource, type SyncSpec, UsageError } from '../model/index.ts'
import type { Store } from '../store/index.ts'
import { bad, badBecause, type Finding, note, ok, warn } from './check-finding.ts'
import { meet, type StoreFacts } from './check-meet.ts'
import type { StoreSettings } from './settings/index.ts'
import type { Workspace } from './workspace.ts'

/** Whether a store can be worked with: its folder, lock, credentials, identity, clock, quota, and what they allow. */
export const checkStore = async (workspace: Workspace, store: StoreSettings): Promise<readonly Finding[]> => {
  const of = `store ${store.name}`
  const here = [checkFolder(of, store), checkLock(of, workspace, store)]
  try {
    return [...here, ...(await workspace.withApi(store.name, (api) => checkApi(of, workspace, store, api)))]
  } catch (error) {
    if (error instanceof InterruptedError) throw error
    return [...here, badBecause({ of, what: error instanceof UsageError ? 'credentials' : 'connection' }, error)]
  }
}

const checkFolder = (of: string, { mirror }: StoreSettings): Finding => {
  const look = { of, what: 'mirror' }
  const path = nearestThere(mirror)
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
  } catch {
    return bad(look, `${path} cannot be written`, 'give the user that runs skiff the right to write it', EXIT.failed)
  }
  const shaky = shakyPlace(mirror)
  if (shaky !== null) return warn(look, shaky, 'give the store a "mirror" on a disk of this machine')
  return ok(look, existsSync(mirror) ? mirror : `${mirror} will be made by the first pull`)
}

const nearestThere = (path: string): string => (existsSync(path) ? path : nearestThere(dirname(path)))

const checkLock = (of: string, workspace: Workspace, { name }: StoreSettings): Finding => {
  const look = { of, what: 'lock' }
  const holder = workspace.holder(name)
  if (!holder) return ok(look, 'free')
  const { work, pid, host, since } = holder
  return warn(
    look,
    `held by ${work} (process ${pid} on ${host}, since ${since})`,
    'work on the store waits for its end',
  )
}

const checkApi = async (of: string, workspace: Workspace, store: StoreSettings, api: Store): Promise<Finding[]> => {
  const { catalog, clock } = workspace.contextOf(store.name)
  const facts = await meet(catalog, api)
  const found = [
    ok({ of, what: 'connection' }, `${facts.name || facts.domain} answers (${facts.domain}, ${facts.currency})`),
    await checkIdentity(of, workspace, store, facts),
    checkClock(of, facts, clock.now()),
    checkQuota(of, store, api),
    ...(await lateSettles(of, workspace, store)),
    ...(await undatedEdits(of, workspace, store)),
  ]
  const syncs = workspace.settings.syncs.filter((sync) => sync.store === store.name)
  for (const [root, users] of needs(workspace, store, syncs)) found.push(await checkReading(of, api, root, users))
  return [...found, ...writeNotes(of, workspace, syncs)]
}

const checkIdentity = async (
  of: string,
  workspace: Workspace,
  { name, hash }: StoreSettings,
  { domain, currency }: StoreFacts,
): Promise<Finding> => {
  const look = { of, what: 'identity' }
  const met: Lineage = { hash, domain, currency }
  if (!workspace.hasMirror(name)) return ok(look, 'there is no mirror to compare with yet')
  const reason = await workspace.withMirror(name, (mirror) => strangerReason(mirror.lineage(), met))
  if (reason === null) return ok(look, 'the mirror belongs to this store')
  return bad(look, reason, 'give the other store a mirror of its own ("mirror" in its section)', EXIT.blocked)
}

/** A machine's clock that is off makes ages, expiries and schedules wrong; pulls go by the store's own. */
const checkClock = (of: string, { serverTime }: StoreFacts, now: number): Finding => {
  const look = { of, what: 'clock' }
  if (serverTime === null) return warn(look, 'the store does not tell its time')
  const seconds = Math.round((now - Date.parse(serverTime)) / 1000)
  if (Math.abs(seconds) <= MOST_SKEW_S) return ok(look, 'this machine and the store agree')
  const off = `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'}`
  return warn(look, `this machine is ${off} the store`, 'let it set its clock over the network (NTP)')
}

const MOST_SKEW_S = 30

const checkQuota = (of: string, { quotaShare }: StoreSettings, api: Store): Finding => {
  const look = { of, what: 'quota' }
  const { quota, left, windowMs } = api.quota()
  if (quota === null) return warn(look, 'the answers tell no quota, so requests are paced carefully')
  const window = windowMs === null ? '' : ` in ${windowMs / 1000} s`
  return ok(look, `${quota} requests${window}, ${left} left; up to ${Math.round(quotaShare * 100)} % are used`)
}

/** What was learned of a store that shows writes late. */
const lateSettles = async (of: string, workspace: Workspace, { name }: StoreSettings): Promise<Finding[]> => {
  if (!workspace.hasMirror(name)) return []
  const seen = await workspace.withMirror(name, (mirror) => mirror.lateSettles())
  const longest = new Map(seen.map((late) => [late.resource, late]))
  const seconds = (ms: number): number => Math.ceil(ms / 1000)
  return [...longest.values()].map(({ resource, lagMs, settleMs, plan }) =>
    note(
      { of, what: 'settling' },
      `${resource} were seen ${seconds(lagMs)} s after a write; ${seconds(settleMs)} s are waited for since ${plan}`,
    ),
  )
}

/** What pulls have met of edits that a pull of changes sees, or does not, because the store dates what they are in, or does not. */
const undatedEdits = async (of: string, workspace: Workspace, { name }: StoreSettings): Promise<Finding[]> => {
  if (!workspace.hasMirror(name)) return []
  const { resources } = workspace.context.catalog
  const riding = [...resources.values()].filter(({ api }) => resources.get(api.within?.parent ?? '')?.api.list?.since)
  return workspace.withMirror(name, (mirror) =>
    riding.flatMap((resource) => {
      const met = mirror.datedEdits(resource.name)
      if (!met.length) return []
      const shares = met.map(({ field, dated, undated }) => `${field} ${dated} of ${dated + undated}`)
      return [
        note(
          { of, what: 'dates' },
          `edits of ${resource.name} that gave their ${resource.api.within?.parent} a new date: ${shares.join(', ')}`,
        ),
      ]
    }),
  )
}

/** The listings that must be readable, with who reads them. */
const needs = (
  workspace: Workspace,
  store: StoreSettings,
  syncs: readonly SyncSpec[],
): ReadonlyMap<Resource, readonly string[]> => {
  const { catalog } = workspace.contextOf(store.name)
  const users = new Map<Resource, string[]>()
  const add = (resource: Resource | undefined, user: string): void => {
    if (!resource) return
    const root = rootOf(catalog, resource)
    const known = users.get(root) ?? []
    if (!known.includes(user)) users.set(root, [...known, user])
  }
  for (const name of store.resources) add(catalog.resources.get(name), `pull ${store.name}`)
  for (const sync of syncs) {
    for (const resource of written(targetOf(catalog, sync.resource), sync, catalog.resources))
      add(resource, `sync ${sync.name}`)
  }
  return users
}

/** The resource whose listing brings the rows, or tells which lists of them there are. */
const rootOf = (catalog: Catalog, resource: Resource): Resource => {
  const { within, list } = resource.api
  const parent = catalog.resources.get(within?.parent ?? list?.per ?? '')
  return parent ? rootOf(catalog, parent) : resource
}

/** The resources that a sync's fields are read from and written to. */
const written = (
  target: Target,
  { fields }: SyncSpec,
  resources: ReadonlyMap<string, Resource>,
): readonly Resource[] => {
  const found = new Set(resourcesOf(target))
  if (target.kind === 'family') {
    for (const name of Object.keys(fields)) {
      const facts = target.derived.fields[name]
      const stock = facts?.of === 'stock' ? resources.get(facts.writes.resource) : undefined
      if (stock) found.add(stock)
    }
  }
  return [...found]
}

const checkReading = async (of: string, api: Store, resource: Resource, users: readonly string[]): Promise<Finding> => {
  const look = { of, what: `reads ${resource.name}` }
  try {
    await api.page(resource, { limit: 1, purpose: 'check' })
    return ok(look, `for ${users.join(', ')}`)
  } catch (error) {
    if (error instanceof InterruptedError) throw error
    const found = badBecause(look, error)
    return { ...found, detail: `${found.detail}; needed by ${users.join(', ')}` }
  }
}

/** No scope of writing can be tried without writing, so it is said which are needed. */
const writeNotes = (of: string, { context: { catalog } }: Workspace, syncs: readonly SyncSpec[]): Finding[] => {
  const byScope = new Map<string, string[]>()
  for (const sync of syncs) {
    const target = targetOf(catalog, sync.resource)
    const writes = Object.entries(sync.fields).some(
      ([name, { owner }]) => owner !== 'store' && !fieldsOf(target)[name]?.readOnly,
    )
    if (!writes) continue
    for (const { scope } of written(target, sync, catalog.resources)) {
      const known = byScope.get(scope) ?? []
      if (!known.includes(sync.name)) byScope.set(scope, [...known, sync.name])
    }
  }
  return [...byScope].map(([scope, names]) =>
    note(
      { of, what: `writes ${scope}` },
      `needed by sync ${names.join(', ')}; only a push can tell whether the API account may modify it`,
    ),
  )
}
