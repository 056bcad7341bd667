import { describe, expect, it } from 'vitest'
import { nearest } from '../../../src/sources/index.ts'

describe('the nearest name', () => {
  it.each([
    ['Prise', 'Price'],
    ['PRICE', 'Price'],
    ['Stok', 'Stock'],
    ['Sku', 'SKU'],
  ])('to %s is %s', (name, expected) => {
    expect(nearest(name, ['SKU', 'Price', 'Stock'])).toBe(expected)
  })

  it('is none where nothing is close', () => {
    expect(nearest('Weight', ['SKU', 'Price', 'Stock'])).toBeUndefined()
    expect(nearest('x', [])).toBeUndefined()
  })
})
