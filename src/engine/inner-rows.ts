import { type ChoiceVerdict, type HeldChoice, type HeldFamily, judgeChoices, type WantedRow } from '../diff/index.ts'
import type { Lookup, Mirror } from '../mirror/index.ts'
import {
  type Catalog,
  type ChosenNest,
  chosenNest,
  type Resource,
  type Source,
  type SourceItem,
  type SourceRow,
  type SyncSpec,
  type Value,
  type Values,
} from '../model/index.ts'
import { choicesOf } from './chosen-key.ts'
import type { Context, StoreSide } from './context.ts'
import { passesFilter } from './filter.ts'
import { labelOf } from './label.ts'
import { youngParents } from './parts.ts'
import { readByKeys } from './read-rows.ts'
import { pullTasks } from './scope-of-pull.ts'

/**
 * The syncs that make the inner rows which a row of the store lacks, after the sync that makes it with those that it begins with: of
 * the values that inner rows choose from, and then of the inner rows. Each is a sync like any other, by its own name, and only makes.
 */
export const innerSyncs = (catalog: Catalog, spec: SyncSpec): readonly SyncSpec[] => {
  const nest = chosenNest(catalog.resources.get(spec.resource))
  if (!nest || !spec.group || !spec.create || spec.partOf) return []
  const { parts: _parts, ...rest } = spec
  const { resource, key: parentKey, keyRules, filter } = spec
  const moot = {
    moot: `it has rows only where some are lacking; a source that is wrong as a whole is seen by ${spec.name}`,
  }
  const { sentinels: _ofParents, ...guards } = { ...spec.guards, maxSourceDrop: moot }
  return [nest.values.resource, nest.resource].map((name) => {
    const { link = '', key = [] } = catalog.resources.get(name)?.part ?? {}
    return {
      ...rest,
      name: `${spec.name}.${name}`,
      resource: name,
      key: Object.fromEntries([link, ...key].map((field) => [field, field])),
      fields: {},
      partOf: { resource, key: parentKey, ...(keyRules ? { keyRules } : {}), filter },
      createDefaults: {},
      remove: 'never' as const,
      guards,
      filter: { equals: {} },
    }
  })
}

/** Whether the rows of a sync are inner rows or what they choose from, and not parts that stand in columns. */
export const isInner = (catalog: Catalog, { group, partOf, resource }: SyncSpec): boolean => {
  const nest = partOf && group && chosenNest(catalog.resources.get(partOf.resource))
  return nest !== undefined && [nest.resource, nest.values.resource].includes(resource)
}

interface Known {
  readonly catalog: Catalog
  readonly mirror: Mirror
  /** Moment since which the mirror is true. */
  readonly asOf: string
}

/**
 * What the rows of a source lack in the store, as rows of their own. What a row that is not there brings along comes with it. What
 * cannot be made is rejected, and what waits for another sync too.
 */
export async function* innerAsRows(
  source: Source,
  known: Known,
  spec: SyncSpec,
): AsyncGenerator<readonly SourceItem[]> {
  const book = bookOf(known, spec)
  const rowsOf = spec.resource === book.nest.resource ? lackingRows : lackingValues
  for await (const items of source.read()) {
    yield items.flatMap((item) => {
      const judged = 'row' in item ? judge(book, item.row) : undefined
      return judged ? rowsOf(book, judged) : []
    })
  }
}

/**
 * Asks the store for the values of those rows that lack something. A pull leaves them out, because they make its pages small, and
 * the mirror knows only those that an inner row has.
 */
export const readChosen = async (
  context: Context,
  side: StoreSide,
  spec: SyncSpec,
  source: Source,
  run: string,
): Promise<void> => {
  const book = bookOf({ catalog: context.catalog, mirror: side.mirror, asOf: '' }, spec)
  const keys = new Set<Value>()
  for await (const items of source.read()) {
    for (const item of items) {
      const judged = 'row' in item ? judge(book, item.row) : undefined
      if (judged?.verdicts.some(({ kind }) => kind === 'new' || kind === 'lacking')) keys.add(judged.id)
    }
  }
  const { name, fields } = book.values
  const [task] = pullTasks(context.catalog, [name, fields[book.nest.values.option]?.ref ?? name])
  const key = book.parent.key[0] ?? 'id'
  if (task && keys.size) {
    const reading = { task, purpose: 'read' as const, run }
    await readByKeys(
      context,
      side,
      reading,
      [...keys].map((id) => ({ [key]: id })),
    )
  }
}

/** What judging the rows of a source needs to know. */
interface Book extends Known {
  readonly spec: SyncSpec
  readonly parent: Resource
  readonly inner: Resource
  readonly values: Resource
  readonly nest: ChosenNest
  readonly parents: Lookup
  /** Rows by the name that every inner row has, of the inner rows and of the parents that share the names. */
  readonly named: readonly { readonly rows: Lookup; readonly link: string }[]
  /** Keys of parents that the mirror cannot know yet as they are. */
  readonly young: ReadonlySet<string>
}

const bookOf = (known: Known, spec: SyncSpec): Book => {
  const { catalog, mirror, asOf } = known
  const parent = resourceOf(catalog, spec.partOf?.resource ?? '')
  const nest = chosenNest(parent)
  if (!nest) throw new TypeError(`${parent.name} has no inner rows that choose`)
  const inner = resourceOf(catalog, nest.resource)
  const { made } = nest
  return {
    ...known,
    spec,
    parent,
    inner,
    nest,
    values: resourceOf(catalog, nest.values.resource),
    parents: mirror.lookup(parent, Object.keys(spec.partOf?.key ?? {})),
    named: [
      { rows: mirror.lookup(inner, [made]), link: linkOf(inner) },
      ...(parent.match.includes(made) ? [{ rows: mirror.lookup(parent, [made]), link: parent.key[0] ?? 'id' }] : []),
    ],
    young: youngParents(mirror, parent, asOf),
  }
}

const resourceOf = ({ resources }: Catalog, name: string): Resource => {
  const found = resources.get(name)
  if (!found) throw new TypeError(`there is no resource ${name}`)
  return found
}

const linkOf = ({ api }: Resource): string => api.within?.link ?? ''

/** A row of the source with what becomes of each of its inner rows. */
interface Judged {
  readonly row: SourceRow
  /** The parent's key. */
  readonly id: Value
  readonly wanted: readonly WantedRow[]
  readonly verdicts: readonly ChoiceVerdict[]
  readonly values: readonly Values[]
}

/** Undefined for a row that the store does not have, or of whose inner rows the mirror knows none yet. */
const judge = (book: Book, row: SourceRow): Judged | undefined => {
  const { nest, parent, inner, values, mirror, spec } = book
  const rows = row.nested?.[nest.resource] ?? []
  if (!rows.length || (row.command !== undefined && row.command !== 'update')) return undefined
  const [found, ...others] = book.parents.find(row.key)
  if (!found || others.length || !spec.partOf || !passesFilter(spec.partOf.filter, found.values)) return undefined
  const id = found.values[parent.key[0] ?? 'id'] ?? null
  const there = mirror.rowsWhere(inner, linkOf(inner), id)
  if (!there.length) return undefined
  const known = mirror.rowsWhere(values, linkOf(values), id)
  const wanted = rows.map((one, at) => wantedOf(nest, one, row.nestedFrom?.[at]?.isMade ?? false))
  const limits = { rows: nest.most, values: nest.values.most }
  const verdicts = judgeChoices(heldOf(book, there, known), wanted, limits, (name) => holderOf(book, id, name))
  return { row, id, wanted, verdicts, values: known }
}

const wantedOf = ({ made, choices, values: { choice } }: ChosenNest, row: Values, isMade: boolean): WantedRow => ({
  name: String(row[made] ?? ''),
  isMade,
  choices: choicesOf(row[choices], choice),
})

const heldOf = (
  { nest: { made, choices, values: facts }, values: { key } }: Pick<Book, 'nest' | 'values'>,
  rows: readonly Values[],
  values: readonly Values[],
): HeldFamily => ({
  rows: rows.map((row) => ({
    name: String(row[made] ?? ''),
    choices: elementsOf(row[choices]).map((one) => ({
      id: one[facts.choice.id] ?? null,
      label: String(one[facts.choice.label]),
      option: one[facts.choice.option] ?? null,
      optionName: String(one[facts.choice.optionName]),
    })),
  })),
  values: values.map((row) => ({
    id: row[key[0] ?? 'id'] ?? null,
    label: String(row[facts.label]),
    option: row[facts.option] ?? null,
  })),
})

const elementsOf = (value: Value | undefined): readonly Values[] => (Array.isArray(value) ? (value as Values[]) : [])

/** Who has the name of an inner row that its parent does not have. */
const holderOf = ({ named, nest, parent, mirror }: Book, id: Value, name: string): string | undefined => {
  for (const { rows, link } of named) {
    const [row] = rows.find({ [nest.made]: name })
    if (!row) continue
    const owner = row.values[link] ?? null
    if (owner === id) return `the ${nest.made} of the product itself in the store`
    const label = labelOf(mirror.row(parent, { [parent.key[0] ?? 'id']: owner }) ?? {})
    return `a ${nest.made} of another product in the store, ${JSON.stringify(label ?? owner)}`
  }
  return undefined
}

const lackingRows = (book: Book, judged: Judged): readonly SourceItem[] => {
  const { nest, inner, spec } = book
  const { row, id, wanted, verdicts } = judged
  const waits = book.young.has(String(id)) ? { command: 'skip' as const } : {}
  const told = new Map<string, number>()
  for (const verdict of verdicts)
    if (verdict.kind === 'misfit') told.set(verdict.reason, (told.get(verdict.reason) ?? 0) + 1)
  const items: SourceItem[] = []
  verdicts.forEach((verdict, at) => {
    const want = wanted[at] as WantedRow
    const { line = row.line, standsFor } = row.nestedFrom?.[at] ?? {}
    const key = { [linkOf(inner)]: id, [nest.made]: want.name }
    const reject = (field: 'name' | 'choices', value: string, reason: string): void => {
      items.push({ rejection: { row: line, column: columnsOf(spec, nest, field), value, reason, key } })
    }
    if (verdict.kind === 'new') {
      const { [nest.choices]: _asTold, ...values } = row.nested?.[nest.resource]?.[at] ?? {}
      const initial = { ...values, [nest.choices]: verdict.choices.map((one) => elementOf(nest, one)) }
      const made = standsFor === undefined ? {} : { standsFor }
      items.push({ row: { line, key, values: {}, initial, of: row.key, ...made, ...waits } })
    } else if (verdict.kind === 'lacking') {
      const labels = verdict.values.map(({ optionName, label }) => `${optionName} ${label}`).join(', ')
      const makes = `${spec.name.slice(0, -inner.name.length - 1)}`
      reject('choices', labels, `not a choice in the store yet; \`skiff sync ${makes}\` makes it`)
    } else if (verdict.kind === 'misfit') {
      const count = told.get(verdict.reason)
      // One reason for many rows of a product is told once.
      told.delete(verdict.reason)
      const value = verdict.at === 'name' ? want.name : want.choices.map(({ label }) => label).join(' / ')
      if (count !== undefined) reject(verdict.at, count > 1 ? `${value} and ${count - 1} more` : value, verdict.reason)
    }
  })
  return items
}

const elementOf = ({ values: { choice } }: ChosenNest, one: HeldChoice): Values => ({
  [choice.id]: one.id,
  [choice.label]: one.label,
  [choice.option]: one.option,
  [choice.optionName]: one.optionName,
})

/** What the source says of an inner row: where its name stands, or what it chooses. */
const columnsOf = ({ group }: SyncSpec, { made }: ChosenNest, field: 'name' | 'choices'): string => {
  if (field === 'name' || !group) return group?.fields[made]?.from ?? made
  const { by } = group
  if ('list' in by) return by.list
  return 'chosen' in by ? by.chosen : by.options.map(({ value }) => value).join(', ')
}

/** Each label once, behind those that its option has. */
const lackingValues = (book: Book, { row, id, verdicts, values: known }: Judged): readonly SourceItem[] => {
  const { option, label: labelled, order } = book.nest.values
  const rows = new Map<string, SourceItem>()
  const places = new Map<Value, number>()
  for (const one of known) {
    const of = one[option] ?? null
    places.set(of, Math.max(places.get(of) ?? 0, Number(one[order]) + 1))
  }
  verdicts.forEach((verdict, at) => {
    if (verdict.kind !== 'lacking') return
    for (const { option: of, label, known: count } of verdict.values) {
      const text = `${String(of)}\t${label.normalize('NFC').toLowerCase()}`
      if (rows.has(text)) continue
      const place = places.get(of) ?? count
      places.set(of, place + 1)
      const key = { [linkOf(book.values)]: id, [option]: of, [labelled]: label }
      const initial = { [labelled]: label, [order]: place }
      const line = row.nestedFrom?.[at]?.line ?? row.line
      rows.set(text, { row: { line, key, values: {}, initial, of: row.key } })
    }
  })
  return [...rows.values()]
}
