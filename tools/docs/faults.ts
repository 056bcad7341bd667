import { readdirSync, readFileSync } from 'node:fs'
import { FAULTS, type Fault } from './fault-list.ts'
import { code, GENERATED, page, table } from './text.ts'

const ROOT = new URL('../../', import.meta.url)

/** Every fault with what Skiff does about it and the tests that carry its id. */
export const faultsPage = (): string => {
  const tests = testsById()
  const all = FAULTS.flatMap(([, faults]) => faults)
  const tested = all.filter(({ id }) => tests.has(id)).length
  return page(
    GENERATED,
    '# Faults',
    'What goes wrong with stores, machines, files and people, what Skiff does about it, and the tests whose titles carry the id.',
    `${all.length} faults: ${tested} have tests, ${all.length - tested} concern what does not exist yet or cannot be shown by a test.`,
    ...FAULTS.flatMap(([title, faults]) => [
      `## ${title}`,
      table(
        ['id', 'fault', 'what Skiff does', 'tests'],
        faults.map((fault) => [fault.id, fault.fault, fault.does, evidence(fault, tests.get(fault.id) ?? [])]),
      ),
    ]),
  )
}

const evidence = ({ later }: Fault, files: readonly string[]): string => {
  if (!files.length) return later ? `not yet: ${later}` : 'none'
  const shown = files.slice(0, MOST_FILES).map((file) => code(file.replace(/^test\//, '').replace(/\.test\.ts$/, '')))
  return `${shown.join(', ')}${files.length > MOST_FILES ? ` and ${files.length - MOST_FILES} more` : ''}`
}

const MOST_FILES = 3

/** Files of tests by the ids in their texts, such as a title that begins with "N1, N2:". */
export const testsById = (): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>()
  for (const file of [...filesBelow('test'), ...filesBelow('proof')]) {
    const ids = new Set<string>()
    for (const [, text = ''] of readFileSync(new URL(file, ROOT), 'utf8').matchAll(TEXTS)) {
      for (const [id] of (LEADING.exec(text)?.[0] ?? '').matchAll(ID)) ids.add(id)
    }
    for (const id of ids) found.set(id, [...(found.get(id) ?? []), file])
  }
  return found
}

const TEXTS = /['"`]([^'"`\n]*)['"`]/g
/** A title begins with its ids. */
const LEADING = /^(?:(?:and )?[A-Z]\d{1,2}[,:]? )+/
const ID = /[NPDQCUBS]\d{1,2}/g

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)
    .sort()
