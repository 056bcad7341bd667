import {
  type Field,
  type FieldRule,
  type Grouping,
  isoTime,
  type Nest,
  type Rejection,
  type SourceItem,
  UsageError,
  type Value,
  type Values,
} from '../model/index.ts'
import { type CellReader, fieldReader, keyReader } from './cell.ts'
import { cellWriter } from './cell-text.ts'
import type { Group } from './group.ts'
import { type MomentReading, readMoment } from './moment.ts'
import { nearest } from './nearest.ts'

export interface MappingSpec {
  /** Store field to source column, in key order. */
  readonly key: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, FieldRule>>
  /** The fields of the sync's target, by name. */
  readonly targetFields: Readonly<Record<string, Field>>
  /** How neighbouring rows make one, with what the inner rows are and their fields. */
  readonly group?: Grouping & { readonly nest: Nest; readonly nestFields: Readonly<Record<string, Field>> }
}

/** A mapping ready for millions of rows. */
export interface Mapping {
  /** The columns it needs, each once; `mapRow` takes cells in this order. */
  readonly columns: readonly string[]
  readonly key: readonly Binding[]
  readonly fields: readonly Binding[]
  /** The column that says since when the stock figure beside it is true. */
  readonly asOf: MomentBinding | null
  /** Null where each row stands for itself. */
  readonly group: Group | null
}

interface MomentBinding {
  /** Field that holds the figure. */
  readonly field: string
  readonly column: string
  readonly at: number
}

export interface Binding {
  readonly field: string
  readonly column: string
  /** Index of the column in `columns`. */
  readonly at: number
  readonly read: CellReader
  /** The text of a cell that means a value, in the manner of the text that is there; undefined when no text does. */
  readonly write: (value: Value, there: string) => string | undefined
}

/** @throws {UsageError} when a mapped field does not exist, or when the source should write one that nobody can. */
export const compileMapping = ({ key, fields, targetFields, group }: MappingSpec): Mapping => {
  const aged = Object.entries(fields).flatMap(([field, { asOf }]) =>
    typeof asOf === 'object' ? [{ field, column: asOf.column }] : [],
  )
  const columns = [
    ...new Set([
      ...Object.values(key),
      ...Object.values(fields).map(({ from }) => from),
      ...aged.map(({ column }) => column),
      ...(group ? columnsOf(group) : []),
    ]),
  ]
  const fieldOf = (name: string): Field => targetFields[name] ?? unknownField(name, Object.keys(targetFields))
  const bind = (name: string, column: string, read: CellReader, rule?: FieldRule, field = fieldOf(name)): Binding => ({
    field: name,
    column,
    at: columns.indexOf(column),
    read,
    write: cellWriter(field, rule, read),
  })
  const inner = ({ nest, nestFields, ...rest }: NonNullable<MappingSpec['group']>): Group => ({
    by:
      'list' in rest.by
        ? { kind: 'parents', at: columns.indexOf(rest.by.list), column: rest.by.list }
        : {
            kind: 'neighbours',
            at: columns.indexOf(rest.by.neighbours),
            options: rest.by.options.map(({ name, value }) => ({
              nameAt: 'column' in name ? columns.indexOf(name.column) : null,
              name: 'text' in name ? name.text : null,
              column: value,
              at: columns.indexOf(value),
            })),
          },
    nameAt: columns.indexOf('list' in rest.by ? (Object.values(key)[0] ?? '') : rest.by.neighbours),
    none: rest.none,
    resource: nest.resource,
    choices: nest.choices,
    made: nest.made,
    most: nest.most,
    shared: new Set(nest.fields.filter((name) => targetFields[name] && !targetFields[name].readOnly)),
    fields: Object.entries(rest.fields).map(([name, rule]) => {
      const field = nestFields[name] ?? unknownField(name, nest.fields)
      return bind(name, rule.from, fieldReader(field, rule), rule, field)
    }),
  })
  return {
    columns,
    key: Object.entries(key).map(([name, column]) => bind(name, column, keyReader(fieldOf(name)))),
    fields: Object.entries(fields).map(([name, rule]) => {
      const field = fieldOf(name)
      if (field.readOnly && rule.owner !== 'store') throw notWritable(name)
      return bind(name, rule.from, fieldReader(field, rule), rule)
    }),
    asOf: aged.map((one) => ({ ...one, at: columns.indexOf(one.column) }))[0] ?? null,
    group: group ? inner(group) : null,
  }
}

const columnsOf = ({ by, fields }: Grouping): readonly string[] => [
  ...('list' in by
    ? [by.list]
    : [by.neighbours, ...by.options.flatMap(({ name, value }) => ('column' in name ? [name.column, value] : [value]))]),
  ...Object.values(fields).map(({ from }) => from),
]

/** What a record means: a key and its values, or the first reason why it takes no part. */
export const mapRow = (mapping: Mapping, line: number, cells: readonly string[]): SourceItem => {
  const key: Record<string, Value> = {}
  for (const binding of mapping.key) {
    const cell = binding.read(cells[binding.at] ?? '')
    if ('reason' in cell) return { rejection: rejected(binding, line, cells, cell.reason) }
    key[binding.field] = cell.value ?? null
  }
  const values: Record<string, Value> = {}
  for (const binding of mapping.fields) {
    const cell = binding.read(cells[binding.at] ?? '')
    if ('reason' in cell) return { rejection: { ...rejected(binding, line, cells, cell.reason), key } }
    if (cell.value !== undefined) values[binding.field] = cell.value
  }
  const row = { line, key: key satisfies Values, values }
  const { asOf } = mapping
  if (!asOf || values[asOf.field] === undefined) return { row }
  const moment = momentOf(cells[asOf.at] ?? '')
  if ('reason' in moment) return { rejection: { ...rejected(asOf, line, cells, moment.reason), key } }
  return { row: { ...row, asOf: isoTime(Date.parse(moment.iso)) } }
}

const momentOf = (cell: string): MomentReading => {
  const text = cell.trim()
  return text === '' ? { reason: 'blank, and says since when the stock is true' } : readMoment(text)
}

const rejected = (
  { column, at }: Pick<Binding, 'column' | 'at'>,
  row: number,
  cells: readonly string[],
  reason: string,
): Rejection => ({
  row,
  column,
  value: excerpt(cells[at] ?? ''),
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
