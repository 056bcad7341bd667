import { type Field, type FieldRule, UsageError } from '../model/index.ts'
import { type Cell, type CellReader, fieldReader, SHEET_ERROR, withoutBlanks } from './cell.ts'
import { compileExpression, type Expression, type ExpressionSpec } from './expression/compile.ts'
import { ExpressionFault } from './expression/fault.ts'
import { Unusable } from './expression/function.ts'
import { LONGEST } from './expression/texts.ts'
import type { Tables } from './tables.ts'

/** What is no column, for one row. */
export interface Computed<T = Cell> {
  value(cells: readonly (string | undefined)[]): T | { readonly reason: string }
  /** The cells that it is computed from, for people. */
  shown(cells: readonly (string | undefined)[]): string
}

interface Computation<T> {
  readonly columns: readonly string[]
  /** @param places Indexes of `columns` among the cells. */
  at(places: readonly number[]): Computed<T>
}

interface ComputedField extends Computation<Cell> {
  readonly read: CellReader
}

/**
 * A constant or an expression. Its text means what the text of a cell would, but for the format of numbers: those of an expression
 * are plain digits with a point.
 * @throws {UsageError} when it cannot be the field's value.
 */
export const computeField = (name: string, field: Field, rule: FieldRule, tables: Tables): ComputedField => {
  const { format, expr, trim, ...plain } = rule
  const where = `fields.${name}`
  if (expr === undefined) {
    compiled(where, () => ruleFacts(field, rule, tables.names))
    return constant(fieldReader(field, rule), rule.value ?? '')
  }
  const read = fieldReader(field, { ...plain, trim })
  const expression = compiled(where, () => compileExpression({ text: expr, numeric: isNumeric(field), format, tables }))
  return { ...computation(expression, trim, read, tables), read }
}

/**
 * An expression whose text is read as that of a cell would be.
 * @param where Its place in the configuration.
 * @throws {UsageError} when it is none.
 */
export const computeText = <T>(
  where: string,
  text: string,
  read: (text: string) => T,
  tables: Tables,
): Computation<T> =>
  computation(
    compiled(where, () => compileExpression({ text, numeric: false, tables })),
    true,
    read,
    tables,
  )

const computation = <T>(
  { columns, lookups, evaluate }: Expression,
  trim: boolean,
  read: (text: string) => T,
  tables: Tables,
): Computation<T> => {
  for (const { table, column } of lookups) tables.use(table, column)
  return {
    columns,
    at: (places) => ({
      value: (cells) => {
        const given: string[] = []
        for (const [index, place] of places.entries()) {
          const cell = cells[place] ?? ''
          const text = trim ? withoutBlanks(cell) : cell
          const reason = unfitCell(text)
          if (reason !== undefined) return { reason: `not computable: ${columns[index]} is ${reason}` }
          given.push(text)
        }
        try {
          return read(evaluate(given))
        } catch (error) {
          if (!(error instanceof Unusable)) throw error
          return { reason: `not computable: ${error.message}` }
        }
      },
      shown: (cells) => places.map((place, index) => `${columns[index]}=${cells[place] ?? ''}`).join(', '),
    }),
  }
}

/**
 * What a constant or an expression needs, found out before any source is read.
 * @throws {ExpressionFault} when it cannot be the field's value.
 */
export const ruleFacts = (
  field: Field,
  rule: FieldRule,
  tables: readonly string[],
): { readonly columns: readonly string[]; readonly tables: readonly string[] } => {
  if (rule.expr === undefined) {
    const cell = fieldReader(field, rule)(rule.value ?? '')
    if ('reason' in cell) throw new ExpressionFault(`${JSON.stringify(rule.value)} is ${cell.reason}`, 0)
    return { columns: [], tables: [] }
  }
  return expressionFacts(rule.expr, tables, { numeric: isNumeric(field), format: rule.format })
}

/**
 * The columns that an expression reads, and the tables that it looks values up in.
 * @throws {ExpressionFault} when it is none.
 */
export const expressionFacts = (
  text: string,
  tables: readonly string[],
  meant: Pick<ExpressionSpec, 'numeric' | 'format'> = { numeric: false },
): { readonly columns: readonly string[]; readonly tables: readonly string[] } => {
  const { columns, lookups } = compileExpression({ text, ...meant, tables: { names: tables, find: () => undefined } })
  return { columns, tables: lookups.map(({ table }) => table) }
}

/** Whether amounts are what the field holds. */
const isNumeric = ({ kind }: Field): boolean => kind === 'money' || kind === 'decimal' || kind === 'integer'

const constant = (read: CellReader, text: string): ComputedField => {
  const cell = read(text)
  return { columns: [], read, at: () => ({ value: () => cell, shown: () => text }) }
}

const compiled = <T>(where: string, compile: () => T): T => {
  try {
    return compile()
  } catch (cause) {
    if (!(cause instanceof ExpressionFault)) throw cause
    throw new UsageError(`${where} cannot be computed: ${cause.message}`, { where, cause })
  }
}

const unfitCell = (text: string): string | undefined => {
  if (text.length > LONGEST) return `longer than ${LONGEST} characters`
  return text[0] === '#' && SHEET_ERROR.test(text) ? 'an error of a spreadsheet formula' : undefined
}
