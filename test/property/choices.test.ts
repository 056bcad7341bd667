import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choiceText, type HeldChoice, type HeldFamily, judgeChoices, type WantedRow } from '../../src/diff/choices.ts'

const LABELS = ['S', 'M', 'L', 's', 'XL'] as const
const COLOURS = ['Red', 'Blue', 'red', 'Grün'] as const
const NAMES = ['a', 'A', 'b', 'c', 'd', 'e', 'other'] as const
const LIMITS = { rows: 6, values: 4 }

const wanted: fc.Arbitrary<WantedRow> = fc.record({
  name: fc.constantFrom(...NAMES),
  isMade: fc.boolean(),
  choices: fc
    .tuple(fc.constantFrom(...LABELS), fc.constantFrom(...COLOURS), fc.boolean())
    .map(([size, colour, turned]) => {
      const choices = [
        { option: 'Size', label: size },
        { option: 'Colour', label: colour },
      ]
      return turned ? choices.reverse() : choices
    }),
})

const folded = (text: string): string => text.toLowerCase()

/** A store that refuses what BigCommerce refuses: a name or a choice that is taken. */
const add = (held: HeldFamily, name: string, choices: readonly HeldChoice[]): HeldFamily => {
  const text = choiceText(choices.map((one) => ({ option: one.optionName, label: one.label })))
  for (const row of held.rows) {
    expect(folded(row.name)).not.toBe(folded(name))
    expect(choiceText(row.choices.map((one) => ({ option: one.optionName, label: one.label })))).not.toBe(text)
  }
  return { ...held, rows: [...held.rows, { name, choices }] }
}

const idOf = (option: number, label: string): number =>
  option * 100 + [...folded(label)].reduce((sum, one) => sum + one.charCodeAt(0), 0)
const heldOf = (rows: readonly WantedRow[]): HeldFamily => {
  let held: HeldFamily = { rows: [], values: [] }
  const met = new Set<string>()
  for (const { name, choices } of rows) {
    if (met.has(folded(name)) || met.has(choiceText(choices)) || name === 'other') continue
    met.add(folded(name)).add(choiceText(choices))
    const ordered = [...choices].sort((a, b) => (a.option < b.option ? 1 : -1))
    held = add(
      held,
      name,
      ordered.map(({ option, label }) => {
        const id = option === 'Size' ? 1 : 2
        return { id: idOf(id, label), label, option: id, optionName: option }
      }),
    )
  }
  return held
}

const judge = (held: HeldFamily, rows: readonly WantedRow[]) =>
  judgeChoices(held, rows, LIMITS, (name) => (name === 'other' ? 'that of another' : undefined))

/** Carries out what the verdicts say, values first. */
const carryOut = (before: HeldFamily, rows: readonly WantedRow[]): HeldFamily => {
  let held = before
  for (const verdict of judge(held, rows)) {
    for (const { option, label } of verdict.kind === 'lacking' ? verdict.values : []) {
      if (held.values.some((one) => one.option === option && folded(one.label) === folded(label))) continue
      held = { ...held, values: [...held.values, { id: idOf(Number(option), label), label, option }] }
    }
  }
  judge(held, rows).forEach((verdict, at) => {
    expect(verdict.kind).not.toBe('lacking')
    if (verdict.kind === 'new') held = add(held, rows[at]?.name ?? '', verdict.choices)
  })
  return held
}

const shops = fc.tuple(fc.array(wanted, { minLength: 1, maxLength: 4 }).map(heldOf), fc.array(wanted, { maxLength: 8 }))

describe('judging what a product lacks', () => {
  it('asks for nothing that the store would refuse, and for nothing a second time', () => {
    fc.assert(
      fc.property(shops, ([held, rows]) => {
        fc.pre(held.rows.length > 0)
        const after = carryOut(held, rows)
        expect(after.rows.slice(0, held.rows.length)).toEqual(held.rows)
        expect(after.rows.length).toBeLessThanOrEqual(Math.max(LIMITS.rows, held.rows.length))
        const again = judge(after, rows)
        expect(again.filter(({ kind }) => kind === 'new' || kind === 'lacking')).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('goes neither by case nor by the order of the options', () => {
    fc.assert(
      fc.property(shops, ([held, rows]) => {
        const turned = rows.map((row) => ({
          ...row,
          name: row.name === 'other' ? row.name : row.name.toUpperCase(),
          choices: [...row.choices].reverse().map(({ option, label }) => ({ option: option.toUpperCase(), label })),
        }))
        expect(judge(held, turned).map(({ kind }) => kind)).toEqual(judge(held, rows).map(({ kind }) => kind))
      }),
      { numRuns: 300 },
    )
  })
})
