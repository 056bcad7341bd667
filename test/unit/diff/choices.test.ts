import { describe, expect, it } from 'vitest'
import { type HeldFamily, judgeChoices, type WantedRow } from '../../../src/diff/choices.ts'

const value = (optionName: string, option: number, label: string, id: number) => ({ id, label, option, optionName })
const S = value('Size', 1, 'S', 11)
const M = value('Size', 1, 'M', 12)
const BLUE = value('Colour', 2, 'Blue', 21)
const shirt: HeldFamily = {
  rows: [
    { name: 'SH-S', choices: [S, BLUE] },
    { name: 'SH-M', choices: [M, BLUE] },
  ],
  values: [{ id: 22, label: 'Green', option: 2 }],
}
const wants = (name: string, size: string, colour: string, isMade = false): WantedRow => ({
  name,
  isMade,
  choices: [
    { option: 'Size', label: size },
    { option: 'Colour', label: colour },
  ],
})
const judge = (held: HeldFamily, wanted: readonly WantedRow[], limits = { rows: 600, values: 250 }) =>
  judgeChoices(held, wanted, limits, (name) => (name === 'TAKEN' ? 'that of another product' : undefined))
const reasons = (held: HeldFamily, wanted: readonly WantedRow[], limits?: { rows: number; values: number }) =>
  judge(held, wanted, limits).map((one) => (one.kind === 'misfit' ? [one.at, one.reason] : one.kind))

describe('a variant of the source', () => {
  it('is the store’s by its name, whatever it chooses, and by its choice where its name was made up', () => {
    expect(reasons(shirt, [wants('sh-s', 'Small', 'Navy'), wants('shirt-M-Blue', 'm', 'BLUE', true)])).toEqual([
      'there',
      'there',
    ])
  })

  it('is made of the values that the options have, also of one that no variant stands for', () => {
    expect(judge(shirt, [wants('SH-S-G', 's', 'green')])).toEqual([
      { kind: 'new', choices: [S, { id: 22, label: 'Green', option: 2, optionName: 'Colour' }] },
    ])
  })

  it('waits for the labels that its options lack', () => {
    expect(judge(shirt, [wants('SH-L-R', 'L', 'Red')])).toEqual([
      {
        kind: 'lacking',
        values: [
          { option: 1, optionName: 'Size', label: 'L', known: 2 },
          { option: 2, optionName: 'Colour', label: 'Red', known: 2 },
        ],
      },
    ])
  })

  it('is never made a second time under another name', () => {
    expect(reasons(shirt, [wants('NEW', 'S', 'Blue')])).toEqual([
      ['name', '"SH-S" in the store, where it is to be changed'],
    ])
    expect(reasons(shirt, [wants('SH-M', 'S', 'Blue')])).toEqual([
      ['name', 'what another variant is called in the store, one of Size M, Colour Blue'],
    ])
  })

  it('is not made with a name that something else has', () => {
    const twice = ['name', 'what two rows of one product are called']
    expect(reasons(shirt, [wants('TAKEN', 'S', 'Green'), wants('N', 'M', 'Green'), wants('n', 'L', 'Green')])).toEqual([
      ['name', 'that of another product'],
      twice,
      twice,
    ])
    const chosen = ['choices', 'chosen by two rows of one product']
    expect(reasons(shirt, [wants('N', 'M', 'Green'), wants('O', 'm', 'GREEN')])).toEqual([chosen, chosen])
  })

  it('is not made where it would need another option', () => {
    const size = { name: 'X', isMade: false, choices: [{ option: 'Size', label: 'L' }] }
    expect(reasons(shirt, [size])).toEqual([
      [
        'choices',
        'a choice by other options than the product has in the store: Size, Colour. An option cannot be added without taking the variants away; do it in the store',
      ],
    ])
    expect(reasons({ rows: [{ name: 'SH', choices: [] }], values: [] }, [size])).toEqual([
      [
        'choices',
        'a choice, and the product has no options in the store. An option cannot be added without taking the variants away; do it in the store',
      ],
    ])
  })

  it('is not made beyond the limits of the store, none of those that would be', () => {
    const two = [wants('A', 'S', 'Green'), wants('B', 'M', 'Green'), wants('SH-S', 'S', 'Blue')]
    const most = 'one of 4 that the product would have, and 3 is the most'
    expect(reasons(shirt, two, { rows: 3, values: 9 })).toEqual([['choices', most], ['choices', most], 'there'])
    expect(reasons(shirt, two, { rows: 4, values: 9 })).toEqual(['new', 'new', 'there'])
    expect(reasons(shirt, [wants('A', 'L', 'Green'), wants('B', 'S', 'Red')], { rows: 9, values: 2 })).toEqual([
      ['choices', 'more than the 2 values that Size, Colour can have'],
      ['choices', 'more than the 2 values that Size, Colour can have'],
    ])
  })
})
