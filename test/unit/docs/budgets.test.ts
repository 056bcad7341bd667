import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { beyondBudget } from '../../../bench/budgets.ts'
import { atMost, result } from '../../../bench/result.ts'

const budgets = JSON.parse(readFileSync('bench/budgets.json', 'utf8')) as {
  measurement: string
  what: string
  is: 'at least' | 'at most'
  value: number
}[]
const asBudgeted = (name: string, by = 1) =>
  budgets
    .filter(({ measurement }) => measurement === name)
    .map(({ what, is, value }) => result(name, what, is === 'at most' ? value * by : value / by, { is, value }, {}))

describe('the budgets of the bench', () => {
  it('let ratios pass that are as they say', () => {
    for (const name of new Set(budgets.map(({ measurement }) => measurement)))
      expect(beyondBudget(asBudgeted(name), [name])).toEqual([])
  })

  it('tell each ratio that is beyond its own, one that has none, and one that was not measured', () => {
    const [first, ...others] = asBudgeted('start-up', 2)
    expect(beyondBudget([first as never, ...others], ['start-up'])).toEqual([
      expect.stringMatching(/^start-up: skiff --help .*: 6\.40, the budget is at most 3\.2$/),
    ])
    expect(beyondBudget([result('start-up', 'new', 2, atMost(1), {})], ['start-up'])).toEqual([
      'start-up: new: 2.00, and no budget is set',
      expect.stringContaining('has a budget and was not measured'),
    ])
  })
})
