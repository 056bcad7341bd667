import BigJs from 'big.js'
import { type Given, of, quotient } from './amounts.ts'
import {
  amount,
  type ExpressionFunction,
  STORE,
  type Surroundings,
  storeFact,
  type TableReader,
  word,
} from './function.ts'

/** From one unit to another by their exact factors, to the four places that the store keeps. */
export const unitFunctions = ({ tables }: Surroundings): readonly ExpressionFunction[] => [
  conversion(tables, 'weight', { g: '1', kg: '1000', t: '1000000', oz: '28.349523125', lb: '453.59237' }),
  conversion(tables, 'length', { mm: '1', cm: '10', m: '1000', in: '25.4', ft: '304.8' }),
]

const PLACES = 4

const conversion = (
  tables: TableReader,
  name: 'weight' | 'length',
  factors: Readonly<Record<string, string>>,
): ExpressionFunction => {
  const units = Object.keys(factors)
  const factor = (unit: string) => new BigJs(factors[unit] ?? '0')
  return {
    name,
    params: [amount('x'), word('from', units), word('to', [...units, STORE])],
    gives: 'string',
    amount: true,
    ofStore: 'told',
    call: (x: Given, from: string, to: string) =>
      of([x], ([one]) =>
        quotient(one.times(factor(from)), factor(to === STORE ? storeFact(tables, name) : to), PLACES),
      ),
  }
}
