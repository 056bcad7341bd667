import {
  type ChosenNest,
  type Command,
  type CommandColumn,
  type Field,
  type FieldRule,
  type Grouping,
  isoTime,
  type KeyRule,
  type Part,
  type PartColumn,
  type Rejection,
  type SourceItem,
  UsageError,
  type Value,
  type Values,
} from '../model/index.ts'
import { type Cell, type CellReader, fieldReader, keyReader } from './cell.ts'
import { cellWriter } from './cell-text.ts'
import { chosenColumns, chosenReader, inheritedBy } from './chosen-key.ts'
import { type CommandCell, commandReader } from './command.ts'
import { type Computed, computeField, computeText } from './computed.ts'
import type { Group } from './group.ts'
import type { Inherited } from './inherited.ts'
import { type MomentReading, readMoment } from './moment.ts'
import { nearest } from './nearest.ts'
import { type PictureColumns, type PictureSpec, partsWithPictures, pictureColumns, placePictures } from './pictures.ts'
import { type LookupTables, lookupTables } from './tables.ts'

export interface MappingSpec {
  /** Store field to source column, in key order. */
  readonly key: Readonly<Record<string, string>>
  readonly keyRules?: Readonly<Record<string, KeyRule>>
  readonly fields: Readonly<Record<string, FieldRule>>
  /** The fields of the sync's target, by name. */
  readonly targetFields: Readonly<Record<string, Field>>
  /** How neighbouring rows make one, with what the inner rows are and their fields. */
  readonly group?: Grouping & { readonly nest: ChosenNest; readonly nestFields: Readonly<Record<string, Field>> }
  readonly command?: CommandColumn
  /** Columns that are rows of child resources, by the resource, with the fields of its rows. */
  readonly parts?: Readonly<
    Record<string, { readonly columns: readonly PartColumn[]; readonly fields: Readonly<Record<string, Field>> }>
  >
  /** Where pictures lie, with the resource that they are rows of and its field for the address. */
  readonly images?: PictureSpec
  /** What expressions may look values up in. */
  readonly tables?: LookupTables
}

/** A mapping ready for millions of rows. */
export interface Mapping {
  /** The columns it needs, each once; `mapRow` takes cells in this order. */
  readonly columns: readonly string[]
  /** Those of them that a source may be without: the cell is undefined then. */
  readonly optional: ReadonlySet<string>
  readonly key: readonly Binding[]
  /** The columns that the key is made of. */
  readonly keyColumns: readonly string[]
  readonly fields: readonly Binding[]
  /** The column that says since when the stock figure beside it is true. */
  readonly asOf: MomentBinding | null
  readonly command: CommandBinding | null
  readonly parts: readonly PartBinding[]
  readonly images: PictureColumns | null
  /** Null where each row stands for itself. */
  readonly group: Group | null
  /** Null where each row says all of its key. */
  readonly inherited: Inherited | null
  /** To be called before each reading: reads the tables that expressions look values up in. @throws {SourceRefusedError} */
  prepare(): Promise<void>
}

interface MomentBinding {
  /** Field that holds the figure. */
  readonly field: string
  readonly column: string
  readonly at: number
}

interface CommandBinding {
  readonly column: string
  readonly at: number
  readonly read: ReturnType<typeof commandReader>
  /** Of an expression: takes all cells, instead of `read`. */
  readonly computed: Computed<CommandCell> | null
}

interface PartBinding extends Omit<PartColumn, 'rule'> {
  readonly resource: string
  readonly cell: Binding
}

export interface Binding {
  readonly field: string
  /** The field itself where its value is computed. */
  readonly column: string
  /** Index of the column in `columns`; -1 where the value is computed or constant. */
  readonly at: number
  readonly read: CellReader
  /** The text of a cell that means a value, in the manner of the text that is there; undefined when no text does. */
  readonly write: (value: Value, there: string) => string | undefined
  /** Of a constant or an expression: takes all cells, instead of `read`. */
  readonly computed: Computed | null
  /** Indexes of the columns without which the field says nothing. */
  readonly needs: readonly number[]
}

/** A rule with the field that it is for, and the columns that it reads. */
interface Ruled {
  readonly name: string
  readonly rule: FieldRule
  readonly field: Field
  readonly computed: ReturnType<typeof computeField> | null
  readonly reads: readonly string[]
}

/** @throws {UsageError} when a mapped field does not exist, when the source should write one that nobody can, or at a bad expression. */
export const compileMapping = (spec: MappingSpec): Mapping => {
  const { key, keyRules = {}, fields, targetFields, group, command, images, tables: known = {} } = spec
  const tables = lookupTables(known)
  const fieldOf = (name: string): Field => targetFields[name] ?? unknownField(name, Object.keys(targetFields))
  const ruled = (name: string, rule: FieldRule, field: Field): Ruled => {
    const computed = rule.from === undefined ? computeField(name, field, rule, tables) : null
    return { name, rule, field, computed, reads: computed?.columns ?? [rule.from ?? ''] }
  }
  const rules = Object.entries(fields).map(([name, rule]) => {
    const field = fieldOf(name)
    if (field.readOnly && !field.atCreate && rule.owner !== 'store') throw notWritable(name)
    return ruled(name, rule, field)
  })
  const inner = Object.entries(group?.fields ?? {}).map(([name, rule]) =>
    ruled(name, rule, group?.nestFields[name] ?? unknownField(name, group?.nest.fields ?? [])),
  )
  const parts = Object.entries(spec.parts ?? {}).flatMap(([resource, { columns: all, fields: facts }]) =>
    all.map(({ rule, ...part }) => {
      const field = facts[part.field] ?? unknownField(part.field, Object.keys(facts))
      // A part that is cleared goes as a whole, whatever its field can hold.
      return { ...part, resource, ruled: ruled(part.field, rule, { ...field, nullable: true }) }
    }),
  )
  const read = [...rules, ...inner, ...parts.map((part) => part.ruled)]
  const aged = Object.entries(fields).flatMap(([field, { asOf }]) =>
    typeof asOf === 'object' ? [{ field, column: asOf.column }] : [],
  )
  const keys = Object.entries(key).map(([name, column]) => {
    const { value, expr, chosen, ...meaning } = keyRules[name] ?? {}
    const read = keyReader(fieldOf(name), meaning)
    const computed = expr === undefined ? null : computeText<Cell>(`key.${name}`, expr, read, tables)
    const plain = value === undefined ? [column] : []
    const reads = chosen ? chosenColumns(chosen) : (computed?.columns ?? plain)
    return { name, column, value, read, computed, chosen, reads }
  })
  const keyColumns = [...new Set(keys.flatMap(({ reads }) => reads))]
  const commandRead = command && commandReader(command)
  const told =
    commandRead && command.expr !== undefined ? computeText('command', command.expr, commandRead, tables) : null
  const commandColumns = told?.columns ?? (command?.from === undefined ? [] : [command.from])
  const required = new Set([
    ...keyColumns,
    ...read.flatMap(({ rule, reads }) => (rule.absent === 'ignore' ? [] : reads)),
    ...commandColumns,
    ...(images && images.absent === undefined ? pictureColumns(images) : []),
    ...(group ? columnsOf(group) : []),
    ...aged.filter(({ field }) => fields[field]?.absent === undefined).map(({ column }) => column),
  ])
  const columns = [
    ...new Set([
      ...keyColumns,
      ...commandColumns,
      ...read.flatMap(({ reads }) => reads),
      ...aged.map(({ column }) => column),
      ...(images ? pictureColumns(images) : []),
      ...(group ? columnsOf(group) : []),
    ]),
  ]
  const placeOf = (column: string): number => columns.indexOf(column)
  const bind = (name: string, column: string, read: CellReader, rule?: FieldRule, field = fieldOf(name)): Binding => ({
    field: name,
    column,
    at: placeOf(column),
    read,
    write: cellWriter(field, rule, read),
    computed: null,
    needs: rule?.absent === 'ignore' ? [placeOf(column)] : [],
  })
  const bindKey = ({ name, column, value, read, computed, chosen, reads }: (typeof keys)[number]): Binding => {
    if (computed) return { ...bind(name, column, read), at: -1, computed: computed.at(reads.map(placeOf)) }
    if (chosen) return { ...bind(name, column, read), at: -1, computed: chosenReader(chosen, placeOf) }
    if (value === undefined) return bind(name, column, read)
    const constant = read(value)
    return { ...bind(name, column, () => constant), at: -1 }
  }
  const bindRule = ({ name, rule, field, computed, reads }: Ruled): Binding => {
    if (!computed) return bind(name, rule.from ?? '', fieldReader(field, rule), rule, field)
    const places = reads.map(placeOf)
    return {
      field: name,
      column: name,
      at: -1,
      read: computed.read,
      write: () => undefined,
      computed: computed.at(places),
      needs: rule.absent === 'ignore' ? places : [],
    }
  }
  const innerGroup = ({ nest, ...rest }: NonNullable<MappingSpec['group']>): Group => ({
    by: placesOf(rest.by, placeOf),
    nameAt: 'neighbours' in rest.by ? placeOf(rest.by.neighbours) : null,
    none: rest.none,
    resource: nest.resource,
    choices: nest.choices,
    made: nest.made,
    most: nest.most,
    shared: new Set(nest.fields.filter((name) => targetFields[name] && !targetFields[name].readOnly)),
    fields: inner.map(bindRule),
  })
  return {
    columns,
    optional: new Set(columns.filter((column) => !required.has(column))),
    key: keys.map(bindKey),
    keyColumns,
    fields: rules.map(bindRule),
    asOf: aged.map((one) => ({ ...one, at: placeOf(one.column) }))[0] ?? null,
    command: commandRead
      ? {
          column: command.from ?? 'command',
          at: placeOf(command.from ?? ''),
          read: commandRead,
          computed: told?.at(told.columns.map(placeOf)) ?? null,
        }
      : null,
    parts: parts.map(({ ruled: one, ...part }) => ({ ...part, cell: bindRule(one) })),
    images: images ? placePictures(images, placeOf) : null,
    prepare: () => tables.load(),
    group: group ? innerGroup(group) : null,
    inherited: keys.flatMap(({ chosen }) => (chosen ? [inheritedBy(chosen, placeOf)] : []))[0] ?? null,
  }
}

/** Columns that say which records make a row, and what each of them chooses. */
const columnsOf = ({ by }: Grouping): readonly string[] => {
  if ('list' in by) return [by.list]
  if ('marks' in by) return [by.marks, by.chosen]
  const options = by.options.flatMap(({ name, value }) => ('column' in name ? [name.column, value] : [value]))
  return 'parent' in by ? [by.parent, ...by.names.map(({ column }) => column), ...options] : [by.neighbours, ...options]
}

const placesOf = (by: Grouping['by'], placeOf: (column: string) => number): Group['by'] => {
  if ('list' in by) return { kind: 'parents', at: placeOf(by.list), column: by.list }
  if ('marks' in by) {
    const { marks, above: parent, below: variant, unread, chosen } = by
    const options = { column: chosen, at: placeOf(chosen) }
    return { kind: 'below', at: placeOf(marks), column: marks, parent, variant, unread, options }
  }
  const options = by.options.map(({ name, value }) => ({
    nameAt: 'column' in name ? placeOf(name.column) : null,
    name: 'text' in name ? name.text : null,
    column: value,
    at: placeOf(value),
  }))
  if ('neighbours' in by) return { kind: 'neighbours', at: placeOf(by.neighbours), options }
  const names = by.names.map(({ prefix, column }) => ({ prefix, at: placeOf(column) }))
  return { kind: 'followers', at: placeOf(by.parent), column: by.parent, names, options }
}

/** What a record means: a key and its values, or the first reason why it takes no part. */
export const mapRow = (mapping: Mapping, line: number, cells: readonly (string | undefined)[]): SourceItem => {
  const key: Record<string, Value> = {}
  for (const binding of mapping.key) {
    const cell = cellOf(binding, cells)
    if ('reason' in cell) return { rejection: rejected(binding, line, cells, cell.reason) }
    key[binding.field] = cell.value ?? null
  }
  const told = mapping.command ? cellOf(mapping.command, cells) : NO_COMMAND
  if ('reason' in told)
    return { rejection: { ...rejected(mapping.command as CommandBinding, line, cells, told.reason), key } }
  const { command } = told
  if (isWhole(command)) return { row: { line, key, values: {}, command } }
  const values: Record<string, Value> = {}
  for (const binding of mapping.fields) {
    if (binding.needs.length > 0 && binding.needs.some((at) => cells[at] === undefined)) continue
    const cell = cellOf(binding, cells)
    if ('reason' in cell) return { rejection: { ...rejected(binding, line, cells, cell.reason), key } }
    if (cell.value !== undefined) values[binding.field] = cell.value
  }
  const parts = partsOf(mapping, line, cells)
  if ('rejection' in parts) return { rejection: { ...parts.rejection, key } }
  const all = partsWithPictures(mapping, parts, [cells])
  const row = { line, key: key satisfies Values, values, ...(command ? { command } : {}), ...all }
  const { asOf } = mapping
  if (!asOf || values[asOf.field] === undefined) return { row }
  const moment = momentOf(cells[asOf.at] ?? '')
  if ('reason' in moment) return { rejection: { ...rejected(asOf, line, cells, moment.reason), key } }
  return { row: { ...row, asOf: isoTime(Date.parse(moment.iso)) } }
}

const NO_COMMAND = { command: undefined }

/** Commands for which it does not matter what the other cells of a row say. */
export const isWhole = (command: Command | undefined): command is 'delete' | 'skip' =>
  command === 'delete' || command === 'skip'

const partsOf = (
  { parts }: Mapping,
  line: number,
  cells: readonly (string | undefined)[],
): { readonly parts?: Record<string, Part[]> } | { readonly rejection: Rejection } => {
  if (!parts.length) return {}
  const found: Record<string, Part[]> = {}
  for (const { resource, key, fixed, field, cell: binding } of parts) {
    if (binding.needs.some((at) => cells[at] === undefined)) continue
    const cell = cellOf(binding, cells)
    if ('reason' in cell) return { rejection: rejected(binding, line, cells, cell.reason) }
    if (cell.value === undefined) continue
    const values = cell.value === null ? null : { ...fixed, [field]: cell.value }
    found[resource] = [...(found[resource] ?? []), { key, values, column: binding.column }]
  }
  return { parts: found }
}

/** What a row says where a binding looks. */
const cellOf = <T>(
  { at, read, computed }: { at: number; read: (cell: string) => T; computed: Computed<T> | null },
  cells: readonly (string | undefined)[],
): T | { readonly reason: string } => (computed ? computed.value(cells) : read(cells[at] ?? ''))

const momentOf = (cell: string): MomentReading => {
  const text = cell.trim()
  return text === '' ? { reason: 'blank, and says since when the stock is true' } : readMoment(text)
}

const rejected = (
  { column, at, computed }: Pick<Binding, 'column' | 'at'> & { readonly computed?: Computed<unknown> | null },
  row: number,
  cells: readonly (string | undefined)[],
  reason: string,
): Rejection => ({
  row,
  column,
  value: excerpt(computed ? computed.shown(cells) : (cells[at] ?? '')),
  reason,
})

/** Enough of a cell to know it again. */
const excerpt = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text)

const unknownField = (name: string, known: readonly string[]): never => {
  const near = nearest(name, known)
  throw new UsageError(`there is no field "${name}" to map to`, {
    where: `fields.${name}`,
    hint: near === undefined ? `the fields are ${known.join(', ')}` : `did you mean "${near}"?`,
  })
}

const notWritable = (name: string): UsageError =>
  new UsageError(`the field "${name}" is read-only in the store`, {
    where: `fields.${name}`,
    hint: 'leave it out, or set "owner": "store" to write it to the source',
  })
