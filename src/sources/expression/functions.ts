import { amountFunctions } from './amounts.ts'
import { dayFunctions } from './days.ts'
import type { ExpressionFunction, Surroundings } from './function.ts'
import { lookupFunctions } from './lookups.ts'
import { patternFunctions } from './patterns.ts'
import { textFunctions } from './texts.ts'
import { unitFunctions } from './units.ts'

/** Everything that an expression may call, besides `size`, `string`, `int` and the methods of texts. */
export const functionsOf = (surroundings: Surroundings): readonly ExpressionFunction[] => [
  ...amountFunctions(surroundings),
  ...textFunctions(),
  ...patternFunctions(),
  ...unitFunctions(surroundings),
  ...dayFunctions(),
  ...lookupFunctions(surroundings),
]
