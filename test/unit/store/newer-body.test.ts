import { describe, expect, it } from 'vitest'
import { UnexpectedAnswerError } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import { chosenOf, newerBody, soleRow } from '../../../src/store/newer-body.ts'

const { sole, chosen } = catalog.resources.get('variants')?.older?.apart ?? {}

describe('a body of the older API in the newer shape', () => {
  it('has what is told under the newer names, and nothing else', () => {
    const older = { id: 7, text: 'Steel', product_id: 3, url: 'x' }
    expect(newerBody({ id: 'id', value: 'text', gone: 'nowhere' }, older)).toEqual({ id: 7, value: 'Steel' })
  })

  it('has the newer API’s words, and a word that nobody knows as it is', () => {
    const told = { tracking: { at: 'inventory_tracking', words: { simple: 'product' } } }
    expect(newerBody(told, { inventory_tracking: 'simple' })).toEqual({ tracking: 'product' })
    expect(newerBody(told, { inventory_tracking: 'other' })).toEqual({ tracking: 'other' })
  })

  it.each([
    ['a, b,, c ', 'texts', ['a', 'b', 'c']],
    [null, 'texts', []],
    ['', 'texts', []],
    ['-1', 'ids', [-1]],
    ['12,13', 'ids', [12, 13]],
    [[12, 13], 'ids', [12, 13]],
  ] as const)('has the list in %j as %s', (value, list, expected) => {
    expect(newerBody({ some: { at: 'one', list } }, { one: value })).toEqual({ some: expected })
  })

  it('has an address in an object, and none where it is empty', () => {
    const told = { custom_url: { at: 'custom_url', under: 'url' } }
    expect(newerBody(told, { custom_url: '/mug/' })).toEqual({ custom_url: { url: '/mug/' } })
    expect(newerBody(told, { custom_url: '' })).toEqual({ custom_url: null })
  })
})

describe('the row that stands for a product that is sold as it is', () => {
  it('holds what the product tells, under a key that no key of the API can be', () => {
    const row = sole && soleRow(sole, { id: 32, sku: 'MUG', upc: null, price: '1.0000' }, 32)
    expect(row).toMatchObject({ id: -32, product_id: 32, sku: 'MUG', upc: null, option_values: [] })
    expect(row).not.toHaveProperty('price')
  })
})

describe('what a row chooses', () => {
  const options = [{ id: 15, option_id: 4, display_name: 'Size' }]
  const values = [{ id: 17, label: 'Small' }]
  const row = (value: number) => ({ options: [{ product_option_id: 15, option_value_id: value }] })

  it('is told in words', () => {
    expect(chosen && chosenOf(chosen, row(17), options, values)).toEqual([
      { id: 17, label: 'Small', option_id: 15, option_display_name: 'Size' },
    ])
  })

  it('is refused where no list has it', () => {
    expect(() => chosen && chosenOf(chosen, row(18), options, values)).toThrow(UnexpectedAnswerError)
  })
})
