import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { fieldsOf, resourcesOf, targetOf } from '../diff/index.ts'
import type { Mirror } from '../mirror/index.ts'
import { type Catalog, EXIT, type Exit, SourceRefusedError, type SyncSpec, UsageError } from '../model/index.ts'
import {
  compileMapping,
  examine,
  type Finding,
  keyIndex,
  type Patient,
  type RuleName,
  repairCsv,
  type Subject,
  sampleOf,
  subjectByNames,
  writeNewFile,
} from '../sources/index.ts'
import { type Look, sourceNamed, withLook } from './look.ts'
import { isDatabase, type SourceSettings } from './settings/index.ts'
import type { Workspace } from './workspace.ts'

export interface DoctorReport {
  readonly exit: Exit
  readonly source: string
  readonly file: string
  /** Records read, without the header. */
  readonly rows: number
  readonly columns: readonly string[]
  /** All findings, by what is wrong. */
  readonly counts: Readonly<Partial<Record<RuleName, number>>>
  /** Of them, those that a repair can be made for. */
  readonly repairable: number
  /** Whether a repaired copy of the source can be written. */
  readonly copyable: boolean
  /** The first of each kind, in the order of the file. */
  readonly findings: readonly Finding[]
  /** What could not be compared, and why. */
  readonly notes: readonly string[]
  /** Why the file could not be read to its end. */
  readonly refused: { readonly message: string; readonly where: string | null; readonly hint: string | null } | null
  readonly fixed: { readonly file: string; readonly cells: number; readonly left: number } | null
}

/**
 * Looks for what is wrong in the rows of a source, by its syncs and the mirrors of their stores, and changes neither.
 * @param fix A new file for the repaired copy, absolute; null writes none.
 * @throws {UsageError} for an unknown source, a copy that would take the place of a file, or one of what is no CSV or TSV file.
 */
export const examineSource = async (workspace: Workspace, name: string, fix: string | null): Promise<DoctorReport> => {
  const source = sourceNamed(workspace, name)
  if (fix !== null && !isDatabase(source)) refuseToReplace(fix, resolve(workspace.settings.dir, source.path))
  return withLook(workspace, source, (look) => examineLook(workspace, source, look, fix))
}

const examineLook = async (
  workspace: Workspace,
  source: SourceSettings,
  look: Look,
  fix: string | null,
): Promise<DoctorReport> => {
  const { settings, context } = workspace
  const { name } = source
  const { origin, mustEnd, sheet } = look
  if (fix !== null && !sheet) throw noCopy(source)
  const syncs = settings.syncs.filter((sync) => sync.source === name)
  const notes: string[] = []
  const said = collector()
  const meet = async (subjects: readonly Subject[]) => {
    const columnsIn = (part: 'keys' | 'fields') => [
      ...new Set(subjects.flatMap((one) => one[part]).map(({ column }) => column)),
    ]
    const open = look.open({ keys: columnsIn('keys'), fields: columnsIn('fields') })
    const examination = await examine({ origin, open, subjects, mustEnd }, said.tell)
    if (fix === null || !sheet || examination.refused) return { ...examination, repaired: null }
    const repaired = await repairCsv({ ...sheet, subjects })
    await writeNewFile(fix, repaired.bytes)
    return { ...examination, repaired }
  }

  context.progress({ kind: 'step', text: `reading source ${name}` })
  const { rows, columns, refused, repaired } = await (syncs.length > 0
    ? withSubjects(workspace, syncs, notes, meet)
    : meet(byNames(context.catalog, await columnsOf(look.open()), notes)))
  if (fix !== null && refused) notes.push('no copy was written, because the file cannot be read to its end')
  return {
    exit: refused ? EXIT.refused : said.findings.length > 0 ? EXIT.rows : EXIT.done,
    source: name,
    file: origin,
    rows,
    columns,
    counts: said.counts,
    repairable: said.repairable(),
    copyable: sheet !== null,
    findings: said.findings,
    notes,
    refused: refused && { message: refused.message, where: refused.where ?? null, hint: refused.hint ?? null },
    fixed: fix === null || !repaired ? null : { file: fix, cells: repaired.cells, left: repaired.left },
  }
}

const noCopy = (source: SourceSettings): UsageError => {
  const isText = !isDatabase(source) && (source.type === 'csv' || source.type === 'tsv')
  if (isText) {
    const hint = '`skiff check` tells what was found out; write it into the source'
    return new UsageError(`source ${source.name} does not say its delimiter and encoding`, { hint })
  }
  const kind = isDatabase(source) ? source.database.type : source.type
  return new UsageError(`a repaired copy can be written of a CSV or TSV file, and source ${source.name} is ${kind}`, {
    hint: 'leave "--fix" out, and repair it where it comes from; each finding says what a cell should hold',
  })
}

const refuseToReplace = (copy: string, original: string): void => {
  if (!existsSync(copy)) return
  const isOriginal = existsSync(original) && realpathSync(copy) === realpathSync(original)
  throw new UsageError(isOriginal ? `${copy} is the file of the source itself` : `${copy} is there already`, {
    where: copy,
    hint: 'name a new file for the repaired copy',
  })
}

/** Counts everything and keeps the first of each kind, so that a file in which all is wrong fits into memory. */
const collector = () => {
  const findings: Finding[] = []
  const counts: Partial<Record<RuleName, number>> = {}
  let repairable = 0
  return {
    findings,
    counts,
    repairable: () => repairable,
    tell: (finding: Finding): void => {
      const count = (counts[finding.rule] ?? 0) + 1
      counts[finding.rule] = count
      if (finding.repair !== null) repairable += 1
      if (count <= KEPT) findings.push(finding)
    },
  }
}

const KEPT = 1000

/** None of a file that is refused before its columns are known; the examination tells why. */
const columnsOf = async (open: Patient['open']): Promise<readonly string[]> => {
  try {
    return (await sampleOf(open, 0)).columns
  } catch (error) {
    if (error instanceof SourceRefusedError) return []
    throw error
  }
}

/** Without a sync, columns are what their names say. */
const byNames = (catalog: Catalog, columns: readonly string[], notes: string[]): readonly Subject[] => {
  notes.push('no sync reads this source, so columns were judged by their names, and nothing by the store')
  const usual = [...catalog.derived.keys()][0]
  return usual === undefined ? [] : [subjectByNames(columns, fieldsOf(targetOf(catalog, usual)))]
}

/** The syncs of a source, each beside the mirror of its store, where there is one. */
const withSubjects = async <T>(
  workspace: Workspace,
  syncs: readonly SyncSpec[],
  notes: string[],
  use: (subjects: readonly Subject[]) => Promise<T>,
  before: readonly Subject[] = [],
): Promise<T> => {
  const [sync, ...others] = syncs
  if (!sync) return use(before)
  const goOn = (mirror: Mirror | null) => {
    const subject = subjectOf(workspace.context.catalog, sync, mirror)
    const target = targetOf(workspace.context.catalog, sync.resource)
    const isWhole = !mirror || resourcesOf(target).every(({ name }) => mirror.freshness(name)?.complete)
    if (!isWhole) notes.push(`the last pull of store ${sync.store} did not end, so only a part was compared with it`)
    return withSubjects(workspace, others, notes, use, [...before, subject])
  }
  if (workspace.hasMirror(sync.store)) return workspace.withMirror(sync.store, goOn)
  const note = `store ${sync.store} has no mirror, so nothing was compared with it; \`skiff pull ${sync.store}\` makes one`
  if (!notes.includes(note)) notes.push(note)
  return goOn(null)
}

const subjectOf = (catalog: Catalog, sync: SyncSpec, mirror: Mirror | null): Subject => {
  const target = targetOf(catalog, sync.resource)
  const facts = fieldsOf(target)
  const { key, keyRules, fields } = sync
  const tables = Object.fromEntries((sync.tables ?? []).map((name) => [name, UNREAD]))
  const mapping = compileMapping({ key, ...(keyRules ? { keyRules } : {}), fields, targetFields: facts, tables })
  // Cells are judged, and what is computed or constant has none of its own.
  const uses = (bindings: typeof mapping.key, role: 'key' | 'field') =>
    bindings.flatMap(({ field, column, at, read }) => {
      const fact = at < 0 ? undefined : facts[field]
      const own = role === 'key' && isOfOneRow(sync) ? orBlank(read) : read
      return fact ? [{ role, field, facts: fact, rule: sync.fields[field], column, read: own }] : []
    })
  const subject = { keys: uses(mapping.key, 'key'), fields: uses(mapping.fields, 'field') }
  // What the mirror holds by ids, the file alone does not name.
  if (!mirror || keyRules) return { ...subject, known: null, index: undefined }
  const names = Object.keys(sync.key)
  const what = target.kind === 'plain' ? target.resource : target.derived
  const lookup = mirror.lookup(what, names, Object.keys(sync.fields))
  const [only = ''] = names
  return {
    ...subject,
    known: (key) => {
      const [row, more] = lookup.find(key)
      return more ? undefined : row?.values
    },
    index:
      names.length === 1
        ? keyIndex(keysIn(lookup, only), (text) => lookup.find({ [only]: text }).length > 0)
        : undefined,
  }
}

/** Whether the key stands in one row of a group alone, the product's, and rows below it leave it blank. */
const isOfOneRow = ({ group }: SyncSpec): boolean =>
  group !== undefined && ('neighbours' in group.by || 'below' in group.by)

type Read = ReturnType<typeof compileMapping>['key'][number]['read']

const orBlank =
  (read: Read): Read =>
  (text) =>
    text.trim() === '' ? { value: undefined } : read(text)

/** The doctor computes nothing. */
const UNREAD = { value: '', read: async () => new Map() }

function* keysIn(lookup: ReturnType<Mirror['lookup']>, name: string): Generator<string> {
  for (const { values } of lookup.all()) {
    const key = values[name]
    if (typeof key === 'string') yield key
  }
}
