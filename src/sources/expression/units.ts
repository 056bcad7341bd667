import BigJs from 'big.js'
import { type Given, of, quotient } from './amounts.ts'
import { amount, type ExpressionFunction, word } from './function.ts'

/** From one unit to another by their exact factors, to the four places that the store keeps. */
export const unitFunctions = (): readonly ExpressionFunction[] => [
  conversion('weight', { g: '1', kg: '1000', t: '1000000', oz: '28.349523125', lb: '453.59237' }),
  conversion('length', { mm: '1', cm: '10', m: '1000', in: '25.4', ft: '304.8' }),
]

const PLACES = 4

const conversion = (name: string, factors: Readonly<Record<string, string>>): ExpressionFunction => {
  const units = Object.keys(factors)
  const factor = (unit: string) => new BigJs(factors[unit] ?? '0')
  return {
    name,
    params: [amount('x'), word('from', units), word('to', units)],
    gives: 'string',
    amount: true,
    call: (x: Given, from: string, to: string) =>
      of([x], ([one]) => quotient(one.times(factor(from)), factor(to), PLACES)),
  }
}
