import { describe, expect, it } from 'vitest'
import { INPUTS } from '../../../proof/inputs/all.ts'
import { GOODS, type Input } from '../../../proof/inputs/goods.ts'
import { examined, type Patient, ruleOf } from './examining.ts'

const STORE = GOODS.map(({ sku, name, price, cost, stock }) => ({
  ...{ sku, name, price, cost_price: cost, inventory_level: Number(stock) },
}))

const patientOf = ({ options = {}, format }: Input): Patient & { readonly key: string } => {
  const isNamed = options.header !== false
  const rule = (name: string, number: string, more = {}) => ruleOf(isNamed ? name : number, { trim: false, ...more })
  return {
    options,
    key: isNamed ? 'SKU' : '1',
    sync: {
      name: rule('Name', '2'),
      price: rule('Price', '3', format && { format }),
      cost_price: rule('Cost', '4', format && { format }),
      inventory_level: rule('Stock', '5', format && { format }),
    },
    store: STORE,
  }
}

/** Right to a plan, which drops these by itself; the doctor names them all the same. By title, without the faults' ids. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  'price " 12.46 " is 12.46': ['spaces 2 Price: " 12.46 " → "12.46"'],
  'stock " 41" is 41': ['spaces 2 Stock: " 41" → "41"'],
  'blanks around a key are no part of it': ['spaces 2 SKU: "  G-01 " → "G-01"'],
  'a tab around a key is no part of it': ['spaces 2 SKU: "\\tG-01" → "G-01"'],
}

const clean = INPUTS.filter(({ says }) => says === '')
const rejected = INPUTS.filter(({ says }) => /^\d/.test(says))
const refused = INPUTS.filter(({ says }) => says.startsWith('refused'))

describe('the doctor', () => {
  it.each(clean.map((input) => [input.title, input] as const))('finds nothing wrong: %s', async (title, input) => {
    expect(await examined(input.file, patientOf(input))).toEqual(NAMED[title.replace(/^[^:]+: /, '')] ?? [])
  })

  it.each(rejected.map((input) => [input.title, input] as const))(
    'finds every row that a plan rejects or holds for its value: %s',
    async (_title, input) => {
      const found = await examined(input.file, patientOf(input))
      const lines = new Set(found.map((one) => one.split(' ')[1]))
      const wanted = input.says.split(' | ').filter((one) => !one.includes('held by'))
      expect(wanted.map((one) => /^\d+/.exec(one)?.[0]).filter((line) => !lines.has(line))).toEqual([])
    },
  )

  it.each(refused.map((input) => [input.title, input] as const))(
    'finds why a plan refuses the file: %s',
    async (_title, input) => {
      expect(await examined(input.file, patientOf(input))).not.toEqual([])
    },
  )
})
