import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { integer, money, type NumberFormat } from '../../src/model/index.ts'
import { fieldReader } from '../../src/sources/cell.ts'
import { compileMapping, mapRow } from '../../src/sources/index.ts'
import { rule, targetFields } from '../unit/sources/reading.ts'

const FORMATS: readonly NumberFormat[] = [
  { decimal: '.' },
  { decimal: ',' },
  { decimal: '.', thousands: ',' },
  { decimal: ',', thousands: '.' },
  { decimal: ',', thousands: ' ' },
  { decimal: '.', thousands: "'" },
]
const aFormat = fc.constantFrom(...FORMATS)
/** Ten-thousandths: every amount that the store can hold. */
const anAmount = fc.bigInt({ min: 0n, max: 9_999_999_999_999n })

/** An independent way to write an amount: from its integer, digit by digit. */
const write = (units: bigint, { decimal, thousands }: NumberFormat): string => {
  const digits = units.toString().padStart(5, '0')
  let whole = ''
  for (const [index, digit] of [...digits.slice(0, -4)].reverse().entries()) {
    whole = digit + (index > 0 && index % 3 === 0 ? (thousands ?? '') : '') + whole
  }
  return `${whole}${decimal}${digits.slice(-4)}`
}

describe('a number', () => {
  it('comes back exactly from every way of writing it', () => {
    fc.assert(
      fc.property(anAmount, aFormat, (units, format) => {
        const cell = fieldReader(money(), rule('x', { format }))(write(units, format))
        const back = 'value' in cell ? String(cell.value) : ''
        const [whole = '', fraction = ''] = back.split('.')
        expect(BigInt(whole + fraction.padEnd(4, '0'))).toBe(units)
      }),
    )
  })

  it('is never another amount in another format, unless the text is good in both', () => {
    fc.assert(
      fc.property(anAmount, aFormat, aFormat, (units, written, declared) => {
        const text = write(units, written)
        const cell = fieldReader(money(), rule('x', { format: declared }))(text)
        if (written.decimal !== declared.decimal && 'value' in cell) {
          // Four decimals are never a group of three, so the other sign can only be refused.
          expect.fail(`${text} was read as ${cell.value}`)
        }
      }),
    )
  })

  it('is taken from no text that is not digits and declared signs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), aFormat, (text, format) => {
        for (const field of [money(), integer()]) {
          const cell = fieldReader(field, rule('x', { format }))(text)
          if ('value' in cell && cell.value !== undefined)
            expect(text.trim()).toMatch(/^-?\d[\d.,' \u00a0\u202f\u2019]*$/)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('a row', () => {
  const mapping = compileMapping({
    key: { sku: 'a' },
    fields: {
      price: rule('b'),
      inventory_level: rule('c'),
      is_visible: rule('d'),
      categories: rule('e'),
      released: rule('f'),
      name: rule('g'),
      condition: rule('h'),
    },
    targetFields,
  })
  const aCell = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', ' ', '0', '-1', '1.5', 'true', '1,2', '2026-03-01', 'New', '\0', '\u200b', '__proto__'),
  )

  it('is taken or rejected with a reason, whatever its cells hold, and never throws', () => {
    fc.assert(
      fc.property(fc.array(aCell, { minLength: 8, maxLength: 8 }), (cells) => {
        const item = mapRow(mapping, 2, cells)
        if ('rejection' in item) expect(item.rejection.reason).not.toBe('')
        else expect(item.row.key['sku']).toBe(cells[0]?.replace(/^[ \t]+|[ \t]+$/g, ''))
      }),
      { numRuns: 1000 },
    )
  })
})
