import { readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { type Catalog, UsageError } from '../../model/index.ts'
import { derivedSyncs } from '../derived-syncs.ts'
import { type Document, parseDocument } from './document.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { addIssues } from './issues.ts'
import { readJob } from './jobs.ts'
import { readNotifier } from './notify.ts'
import { refuseSharedFields } from './ownership.ts'
import { Problems } from './problems.ts'
import type { Reading } from './reading.ts'
import { readRetention } from './retention.ts'
import { configSchema } from './schema.ts'
import { readSource } from './sources.ts'
import { readStore } from './stores.ts'
import { readSync } from './syncs.ts'
import { readTable } from './tables.ts'
import type { Settings } from './types.ts'

/**
 * Reads, checks and freezes the configuration. Secrets are references here and are looked up when they are used.
 * @throws {UsageError} listing every fault that the file has, each with its line, column and path.
 */
export const loadSettings = (path: string, env: Environment, catalog: Catalog): Settings => {
  const file = resolve(path)
  const dir = dirname(file)
  const document = parseDocument(file, readConfig(file))
  const around = readEnvironment(dir, env)
  const problems = new Problems(file)
  const reading: Reading = {
    file,
    dir,
    env: around.env,
    catalog,
    document,
    problems,
    names: namesIn(document),
    add: adder(document, problems),
  }

  const sections = readSections(reading)
  const settings: Settings = { file, dir, ...sections, warnings: around.warnings }
  problems.throwIfAny()
  return deepFreeze(settings)
}

const readSections = (
  reading: Reading,
): Pick<Settings, 'stores' | 'sources' | 'tables' | 'syncs' | 'jobs' | 'notify' | 'retention'> => {
  const schema = configSchema(reading.catalog)
  const result = schema.safeParse(reading.document.value)
  if (!result.success) addIssues(reading.problems, reading.document, schema, result.error.issues)
  // A section with a fault of its own does not keep the others from being checked.
  const faulty = new Set(result.error?.issues.map(({ path }) => path.slice(0, 2).join('\t')))
  const { stores, sources, tables, syncs, jobs, notify, retention } = schema.shape

  const sound = <T>(section: string, one: { parse(raw: unknown): T }): [string, T][] => {
    const raw = reading.document.at([section])
    if (raw === null || typeof raw !== 'object') return []
    return Object.entries(raw)
      .filter(([name]) => !faulty.has(section) && !faulty.has(`${section}\t${name}`))
      .map(([name, body]) => [name, one.parse(body)])
  }

  const readSources = sound('sources', sources.unwrap().valueType).map(([name, raw]) => readSource(reading, name, raw))
  const csv = (path: string) => sources.unwrap().valueType.parse({ type: 'csv', path })
  const readTables = sound('tables', tables.unwrap().valueType).flatMap(([name, raw]) =>
    readTable(reading, name, raw, readSources, csv),
  )
  const readStores = sound('stores', stores.valueType).map(([name, raw]) => readStore(reading, name, raw))
  const readSyncs = sound('syncs', syncs.unwrap().valueType).map(([name, raw]) =>
    readSync(reading, name, raw, readStores, readSources),
  )
  refuseSharedFields(reading, readSyncs)
  const derived = readSyncs.flatMap((one) => derivedSyncs(reading.catalog, one))
  const toName = [...readSyncs, ...derived]
  return {
    stores: byName(readStores),
    sources: byName(readSources),
    tables: byName(readTables),
    syncs: readSyncs,
    jobs: byName(sound('jobs', jobs.unwrap().valueType).map(([name, raw]) => readJob(reading, name, raw, toName))),
    // A faulty section is told with the others, and nothing is done with its settings then.
    retention: readRetention(retention.safeParse(reading.document.at(['retention'])).data ?? retention.parse({})),
    notify: sound('notify', notify.unwrap().valueType).map(([name, raw]) => readNotifier(reading, name, raw)),
  }
}

const readConfig = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new UsageError(missing ? `there is no ${basename(file)}` : `${basename(file)} cannot be read`, {
      where: file,
      hint: 'Make one with `skiff init`, or name it with --config FILE.',
      cause,
    })
  }
}

const namesIn = (document: Document): Reading['names'] => {
  const names = (section: string) => Object.keys((document.at([section]) as object | null | undefined) ?? {})
  return {
    stores: names('stores'),
    sources: names('sources'),
    tables: names('tables'),
    syncs: names('syncs'),
    jobs: names('jobs'),
  }
}

const adder =
  (document: Document, problems: Problems): Reading['add'] =>
  (path, text, place) =>
    problems.addAt(document.position(path, place), path, text)

const byName = <T extends { readonly name: string }>(list: readonly T[]): Record<string, T> =>
  Object.fromEntries(list.map((one) => [one.name, one]))

const deepFreeze = <T>(value: T): T => {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
