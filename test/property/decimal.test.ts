import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canonicalDecimal,
  compareDecimals,
  fromUnits,
  percentChange,
  places,
  roundDecimal,
  toUnits,
} from '../../src/model/index.ts'

const units = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })

describe('decimals', () => {
  it('survive the way to ten-thousandths and back', () => {
    fc.assert(fc.property(units, (value) => toUnits(fromUnits(value)) === value))
  })

  it('have one text for one amount, however they are written', () => {
    fc.assert(
      fc.property(units, fc.nat(5), fc.nat(3), (value, zeros, lead) => {
        const text = fromUnits(value)
        const padded = `${text.startsWith('-') ? '-' : ''}${'0'.repeat(lead)}${text.replace('-', '')}${text.includes('.') ? '' : '.0'}${'0'.repeat(zeros)}`
        expect(canonicalDecimal(padded)).toBe(text)
      }),
    )
  })

  it('read from JSON numbers are what the number shows', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n }), (value) => {
        const text = fromUnits(value)
        expect(canonicalDecimal(Number(text))).toBe(text)
      }),
    )
  })

  it('compare as numbers do', () => {
    fc.assert(
      fc.property(
        units,
        units,
        (a, b) => Math.sign(compareDecimals(fromUnits(a), fromUnits(b))) === (a < b ? -1 : a > b ? 1 : 0),
      ),
    )
  })

  it('round half up, away from zero', () => {
    expect(roundDecimal('10.99999', 4)).toBe('11')
    expect(roundDecimal('10.99994', 4)).toBe('10.9999')
    expect(roundDecimal('1.005', 2)).toBe('1.01')
    expect(roundDecimal('-1.005', 2)).toBe('-1.01')
    fc.assert(
      fc.property(units, fc.nat(3), (value, digits) => places(roundDecimal(fromUnits(value), digits)) <= digits),
    )
  })

  it.each(['', ' ', '1,2', '1e3', '0x10', 'NaN', 'Infinity', '--1', '1.', '.5', '1.2.3', '12,9O'])(
    'are not made of %j',
    (text) => {
      expect(canonicalDecimal(text)).toBeUndefined()
    },
  )

  it('tell how far apart two amounts are', () => {
    expect(percentChange('100', '87.5')).toBe(-12.5)
    expect(percentChange('0', '1')).toBe(Number.POSITIVE_INFINITY)
    expect(percentChange('0', '0')).toBe(0)
  })
})
