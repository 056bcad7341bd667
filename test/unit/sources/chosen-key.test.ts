import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chosenReader } from '../../../src/sources/chosen-key.ts'

const COLUMNS = ['Title', 'Size', 'Colour', 'Called', 'Extra']
const SIZE = { name: { text: 'Size' }, value: 'Size' }
const COLOUR = { name: { text: 'colour' }, value: 'Colour' }
const EXTRA = { name: { column: 'Called' }, value: 'Extra' }
const read = (cells: string[], options = [SIZE, COLOUR, EXTRA]) =>
  chosenReader({ of: 'name', column: 'Title', options }, (column) => COLUMNS.indexOf(column)).value(cells)

describe('a key of a product and its options', () => {
  it('holds the options by their names, without those of blank cells', () => {
    expect(read([' Tee ', 'S', 'Red', '', ' '])).toEqual({ value: [['Tee'], ['colour', 'Red'], ['Size', 'S']] })
    expect(read(['Tee', '', '', 'Fit', ' Slim'])).toEqual({ value: [['Tee'], ['Fit', 'Slim']] })
  })

  it('needs a product, and a name for each option', () => {
    expect(read([' ', 'S', 'Red', '', ''])).toEqual({ reason: 'a blank key' })
    expect(read(['Tee', 'S', 'Red', '', 'Slim'])).toEqual({ reason: 'a choice of an option without a name' })
  })

  it('is the same whatever the order of the columns', () => {
    const cells = fc.tuple(...COLUMNS.map(() => fc.constantFrom('', 'a', 'B', 'é', 'Size', 'x y')))
    const orders = fc.shuffledSubarray([SIZE, COLOUR, EXTRA], { minLength: 3 })
    fc.assert(
      fc.property(cells, orders, (row, order) => {
        fc.pre(!['size', 'colour'].includes(row[3]?.toLowerCase() ?? ''))
        expect(read(row, order)).toEqual(read(row))
      }),
    )
  })
})
