import BigJs, { type Big } from 'big.js'
import { numberReader } from '../number.ts'
import {
  amount,
  count,
  type ExpressionFunction,
  type Surroundings,
  storeFact,
  text,
  Unusable,
  word,
} from './function.ts'

/** Exact arithmetic. A blank among the amounts makes the result blank, so nothing is computed from a price that is not there. */
export const amountFunctions = ({ format, tables }: Surroundings): readonly ExpressionFunction[] => {
  const declared = numberReader(format)
  return [
    {
      name: 'decimal',
      params: [text('x')],
      gives: 'string',
      amount: true,
      call: (x: string) => amountText(x === '' ? null : exact(x, declared)),
    },
    {
      name: 'add',
      params: [amount('a'), amount('b')],
      repeats: true,
      gives: 'string',
      amount: true,
      call: (...values: Given[]) => of(values, (amounts) => amounts.reduce((sum, one) => sum.plus(one))),
    },
    computed('sub', ['a', 'b'], (a, b) => a.minus(b)),
    {
      name: 'mul',
      params: [amount('a'), amount('b')],
      repeats: true,
      gives: 'string',
      amount: true,
      call: (...values: Given[]) =>
        of(values, (amounts) => amounts.reduce((product, one) => bounded(product.times(one)))),
    },
    {
      name: 'div',
      params: [amount('a'), amount('b'), count('places')],
      gives: 'string',
      amount: true,
      call: (a: Given, b: Given, places: bigint) => of([a, b], ([x, y]) => quotient(x, y, placesOf(places))),
    },
    computed('percent', ['x', 'p'], (x, p) => x.times(p).times(HUNDREDTH)),
    {
      name: 'round',
      params: [amount('x'), count('places'), word('mode', Object.keys(MODES))],
      least: 2,
      gives: 'string',
      amount: true,
      call: (x: Given, places: bigint, mode = 'half-up') =>
        of([x], ([one]) => one.round(placesOf(places), MODES[mode])),
    },
    {
      name: 'round_store',
      params: [amount('x'), word('mode', Object.keys(MODES))],
      least: 1,
      gives: 'string',
      amount: true,
      ofStore: 'always',
      call: (x: Given, mode = 'half-up') =>
        of([x], ([one]) => one.round(placesOf(BigInt(storeFact(tables, 'places'))), MODES[mode])),
    },
    towards('ceil', (x) => (x.s > 0 ? BigJs.roundUp : BigJs.roundDown)),
    towards('floor', (x) => (x.s > 0 ? BigJs.roundDown : BigJs.roundUp)),
    {
      name: 'money',
      params: [amount('x'), amount('rate'), count('places')],
      least: 2,
      gives: 'string',
      amount: true,
      call: (x: Given, rate: Given, places = 2n) =>
        of([x, rate], ([a, b]) => bounded(a.times(b)).round(placesOf(places), 1)),
    },
    {
      name: 'ending',
      params: [amount('x'), amount('ending'), word('direction', ['nearest', 'up', 'down'])],
      least: 2,
      gives: 'string',
      amount: true,
      call: (x: Given, end: Given, direction = 'nearest') => of([x, end], ([a, b]) => withEnding(a, b, direction)),
    },
    extreme('min', (a, b) => a.lt(b)),
    extreme('max', (a, b) => a.gt(b)),
    {
      name: 'cmp',
      params: [amount('a'), amount('b')],
      gives: 'int',
      call: (a: Given, b: Given) => {
        const [x, y] = [amountOf(a), amountOf(b)]
        if (!x || !y) throw new Unusable('a blank is neither more nor less than an amount')
        return BigInt(x.cmp(y))
      },
    },
  ]
}

/** As an expression hands an amount over: text out of a cell or a function, or a number that is written in the expression. */
export type Given = string | bigint | number

/** Null is blank. @throws {Unusable} when it is no number, or one too long to compute with. */
export const amountOf = (given: Given): Big | null => {
  if (typeof given !== 'string') return numberOf(given)
  const bare = given.trim()
  return bare === '' ? null : exact(bare, plain)
}

/** Blank when one of the amounts is. */
export const of = <const T extends readonly Given[]>(
  values: T,
  compute: (amounts: { readonly [K in keyof T]: Big }) => Big,
): string => {
  const amounts: Big[] = []
  for (const value of values) {
    const one = amountOf(value)
    if (!one) return ''
    amounts.push(one)
  }
  return amountText(compute(amounts as never))
}

/** Rounded half up. */
export const quotient = (a: Big, b: Big, places: number): Big => {
  if (b.eq(0)) throw new Unusable('division by zero')
  Exact.DP = places
  return a.div(b)
}

export const MOST_PLACES = 20

/** Numbers are written in expressions, so there are few of them. */
const numberOf = (given: number | bigint): Big => {
  const known = numbers.get(given)
  if (known) return known
  const made = new Exact(String(given))
  if (numbers.size < 1000) numbers.set(given, made)
  return made
}

const numbers = new Map<number | bigint, Big>()

/** A constructor of our own: its settings are no one else's. */
const Exact = BigJs()
const HUNDREDTH = new Exact('0.01')

const plain = numberReader()

/** Longer numbers are no prices, and arithmetic on them takes long. */
const MOST_DIGITS = 60

const exact = (given: string, read: ReturnType<typeof numberReader>): Big => {
  if (given.length > MOST_DIGITS) throw new Unusable(`a number of more than ${MOST_DIGITS} characters`)
  const number = read(given)
  if ('reason' in number) throw new Unusable(`${JSON.stringify(given)} is ${number.reason}`)
  return new Exact(number.digits)
}

const bounded = (value: Big): Big => {
  if (value.c.length + Math.abs(value.e) > MOST_DIGITS)
    throw new Unusable(`a number of more than ${MOST_DIGITS} digits`)
  return value
}

const amountText = (value: Big | null): string => (value === null ? '' : bounded(value).toFixed())

const placesOf = (places: bigint): number => {
  if (places < 0n || places > BigInt(MOST_PLACES)) throw new Unusable(`places are 0 to ${MOST_PLACES}`)
  return Number(places)
}

const MODES: Readonly<Record<string, 0 | 1 | 2 | 3>> = { 'half-up': 1, 'half-even': 2, down: 0, up: 3 }

const computed = (
  name: string,
  [first, second]: readonly [string, string],
  compute: (a: Big, b: Big) => Big,
): ExpressionFunction => ({
  name,
  params: [amount(first), amount(second)],
  gives: 'string',
  amount: true,
  call: (a: Given, b: Given) => of([a, b], ([x, y]) => compute(x, y)),
})

const towards = (name: string, mode: (x: Big) => 0 | 3): ExpressionFunction => ({
  name,
  params: [amount('x'), count('places')],
  least: 1,
  gives: 'string',
  amount: true,
  call: (x: Given, places = 0n) => of([x], ([one]) => one.round(placesOf(places), mode(one))),
})

const extreme = (name: string, isMore: (a: Big, b: Big) => boolean): ExpressionFunction => ({
  name,
  params: [amount('a'), amount('b')],
  repeats: true,
  gives: 'string',
  amount: true,
  call: (...values: Given[]) =>
    of(values, (amounts) => amounts.reduce((best, one) => (isMore(one, best) ? one : best))),
})

/** The amounts that end so stand one, ten, a hundred... apart, by the digits before the point of the ending. */
const withEnding = (x: Big, ending: Big, direction: string): Big => {
  if (ending.s < 0) throw new Unusable('an ending is not negative')
  const digits = ending.lt(1) ? 0 : ending.e + 1
  const step = new Exact(`1e${digits}`)
  const below = x.lt(ending) ? ending : ending.plus(x.minus(ending).times(`1e-${digits}`).round(0, 0).times(step))
  if (below.gte(x) || direction === 'down') return below
  const above = below.plus(step)
  return direction === 'up' || above.minus(x).lte(x.minus(below)) ? above : below
}
