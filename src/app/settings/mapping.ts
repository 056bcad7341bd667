import type { FieldRule } from '../../model/index.ts'
import { ExpressionFault, expressionFacts, ruleFacts } from '../../sources/index.ts'
import type { TargetField } from './fields.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import type { RawRule } from './schema.ts'

/** A field's rule, and the tables that it looks values up in. */
export interface ReadRule {
  readonly rule: FieldRule
  readonly tables: readonly string[]
}

/** Where a field's value comes from: a column, a constant, or an expression, which is checked to its types here. */
export const readRule = (reading: Reading, path: Path, raw: RawRule, target: TargetField | undefined): ReadRule => {
  const given = WAYS.filter((way) => raw[way] !== undefined)
  if (given.length === 0) {
    reading.add(path, 'needs "from" (a column), "value" (a constant) or "expr" (an expression).', 'key')
  } else if (given.length > 1) {
    reading.add(
      [...path, given[1] ?? ''],
      `cannot stand beside "${given[0]}"; a field has one of ${WAYS.join(', ')}.`,
      'key',
    )
  }
  if (raw.else !== undefined && !raw.map) reading.add([...path, 'else'], 'needs "map".', 'key')
  if (raw.absent !== undefined && raw.value !== undefined) {
    reading.add([...path, 'absent'], 'is for columns, and this field has a constant.', 'key')
  }
  checkWayBack(reading, path, raw)
  if (raw.format && raw.format.decimal === raw.format.thousands) {
    reading.add([...path, 'format', 'thousands'], 'is the decimal sign too; name two different signs.')
    return { rule: raw, tables: [] }
  }
  if (given.length !== 1 || given[0] === 'from' || !target) return { rule: raw, tables: [] }
  const at = [...path, given[0] ?? '']
  const facts = checked(reading, at, () => ruleFacts(target.field, raw, reading.names.tables), raw.expr !== undefined)
  if (!facts) return { rule: raw, tables: [] }
  return { rule: raw.expr === undefined ? raw : { ...raw, reads: facts.columns }, tables: facts.tables }
}

/** The tables that an expression of no field looks values up in. */
export const readExpression = (reading: Reading, path: Path, text: string): readonly string[] =>
  checked(reading, path, () => expressionFacts(text, reading.names.tables))?.tables ?? []

/** @param isExpression A fault has its own character. */
const checked = <T>(reading: Reading, path: Path, check: () => T, isExpression = true): T | undefined => {
  try {
    return check()
  } catch (cause) {
    if (!(cause instanceof ExpressionFault)) throw cause
    reading.add(path, `${cause.message}.`, isExpression ? cause.at : undefined)
    return undefined
  }
}

const WAYS = ['from', 'value', 'expr'] as const

const checkWayBack = (reading: Reading, path: Path, raw: RawRule): void => {
  if (raw.from !== undefined || raw.owner === 'source' || !raw.writeBack) return
  const what = raw.expr === undefined ? 'a constant has no cell' : 'an expression cannot be computed backwards'
  reading.add(
    [...path, 'owner'],
    `"${raw.owner}" would write the store’s value back to the source, and ${what}. Add "writeBack": false here to accept the store’s value.`,
  )
}
