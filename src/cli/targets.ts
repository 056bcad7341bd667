import type { Settings, Workspace } from '../app/index.ts'
import { suggestion, UsageError } from '../model/index.ts'

/** The stores that a command line means: the named ones, else the `--store`, else all. @throws {UsageError} for an unknown one. */
export const storesMeant = (
  settings: Settings,
  named: readonly string[],
  flag: string | undefined,
): readonly string[] => {
  const known = Object.keys(settings.stores)
  const wanted = named.length > 0 ? named : flag === undefined ? known : [flag]
  for (const name of wanted) if (!known.includes(name)) throw noSuch('store', name, known)
  return [...new Set(wanted)]
}

/** The one store that a command line means. @throws {UsageError} when it could be several. */
export const storeMeant = (settings: Settings, flag: string | undefined): string => {
  const stores = storesMeant(settings, [], flag)
  const [only] = stores
  if (only !== undefined && stores.length === 1) return only
  throw new UsageError('there are several stores', { hint: `Name one with --store: ${stores.join(', ')}.` })
}

/** The syncs that a command line means: the named ones, else all (of `--store`). @throws {UsageError} for an unknown one. */
export const syncsMeant = (
  { settings, derivedSyncs }: Workspace,
  named: readonly string[],
  flag: string | undefined,
): readonly string[] => {
  const stores = storesMeant(settings, [], flag)
  const syncs = settings.syncs.filter(({ store }) => stores.includes(store))
  const known = syncs.map(({ name }) => name)
  const all = [...known, ...syncs.flatMap(derivedSyncs).map(({ name }) => name)]
  for (const name of named) if (!all.includes(name)) throw noSuch('sync', name, all)
  if (known.length === 0) {
    throw new UsageError('the configuration has no sync', { where: settings.file, hint: 'Describe one under "syncs".' })
  }
  return named.length > 0 ? [...new Set(named)] : known
}

const noSuch = (what: string, name: string, known: readonly string[]): UsageError =>
  new UsageError(`there is no ${what} "${name}"`, { hint: suggestion(name, known).trim() || undefined })
