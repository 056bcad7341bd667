import { cents } from './cents.ts'
import { decimals } from './decimals.ts'
import { encoding } from './encoding.ts'
import type { Cell, CellRule, RuleName } from './finding.ts'
import { scientific } from './scientific.ts'
import { spaces } from './spaces.ts'
import { value } from './value.ts'
import { zeros } from './zeros.ts'

interface CellVerdict {
  readonly rule: RuleName
  readonly problem: string
  readonly isRepaired: boolean
}

/** What is wrong with a cell, and its text once everything was repaired that can be. */
export const judgeCell = (cell: Cell): { readonly text: string; readonly verdicts: readonly CellVerdict[] } => {
  const verdicts: CellVerdict[] = []
  let { text } = cell
  for (const [rule, judge] of CELL_RULES) {
    const verdict = judge({ ...cell, text })
    if (verdict === undefined) continue
    if (verdict === 'told') break
    verdicts.push({ rule, problem: verdict.problem, isRepaired: verdict.repair !== null })
    // What only a person can decide keeps the rules behind it from saying the same again.
    if (verdict.repair === null) break
    text = verdict.repair
  }
  return { text, verdicts }
}

/** Each one gets what the ones before it left. */
const CELL_RULES: readonly (readonly [RuleName, CellRule])[] = [
  ['encoding', encoding],
  ['spaces', spaces],
  ['scientific', scientific],
  ['zeros', zeros],
  ['decimals', decimals],
  ['cents', cents],
  ['value', value],
]
