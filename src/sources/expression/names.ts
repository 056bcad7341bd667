import type { ASTNode } from '@marcbachmann/cel-js'
import { nearest } from '../nearest.ts'
import { ExpressionFault } from './fault.ts'
import { type ExpressionFunction, MOST_VALUES, OF_STORE, STORE } from './function.ts'

/** What an expression names. */
export interface Names {
  /** Each once, in the order in which they occur. */
  readonly columns: ReadonlySet<string>
  /** Those of them that are written as plain names. */
  readonly plain: ReadonlySet<string>
  /** Tables with the columns that are looked up in them; null is the one that the configuration names. */
  readonly lookups: readonly { readonly table: string; readonly column: string | null }[]
}

/**
 * Goes through an expression and lets nothing pass but columns, literals, operators and calls of known functions. There are no
 * loops among them, so each part is computed at most once.
 * @throws {ExpressionFault}
 */
export const namesIn = (root: ASTNode, functions: ReadonlyMap<string, ExpressionFunction>): Names => {
  const columns = new Set<string>()
  const plain = new Set<string>()
  const lookups: { table: string; column: string | null }[] = []

  const walk = (node: ASTNode, bound: ReadonlySet<string>): void => {
    switch (node.op) {
      case 'value':
        return
      case 'id':
        if (bound.has(node.args)) return
        if (RECORD.has(node.args)) throw new ExpressionFault(`"${node.args}" needs a column: row["Name"]`, node.start)
        columns.add(node.args)
        plain.add(node.args)
        return
      case '.':
      case '[]': {
        const [inner, name] = node.args
        if (isRecord(inner, bound)) {
          columns.add(columnOf(name, node.start))
          return
        }
        if (typeof name === 'string') throw new ExpressionFault(`texts have no "${name}"`, node.start)
        walk(inner, bound)
        walk(name, bound)
        return
      }
      case 'call': {
        const [name, values] = node.args
        const known = functions.get(name)
        if (!known && !BUILT_IN.has(name)) throw unknown(name, [...functions.keys(), ...BUILT_IN], node.start)
        if (known) checkCount(known, values.length, node.start)
        if (known?.name.startsWith('lookup')) lookups.push(lookupOf(values))
        if (known && asksStore(known, values)) lookups.push({ table: OF_STORE, column: null })
        for (const value of values) walk(value, bound)
        return
      }
      case 'rcall': {
        const [name, receiver, values] = node.args
        if (name === 'bind' && isNamed(receiver, 'cel')) {
          const [variable, value, body] = values
          if (variable?.op !== 'id' || !value || !body)
            throw new ExpressionFault('cel.bind(name, value, result)', node.start)
          if (RECORD.has(variable.args)) throw new ExpressionFault(`"${variable.args}" is taken`, variable.start)
          walk(value, bound)
          walk(body, new Set([...bound, variable.args]))
          return
        }
        if (!METHODS.has(name)) throw unknown(name, [...METHODS], node.start)
        for (const inner of [receiver, ...values]) walk(inner, bound)
        return
      }
      case '!_':
      case '-_':
        walk(node.args, bound)
        return
      case 'list':
      case '?:':
      case '||':
      case '&&':
      case 'in':
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        for (const inner of node.args) walk(inner, bound)
        return
      default:
        throw new ExpressionFault(`"${(node as ASTNode).op}" is not known here`, (node as ASTNode).start)
    }
  }
  walk(root, new Set())
  return { columns, plain, lookups }
}

const RECORD: ReadonlySet<string> = new Set(['row', 'cel'])
const BUILT_IN: ReadonlySet<string> = new Set(['size', 'string', 'int'])
const METHODS: ReadonlySet<string> = new Set(['contains', 'startsWith', 'endsWith', 'size'])

const isNamed = (node: ASTNode, name: string): boolean => node.op === 'id' && node.args === name

const isRecord = (node: ASTNode, bound: ReadonlySet<string>): boolean => isNamed(node, 'row') && !bound.has('row')

const columnOf = (name: string | ASTNode, at: number): string => {
  if (typeof name === 'string') return name
  if (name.op === 'value' && typeof name.args === 'string' && name.args !== '') return name.args
  throw new ExpressionFault('a column is named by a text in quotes: row["Name"]', at)
}

const lookupOf = (values: readonly ASTNode[]): { readonly table: string; readonly column: string | null } => {
  const [table, , column] = values.map((value) => (value.op === 'value' ? String(value.args) : null))
  return { table: table ?? '', column: column ?? null }
}

const asksStore = ({ ofStore }: ExpressionFunction, values: readonly ASTNode[]): boolean =>
  ofStore === 'always' || (ofStore === 'told' && values.some(({ op, args }) => op === 'value' && args === STORE))

const checkCount = (called: ExpressionFunction, given: number, at: number): void => {
  const { name, params, least = params.length, repeats } = called
  if (given >= least && given <= (repeats ? MOST_VALUES : params.length)) return
  throw new ExpressionFault(`${name} takes ${signature(called)}, not ${given} values`, at)
}

/** `round(x, places[, mode])` */
export const signature = ({ params, least = params.length, repeats }: ExpressionFunction): string => {
  const names = params.map(({ name }, index) => (index === 0 ? name : index < least ? `, ${name}` : `[, ${name}]`))
  return `(${names.join('')}${repeats ? ', ...' : ''})`
}

const unknown = (name: string, known: readonly string[], at: number): ExpressionFault => {
  const near = nearest(name, known)
  return new ExpressionFault(
    `there is no function "${name}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    at,
  )
}
