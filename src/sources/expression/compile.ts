import { Environment, EvaluationError } from '@marcbachmann/cel-js'
import { amountOf } from './amounts.ts'
import { ExpressionFault } from './fault.ts'
import { type ExpressionFunction, MOST_VALUES, type Surroundings, Unusable } from './function.ts'
import { functionsOf } from './functions.ts'
import { type Names, namesIn } from './names.ts'
import { checkTypes } from './types.ts'

/** An expression ready for millions of rows. */
export interface Expression {
  /** The columns that it reads, each once; `evaluate` takes their cells in this order. */
  readonly columns: readonly string[]
  readonly lookups: Names['lookups']
  /**
   * The text that a cell would hold instead.
   * @throws {Unusable} when these cells give none.
   */
  evaluate(cells: readonly string[]): string
}

export interface ExpressionSpec extends Surroundings {
  readonly text: string
  /** The field holds a number. */
  readonly numeric: boolean
}

/**
 * Checks an expression to its types and makes it ready to run. It sees the cells it is given and the tables, and nothing else of
 * the process.
 * @throws {ExpressionFault} when it is none, or would not compute what it says.
 */
export const compileExpression = ({ text, numeric, ...surroundings }: ExpressionSpec): Expression => {
  if (text.length > LONGEST) throw new ExpressionFault(`is longer than ${LONGEST} characters`, 0)
  const functions = new Map(functionsOf(surroundings).map((one) => [one.name, one]))
  const environment = new Environment({ limits: { maxAstNodes: 1000, maxDepth: 50, maxListElements: 100 } })
  for (const one of functions.values()) register(environment, one)
  const parsed = located(() => environment.parse(text))
  const names = namesIn(parsed.ast, functions)
  environment.registerVariable('row', 'map<string, string>')
  for (const name of names.plain) environment.registerVariable(name, 'string')
  const checked = parsed.check()
  if (!checked.valid) located(() => fail(checked.error))
  const declared = surroundings.format !== undefined
  checkTypes(parsed.ast, functions, { text, declared, numeric })

  const columns = [...names.columns]
  const record = new Map<string, string>()
  const context = new Map<string, unknown>([['row', record]])
  return {
    columns,
    lookups: names.lookups,
    evaluate: (cells) => {
      for (const [index, name] of columns.entries()) {
        const cell = cells[index] ?? ''
        record.set(name, cell)
        if (name !== 'row') context.set(name, cell)
      }
      try {
        return resultText(parsed(context as never))
      } catch (error) {
        if (error instanceof EvaluationError) throw new Unusable(error.summary)
        throw error
      }
    },
  }
}

const LONGEST = 10_000

const register = (
  environment: Environment,
  { name, params, least, repeats, gives, call }: ExpressionFunction,
): void => {
  const takes = params.map((param) => param.takes)
  const handler = (...values: unknown[]): unknown => {
    try {
      // Texts may be given as whole numbers.
      return call(...(values.map((value, index) => (isCount(takes, index) ? value : plain(value))) as never[]))
    } catch (error) {
      if (error instanceof Unusable) throw new Unusable(`${name}: ${error.message}`)
      throw error
    }
  }
  for (let given = least ?? params.length; given <= (repeats ? MOST_VALUES : params.length); given += 1) {
    environment.registerFunction(`${name}(${Array(given).fill('dyn').join(', ')}): ${gives}`, handler, {
      async: false,
    } as never)
  }
}

const isCount = (takes: readonly string[], index: number): boolean => takes[index] === 'count'

const plain = (value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

/** A number with a fraction is one that is written in the expression. */
const resultText = (result: unknown): string =>
  typeof result === 'number' ? (amountOf(result)?.toFixed() ?? '') : String(result)

const fail = (error: unknown): never => {
  throw error
}

/** What the language itself refuses, at its place. */
const located = <T>(step: () => T): T => {
  try {
    return step()
  } catch (error) {
    const { summary, range } = error as { readonly summary?: string; readonly range?: { readonly start: number } }
    if (summary === undefined) throw error
    const hint = summary.startsWith(MIXED) ? '; a column is text: amounts take cmp, add, sub, mul and div' : ''
    throw new ExpressionFault(`${summary}${hint}`, range?.start ?? 0)
  }
}

const MIXED = 'no such overload'
