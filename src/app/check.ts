import { basename } from 'node:path'
import { EXIT, type Exit, worstExit } from '../model/index.ts'
import { bad, badBecause, type Finding, ok, warn } from './check-finding.ts'
import { checkNotifier } from './check-notifier.ts'
import { checkSource } from './check-source.ts'
import { checkStore } from './check-store.ts'
import { storesOfJob } from './jobs.ts'
import { reportNamed } from './reports-file.ts'
import type { JobSettings } from './settings/index.ts'
import type { Workspace } from './workspace.ts'

export interface Check {
  readonly exit: Exit
  readonly findings: readonly Finding[]
}

/**
 * Looks at everything that a run of the configuration needs, and changes nothing: a few reading requests a store, no lock taken,
 * sources read to their end.
 * @param stores Those to look at, with their syncs; jobs and notifiers are looked at all.
 * @param options With `notify`, each notifier gets a test notice.
 */
export const checkAll = async (
  workspace: Workspace,
  stores: readonly string[],
  { notify }: { readonly notify: boolean } = { notify: false },
): Promise<Check> => {
  const { settings, context } = workspace
  const findings: Finding[] = [...checkConfig(workspace)]
  for (const name of stores) {
    const store = settings.stores[name]
    if (!store) continue
    context.progress({ kind: 'step', text: `looking at store ${name}` })
    findings.push(...(await checkStore(workspace, store)))
  }
  for (const sync of settings.syncs.filter(({ store }) => stores.includes(store))) {
    context.progress({ kind: 'step', text: `reading source ${sync.source}` })
    findings.push(await checkSource(workspace, sync))
  }
  for (const job of Object.values(settings.jobs)) findings.push(checkJob(workspace, job))
  for (const notifier of settings.notify) findings.push(await checkNotifier(workspace, notifier, notify))
  const exits = findings.map(({ exit }) => exit).filter((exit) => exit !== EXIT.done)
  return { exit: worstExit(exits), findings }
}

const checkConfig = ({ settings }: Workspace): Finding[] => {
  const { file, stores, sources, syncs, jobs, warnings } = settings
  const look = { of: 'config', what: basename(file) }
  const counts = { stores: Object.keys(stores), sources: Object.keys(sources), syncs, jobs: Object.keys(jobs) }
  const text = Object.entries(counts).map(([things, { length }]) => `${things}: ${length}`)
  return [ok(look, text.join(', ')), ...warnings.map((text) => warn(look, text))]
}

const checkJob = ({ settings }: Workspace, job: JobSettings): Finding => {
  const look = { of: `job ${job.name}`, what: 'steps' }
  try {
    const stores = storesOfJob(settings, job)
    for (const { verb, target } of job.steps) {
      if (verb !== 'report') continue
      const { needs } = reportNamed(target)
      const [store = ''] = stores
      const missing = needs.filter((resource) => !settings.stores[store]?.resources.includes(resource))
      if (missing.length) {
        const hint = `add ${missing.join(', ')} to its "resources"`
        return bad(
          look,
          `report ${target} counts ${missing.join(', ')}, which store ${store} does not hold`,
          hint,
          EXIT.usage,
        )
      }
    }
    const steps = job.steps.map(({ verb, target }) => `${verb} ${target}`).join(', ')
    return ok(look, `${job.cron === undefined ? '' : `${job.cron} ${job.timezone}: `}${steps}`)
  } catch (error) {
    return badBecause(look, error)
  }
}
