import { Big } from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FieldRule, flag, ids, integer, money, sameValue, text, type Value } from '../../src/model/index.ts'
import { fieldReader } from '../../src/sources/cell.ts'
import { cellWriter } from '../../src/sources/cell-text.ts'
import { compileExpression } from '../../src/sources/expression/compile.ts'
import { OF_STORE } from '../../src/sources/expression/function.ts'
import { rule } from '../unit/sources/reading.ts'

const compile = (expression: string) =>
  compileExpression({ text: expression, numeric: false, tables: { names: [], find: () => undefined } })

/** Units of so many places, written digit by digit. */
const written = (units: bigint, places: number): string => {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  return `${units < 0n ? '-' : ''}${whole}${places ? `.${digits.slice(digits.length - places)}` : ''}`
}
/** The units of a decimal at so many places. */
const unitsOf = (amount: string, places: number): bigint => {
  const [whole = '', fraction = ''] = amount.split('.')
  expect(fraction.length).toBeLessThanOrEqual(places)
  return BigInt(`${whole}${fraction.padEnd(places, '0')}`)
}
const anAmount = fc.bigInt({ min: -9_999_999_999n, max: 9_999_999_999n })
const aPositive = fc.bigInt({ min: 1n, max: 9_999_999_999n })
const abs = (x: bigint): bigint => (x < 0n ? -x : x)

describe('arithmetic on amounts', () => {
  const [add, sub, mul, cmp, least, most] = [
    ...['add(A, B)', 'sub(A, B)', 'mul(A, B)', 'string(cmp(A, B))', 'min(A, B)', 'max(A, B)'],
  ].map((one) => compile(one))

  it('is that of whole numbers of their smallest unit', () => {
    fc.assert(
      fc.property(anAmount, anAmount, (a, b) => {
        const cells = [written(a, 4), written(b, 4)]
        expect(unitsOf(add?.evaluate(cells) ?? '', 4)).toBe(a + b)
        expect(unitsOf(sub?.evaluate(cells) ?? '', 4)).toBe(a - b)
        expect(unitsOf(mul?.evaluate(cells) ?? '', 8)).toBe(a * b)
        expect(cmp?.evaluate(cells)).toBe(String(a < b ? -1 : a > b ? 1 : 0))
        expect(unitsOf(least?.evaluate(cells) ?? '', 4)).toBe(a < b ? a : b)
        expect(unitsOf(most?.evaluate(cells) ?? '', 4)).toBe(a > b ? a : b)
      }),
    )
  })

  it('takes the store’s unit and decimal places for those that it would have to name', () => {
    const unit = fc.constantFrom('g', 'kg', 't', 'oz', 'lb')
    fc.assert(
      fc.property(anAmount, unit, unit, fc.integer({ min: 0, max: 4 }), (amount, from, own, places) => {
        const facts = new Map([
          ['weight', own],
          ['places', String(places)],
        ])
        const find = (table: string, key: string) => (table === OF_STORE ? facts.get(key) : undefined)
        const of = (text: string) =>
          compileExpression({ text, numeric: true, tables: { names: [], find } }).evaluate([written(amount, 4)])
        expect(of(`weight(A, "${from}", "store")`)).toBe(of(`weight(A, "${from}", "${own}")`))
        expect(of('round_store(A)')).toBe(of(`round(A, ${places})`))
      }),
    )
  })

  it('divides and rounds to the nearest, ties away from zero', () => {
    fc.assert(
      fc.property(anAmount, aPositive, fc.integer({ min: 0, max: 8 }), (a, b, places) => {
        const quotient = unitsOf(compile(`div(A, B, ${places})`).evaluate([written(a, 4), written(b, 4)]), places)
        // |a/b - q| is at most half a unit of the last place, and a tie goes away from zero.
        const scale = 10n ** BigInt(places)
        const twice = 2n * (abs(a) * scale - abs(quotient) * b)
        expect(twice <= b && twice > -b - 1n).toBe(true)
        if (abs(twice) === b) expect(abs(quotient) * b).toBeGreaterThan(abs(a) * scale - 1n)
      }),
    )
  })

  it('rounds in every mode as big.js does, and up and down as their names say', () => {
    const modes = { 'half-up': Big.roundHalfUp, 'half-even': Big.roundHalfEven, up: Big.roundUp, down: Big.roundDown }
    fc.assert(
      fc.property(
        anAmount,
        fc.integer({ min: 0, max: 5 }),
        fc.constantFrom(...(Object.keys(modes) as (keyof typeof modes)[])),
        (a, places, mode) => {
          const x = written(a, 4)
          const rounded = compile(`round(X, ${places}, "${mode}")`).evaluate([x])
          expect(rounded).toBe(new Big(x).round(places, modes[mode]).toFixed().replace(/^-0$/, '0'))
          const [down, up] = [`floor(X, ${places})`, `ceil(X, ${places})`].map(
            (one) => new Big(compile(one).evaluate([x])),
          )
          expect(down?.lte(x) && up?.gte(x)).toBe(true)
          expect(up?.minus(down ?? 0).lte(new Big(10).pow(-places))).toBe(true)
        },
      ),
    )
  })

  it('finds the nearest ending', () => {
    const nearest = compile('ending(X, 0.99)')
    const [up, down] = ['ending(X, 0.99, "up")', 'ending(X, 0.99, "down")'].map((one) => compile(one))
    fc.assert(
      fc.property(aPositive, (a) => {
        const x = written(a, 4)
        const found = unitsOf(nearest.evaluate([x]), 4)
        expect(found % 10_000n).toBe(9900n)
        if (a >= 9900n) expect(abs(found - a)).toBeLessThanOrEqual(5000n)
        expect(unitsOf(up?.evaluate([x]) ?? '', 4)).toBeGreaterThanOrEqual(a)
        const below = unitsOf(down?.evaluate([x]) ?? '', 4)
        expect(below <= a || below === 9900n).toBe(true)
      }),
    )
  })

  it('converts there and back within the last place', () => {
    const there = compile('weight(X, "kg", "lb")')
    const back = compile('weight(X, "lb", "kg")')
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 99_999_999n }), (a) => {
        expect(abs(unitsOf(back.evaluate([there.evaluate([written(a, 4)])]), 4) - a)).toBeLessThanOrEqual(1n)
      }),
    )
  })

  it('gives a number, a blank, or a reason for any cell at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (a, b) => {
        for (const one of [add, sub, mul, least]) {
          try {
            expect(one?.evaluate([a, b])).toMatch(/^(?:-?\d+(?:\.\d+)?)?$/)
          } catch (error) {
            expect((error as Error).message).toMatch(/^\w+: /)
          }
        }
      }),
    )
  })
})

describe('texts', () => {
  it('that were made once stay the same when they are made again', () => {
    const [slug, trim] = ['slug(X)', 'trim(X)'].map((one) => compile(one))
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (x) => {
        const made = slug?.evaluate([x]) ?? ''
        expect(made).toMatch(/^(?:[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*)?$/u)
        expect(slug?.evaluate([made])).toBe(made)
        expect(trim?.evaluate([` ${x}\t`])).toBe(x.trim())
      }),
      { examples: [['STRAẞE']] },
    )
  })

  it('as HTML hold no tag of the cell, and give the text back', () => {
    const html = compile('text_to_html(X)')
    const back = compile('strip_html(text_to_html(X))')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (x) => {
        expect(html.evaluate([x]).replace(/<\/?p>|<br>/g, '')).not.toMatch(/[<>"]|&(?!amp;|lt;|gt;|quot;)/)
        expect(back.evaluate([x])).toBe(x.split(/\s/).filter(Boolean).join(' '))
      }),
    )
  })
})

describe('a cell that is written', () => {
  const FIELDS = [
    { field: money({ nullable: true }), values: fc.option(anAmount.map((a) => new Big(written(a, 4)).toFixed())) },
    { field: integer({ nullable: true }), values: fc.option(fc.integer({ min: -1e9, max: 1e9 })) },
    { field: flag(), values: fc.boolean() },
    { field: text(), values: fc.string({ unit: 'grapheme-ascii' }) },
    { field: ids({ unordered: true }), values: fc.uniqueArray(fc.integer({ min: 1, max: 999 })) },
  ] as const
  const aRule = fc.record({
    blank: fc.constantFrom('keep', 'clear', 'reject'),
    trim: fc.boolean(),
    clear: fc.option(fc.constantFrom(['CLEAR'], ['-', 'n/a']), { nil: undefined }),
    map: fc.option(fc.constantFrom({ none: '0', on: 'true' }, { CLEAR: '5', '': '7' }), { nil: undefined }),
    else: fc.constantFrom('take', 'blank', 'reject'),
  })

  it('reads as the value again, or is not written, whatever words clear the field or stand for others', () => {
    for (const { field, values } of FIELDS) {
      fc.assert(
        fc.property(
          aRule,
          values as fc.Arbitrary<Value>,
          fc.constantFrom('', '1.00', 'yes', 'CLEAR', '1;2'),
          (some, value, there) => {
            const { clear, map, ...rest } = some
            const given = rule('X', { ...rest, ...(clear && { clear }), ...(map && { map }) } as Partial<FieldRule>)
            const read = fieldReader(field, given)
            const cell = cellWriter(field, given, read)(value, there)
            if (cell === undefined) return
            const back = read(cell)
            if ('reason' in back) throw new Error(`${cell} is ${back.reason}`)
            // A cell that says nothing is the nearest to a field that is not set.
            expect(back.value === undefined ? value === null : sameValue(back.value, value)).toBe(true)
            if (value === null && clear) expect(back.value).toBeNull()
          },
        ),
      )
    }
  })
})
