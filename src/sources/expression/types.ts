import type { ASTNode } from '@marcbachmann/cel-js'
import BigJs from 'big.js'
import { amountOf } from './amounts.ts'
import { ExpressionFault } from './fault.ts'
import { type ExpressionFunction, type Param, Unusable } from './function.ts'

/**
 * Looks at the types that a checked expression has, and refuses what would be computed but not as meant: amounts are text here,
 * so `+` would join them, `<` would compare their letters, and numbers with a fraction are binary unless a function takes them.
 * @param declared Numbers in the source are not plain digits with a point, so each of them goes through `decimal` first.
 * @throws {ExpressionFault}
 */
export const checkTypes = (
  root: ASTNode,
  functions: ReadonlyMap<string, ExpressionFunction>,
  { text, declared, numeric }: { readonly text: string; readonly declared: boolean; readonly numeric: boolean },
): void => {
  const walk = (node: ASTNode, bound: Bound): void => {
    switch (node.op) {
      case 'value':
        checkNumber(node.args, text.slice(node.start, node.end), node.start)
        return
      case 'call': {
        const [name, values] = node.args
        const known = functions.get(name)
        for (const [index, value] of values.entries()) {
          walk(value, bound)
          const param = known?.params[Math.min(index, known.params.length - 1)]
          if (known && param) checkValue(known, param, value)
          if (declared && param?.takes === 'amount') checkRead(value, bound, functions)
        }
        return
      }
      case 'rcall': {
        const [name, receiver, values] = node.args
        const [variable, value, body] = values
        if (name === 'bind' && variable?.op === 'id' && value && body) {
          walk(value, bound)
          walk(body, new Map([...bound, [variable.args, { value, bound }]]))
          return
        }
        for (const inner of [receiver, ...values]) walk(inner, bound)
        return
      }
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        if (!node.args.every((inner) => typeOf(inner) === 'int')) throw arithmetic(node)
        break
      case '<':
      case '<=':
      case '>':
      case '>=':
        if (!node.args.every((inner) => typeOf(inner) === 'int')) {
          throw new ExpressionFault(
            `"${node.op}" compares whole numbers only; for amounts write cmp(a, b) ${node.op} 0`,
            node.start,
          )
        }
        break
    }
    for (const inner of parts(node)) walk(inner, bound)
  }
  walk(root, new Map())
  const type = typeOf(root)
  if (!RESULTS.has(type)) {
    const hint = type.startsWith('list') ? '; join its parts with join(list, ",")' : ''
    throw new ExpressionFault(`gives ${type}, and a field takes a text, a number, true or false${hint}`, root.start)
  }
  if (declared && numeric) checkRead(root, new Map(), functions)
}

/** Names of `cel.bind`, with what they stand for and the names known there. */
type Bound = ReadonlyMap<string, { readonly value: ASTNode; readonly bound: Bound }>

const RESULTS: ReadonlySet<string> = new Set(['string', 'int', 'double', 'bool'])

const TAKES: Readonly<Record<Param['takes'], readonly string[]>> = {
  amount: ['string', 'int', 'double'],
  text: ['string', 'int'],
  count: ['int'],
  list: ['list<string>'],
}

const MEANT: Readonly<Record<Param['takes'], string>> = {
  amount: 'an amount',
  text: 'a text',
  count: 'a whole number',
  list: 'a list of texts',
}

/** A number with a fraction is binary once it is read, and not always the one that is written. */
const checkNumber = (value: unknown, written: string, at: number): void => {
  if (typeof value !== 'number' || new BigJs(written).eq(String(value))) return
  throw new ExpressionFault(`${written} has too many digits for a number; write it in quotes`, at)
}

const checkValue = ({ name }: ExpressionFunction, param: Param, value: ASTNode): void => {
  const type = typeOf(value)
  const here = `${name}: "${param.name}"`
  if (!TAKES[param.takes].includes(type)) {
    throw new ExpressionFault(`${here} must be ${MEANT[param.takes]}, not ${type}`, value.start)
  }
  if (param.literal) {
    if (value.op !== 'value' || typeof value.args !== 'string') {
      throw new ExpressionFault(`${here} must stand here as a text in quotes`, value.start)
    }
    const wrong = param.literal(value.args)
    if (wrong !== undefined) throw new ExpressionFault(`${here} ${wrong}`, value.start)
  }
  if (param.takes === 'amount' && value.op === 'value') {
    try {
      amountOf(value.args as string | number | bigint)
    } catch (cause) {
      if (!(cause instanceof Unusable)) throw cause
      throw new ExpressionFault(`${here}: ${cause.message}`, value.start)
    }
  }
}

/** Text of the source that is taken for an amount was read in the declared format. */
const checkRead = (node: ASTNode, bound: Bound, functions: ReadonlyMap<string, ExpressionFunction>): void => {
  switch (node.op) {
    case 'value':
      return
    case '?:':
      checkRead(node.args[1], bound, functions)
      checkRead(node.args[2], bound, functions)
      return
    case 'id': {
      const meant = bound.get(node.args)
      if (!meant) break
      checkRead(meant.value, meant.bound, functions)
      return
    }
    case 'rcall': {
      const [name, , [variable, value, body]] = node.args
      if (name !== 'bind' || variable?.op !== 'id' || !value || !body) break
      checkRead(body, new Map([...bound, [variable.args, { value, bound }]]), functions)
      return
    }
    case 'call': {
      const [name, values] = node.args
      if (name === 'coalesce') for (const value of values) checkRead(value, bound, functions)
      else if (!functions.get(name)?.amount && typeOf(node) === 'string') break
      return
    }
  }
  if (typeOf(node) !== 'string') return
  throw new ExpressionFault('with "format", an amount of the source is read by decimal(...) first', node.start)
}

const arithmetic = (node: ASTNode & { readonly op: '+' | '-' | '*' | '/' | '%' }): ExpressionFault => {
  const instead = {
    '+': 'add(a, b), and texts concat(a, b)',
    '-': 'sub(a, b)',
    '*': 'mul(a, b)',
    '/': 'div(a, b, places)',
  }
  const hint = node.op === '%' ? '' : `; amounts take ${instead[node.op]}`
  return new ExpressionFault(`"${node.op}" is for whole numbers only${hint}`, node.start)
}

const typeOf = (node: ASTNode): string =>
  (node as { readonly checkedType?: { readonly name: string } }).checkedType?.name ?? 'dyn'

const parts = (node: ASTNode): readonly ASTNode[] => {
  switch (node.op) {
    case 'value':
    case 'id':
    case 'call':
    case 'rcall':
    case '.':
      return []
    case '!_':
    case '-_':
      return [node.args]
    case '[]':
      // A column of the record is known already, and its parts have no types of their own.
      return node.args[0].op === 'id' ? [] : node.args
    default:
      return (node.args as readonly unknown[]).filter((inner): inner is ASTNode => typeof inner === 'object')
  }
}
