import { readFileSync } from 'node:fs'
import { type Goal, holds, type Result } from './result.ts'

/** What a ratio may be before somebody looks; noise is part of it. */
interface Budget extends Goal {
  readonly measurement: string
  readonly what: string
}

/**
 * Holds the results of a full-size run against `bench/budgets.json`. Only ratios are compared: seconds belong to one machine.
 * @returns what is beyond its budget, and what has a goal and no budget, a line each
 */
export const beyondBudget = (results: readonly Result[], measurements: readonly string[]): readonly string[] => {
  const budgets = (JSON.parse(readFileSync(FILE, 'utf8')) as Budget[]).filter((one) =>
    measurements.includes(one.measurement),
  )
  const key = ({ measurement, what }: Pick<Budget, 'measurement' | 'what'>): string => `${measurement}: ${what}`
  const byKey = new Map(budgets.map((budget) => [key(budget), budget]))
  const found = new Map(results.map((one) => [key(one), one]))
  return [
    ...results.flatMap((one) => {
      const budget = byKey.get(key(one))
      if (!budget) return one.goal ? [`${key(one)}: ${one.ratio.toFixed(2)}, and no budget is set`] : []
      const isFine = holds(one.ratio, budget)
      return isFine ? [] : [`${key(one)}: ${one.ratio.toFixed(2)}, the budget is ${budget.is} ${budget.value}`]
    }),
    ...budgets.filter((one) => !found.has(key(one))).map((one) => `${key(one)}: has a budget and was not measured`),
  ]
}

const FILE = new URL('budgets.json', import.meta.url)
