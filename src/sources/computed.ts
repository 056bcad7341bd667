import { type Field, type FieldRule, UsageError } from '../model/index.ts'
import { type Cell, type CellReader, fieldReader, SHEET_ERROR, withoutBlanks } from './cell.ts'
import { compileExpression } from './expression/compile.ts'
import { ExpressionFault } from './expression/fault.ts'
import { Unusable } from './expression/function.ts'
import { LONGEST } from './expression/texts.ts'
import type { Tables } from './tables.ts'

/** The value of a field that is no column, for one row. */
export interface Computed {
  value(cells: readonly (string | undefined)[]): Cell
  /** The cells that it is computed from, for people. */
  shown(cells: readonly (string | undefined)[]): string
}

interface ComputedField {
  readonly columns: readonly string[]
  readonly read: CellReader
  /** @param places Indexes of `columns` among the cells. */
  at(places: readonly number[]): Computed
}

/**
 * A constant or an expression. Its text means what the text of a cell would, but for the format of numbers: those of an expression
 * are plain digits with a point.
 * @throws {UsageError} when it cannot be the field's value.
 */
export const computeField = (name: string, field: Field, rule: FieldRule, tables: Tables): ComputedField => {
  const { format, ...plain } = rule
  const text = rule.expr
  if (text === undefined) {
    compiled(name, () => ruleFacts(field, rule, tables.names))
    return constant(fieldReader(field, rule), rule.value ?? '')
  }
  const read = fieldReader(field, plain)
  const expression = compiled(name, () => compileExpression({ text, numeric: isNumeric(field), format, tables }))
  for (const { table, column } of expression.lookups) tables.use(table, column)
  const { columns } = expression
  return {
    columns,
    read,
    at: (places) => ({
      value: (cells) => {
        const given: string[] = []
        for (const [index, place] of places.entries()) {
          const cell = cells[place] ?? ''
          const text = rule.trim ? withoutBlanks(cell) : cell
          const reason = unfitCell(text)
          if (reason !== undefined) return { reason: `not computable: ${columns[index]} is ${reason}` }
          given.push(text)
        }
        try {
          return read(expression.evaluate(given))
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
  const { columns, lookups } = compileExpression({
    text: rule.expr,
    numeric: isNumeric(field),
    format: rule.format,
    tables: { names: tables, find: () => undefined },
  })
  return { columns, tables: lookups.map(({ table }) => table) }
}

/** Whether amounts are what the field holds. */
const isNumeric = ({ kind }: Field): boolean => kind === 'money' || kind === 'decimal' || kind === 'integer'

const constant = (read: CellReader, text: string): ComputedField => {
  const cell = read(text)
  return { columns: [], read, at: () => ({ value: () => cell, shown: () => text }) }
}

const compiled = <T>(name: string, compile: () => T): T => {
  try {
    return compile()
  } catch (cause) {
    if (!(cause instanceof ExpressionFault)) throw cause
    throw new UsageError(`${name} cannot be computed: ${cause.message}`, { where: `fields.${name}`, cause })
  }
}

const unfitCell = (text: string): string | undefined => {
  if (text.length > LONGEST) return `longer than ${LONGEST} characters`
  return text[0] === '#' && SHEET_ERROR.test(text) ? 'an error of a spreadsheet formula' : undefined
}
