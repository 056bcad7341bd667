import { describe, expect, it } from 'vitest'
import {
  type Field,
  type FieldRule,
  flag,
  ids,
  integer,
  json,
  money,
  text,
  timestamp,
} from '../../../src/model/index.ts'
import { fieldReader, keyReader } from '../../../src/sources/cell.ts'
import { rule } from './reading.ts'

const read = (field: Field, cell: string, more: Partial<FieldRule> = {}) => {
  const answer = fieldReader(field, rule('x', more))(cell)
  return 'reason' in answer ? `! ${answer.reason}` : answer.value
}

describe('a money cell', () => {
  const comma = { format: { decimal: ',' } } as const
  const german = { format: { decimal: ',', thousands: '.' } } as const
  const english = { format: { decimal: '.', thousands: ',' } } as const
  const french = { format: { decimal: ',', thousands: ' ' } } as const
  const swiss = { format: { decimal: '.', thousands: "'" } } as const

  it.each<[string, unknown, Partial<FieldRule>?]>([
    ['12.90', '12.9'],
    [' 12.90\t', '12.9'],
    ['0', '0'],
    ['0012', '12'],
    ['-0', '0'],
    ['1.0005', '1.0005'],
    ['1.00050000', '1.0005'],
    ['12,90', '12.9', comma],
    ['12.90', '! not a number: its signs are not those of "format"', comma],
    ['1.299,00', '1299', german],
    ['1.299.000,5', '1299000.5', german],
    ['1299,00', '1299', german],
    ['1.29,00', '! not a number: its signs are not those of "format"', german],
    ['12.99', '! not a number: its signs are not those of "format"', german],
    ['1,299.00', '1299', english],
    ['12,99', '! not a number: its signs are not those of "format"', english],
    ['1,299,00', '! not a number: its signs are not those of "format"', english],
    ['1 299,5', '1299.5', french],
    ['1\u00a0299,5', '1299.5', french],
    ['1\u202f299\u202f000', '1299000', french],
    ['1 299\u00a0000', '! not a number: its signs are not those of "format"', french],
    ["1'299.5", '1299.5', swiss],
    ['1\u2019299.5', '1299.5', swiss],
  ])('%j means %j', (cell, expected, more) => {
    expect(read(money({ min: 0 }), cell, more)).toBe(expected)
  })

  it('is not set by a zero where the API says so with a zero', () => {
    expect(read(money({ unset: 'zero' }), '0.00')).toBeNull()
  })

  it('refuses a format whose signs are one', () => {
    expect(() => fieldReader(money(), rule('x', { format: { decimal: ',', thousands: ',' } }))).toThrow('both')
  })
})

describe('a blank cell', () => {
  it.each(['', ' ', '\t '])('%j says nothing unless told otherwise, and is never 0', (cell) => {
    for (const field of [money(), integer(), text(), flag(), ids(), timestamp()]) {
      expect(read(field, cell)).toBeUndefined()
    }
  })

  it('rejects its row when told to', () => {
    expect(read(money(), '', { blank: 'reject' })).toBe('! blank')
  })

  it('clears what can be cleared', () => {
    expect(read(money({ nullable: true }), '', { blank: 'clear' })).toBeNull()
    expect(read(text({ unset: 'empty' }), '', { blank: 'clear' })).toBeNull()
    expect(read(text(), ' ', { blank: 'clear' })).toBe('')
    expect(read(ids(), '', { blank: 'clear' })).toEqual([])
    expect(read(money(), '', { blank: 'clear' })).toBe('! blank, and the field cannot be cleared')
    expect(read(text({ min: 1 }), '', { blank: 'clear' })).toBe('! blank, and the field cannot be cleared')
    expect(read(text({ values: ['a'] }), '', { blank: 'clear' })).toBe('! blank, and the field cannot be cleared')
  })

  it('takes the default first', () => {
    expect(read(integer(), '', { default: '7', blank: 'reject' })).toBe(7)
    expect(read(integer(), '', { default: 'x' })).toBe('! not a number')
  })
})

describe('a table of values', () => {
  it('replaces what a cell holds by what is meant', () => {
    const map = { A: 'New', B: 'Used' }
    expect(read(text({ values: ['New', 'Used'] }), ' B ', { map })).toBe('Used')
    expect(read(text({ values: ['New', 'Used'] }), 'C', { map })).toBe('! none of New, Used')
  })

  it('can make a word blank, and a blank a word', () => {
    expect(read(money(), 'N/A', { map: { 'N/A': '' } })).toBeUndefined()
    expect(read(flag(), '', { map: { '': 'no' } })).toBe(false)
  })

  it('does not take the names of an object for entries', () => {
    expect(read(text(), 'constructor', { map: {} })).toBe('constructor')
  })
})

describe('a text cell', () => {
  it('keeps its blanks unless told to trim', () => {
    expect(read(text(), ' a ')).toBe(' a ')
    expect(read(text(), ' a ', { trim: true })).toBe('a')
  })

  it('keeps tabs, line endings and any script', () => {
    const body = 'a\tb\r\nc 日本 \u{1f600} \u200f'
    expect(read(text(), body)).toBe(body)
  })

  it('is not longer than the store takes', () => {
    expect(read(text({ max: 3 }), 'abcd')).toBe('! longer than 3 characters')
  })

  it('is no lone half of a surrogate pair', () => {
    expect(read(text(), 'a\udc00')).toBe('! text with a character that could not be decoded (U+DC00)')
  })
})

describe('an integer cell', () => {
  it.each<[string, unknown, Partial<FieldRule>?]>([
    ['12', 12],
    ['007', 7],
    ['-3', -3],
    ['12.000', '! not a whole number'],
    ['12.000', 12, { format: { decimal: '.' } }],
    ['1.000', 1000, { format: { decimal: ',', thousands: '.' } }],
    ['12.5', '! not a whole number', { format: { decimal: '.' } }],
    ['1e3', '! not a number: it has an exponent'],
  ])('%j means %j', (cell, expected, more) => {
    expect(read(integer(), cell, more)).toBe(expected)
  })
})

describe('a flag cell', () => {
  it.each([
    ['TRUE', true],
    ['yes', true],
    ['1', true],
    ['False', false],
    ['no', false],
    ['0', false],
    ['2', '! not true or false, yes or no, 1 or 0'],
    ['x', '! not true or false, yes or no, 1 or 0'],
  ])('%j means %j', (cell, expected) => {
    expect(read(flag(), cell)).toBe(expected)
  })
})

describe('a cell of ids', () => {
  it.each([
    ['3', [3]],
    ['3,1', [1, 3]],
    ['3|1|3', [1, 3]],
    ['3; 1', [1, 3]],
    ['3,', '! not a list of ids'],
    ['3,x', '! not a list of ids'],
    ['1.5', '! not a list of ids'],
  ])('%j means %j', (cell, expected) => {
    expect(read(ids({ unordered: true }), cell)).toEqual(expected)
  })
})

describe('a cell of a moment', () => {
  it.each([
    ['2026-03-01T14:30:00Z', '2026-03-01T14:30:00Z'],
    ['2026-03-01 14:30:00.25+02:00', '2026-03-01T12:30:00Z'],
    ['2026-03-01', '2026-03-01T00:00:00Z'],
    ['Sun, 01 Mar 2026 14:30:00 +0000', '2026-03-01T14:30:00Z'],
    ['2026-03-01 14:30:00', '! a time without its zone; end it with Z or an offset like +02:00'],
    ['2026-02-30', '! not a day'],
    ['2026-13-01', '! not a day'],
    ['2026-03-01T25:00:00Z', '! not a date and time'],
    ['01/03/2026', '! not a date and time like 2026-01-31T14:30:00Z'],
    ['46000', '! not a date and time like 2026-01-31T14:30:00Z'],
  ])('%j means %j', (cell, expected) => {
    expect(read(timestamp(), cell)).toBe(expected)
  })
})

describe('a cell of JSON', () => {
  it('is parsed, or rejected', () => {
    expect(read(json(), '{"b": 1, "a": [2]}')).toEqual({ a: [2], b: 1 })
    expect(read(json(), '{')).toBe('! not JSON')
  })
})

describe('a key cell', () => {
  const key = (cell: string, field: Field = text()) => keyReader(field)(cell)

  it('D22, D27: keeps leading zeros, case, and letters of any script', () => {
    for (const sku of ['00123', 'aBc', 'Größe 5', '日本-1', 'e\u0301', '\u{1f600}']) {
      expect(key(` ${sku}\t`)).toEqual({ value: sku })
    }
  })

  it('names nothing when it is blank, unless the key says that rows without a value are meant', () => {
    expect(key(' ')).toEqual({ reason: 'a blank key' })
    expect(keyReader(integer(), { blank: 'none' })(' ')).toEqual({ value: null })
    expect(keyReader(integer(), { blank: 'none' })('none')).toEqual({ reason: 'not a number' })
  })

  it('is exact where it is an id', () => {
    expect(key('12', integer())).toEqual({ value: 12 })
    expect(key('12.0', integer())).toEqual({ reason: 'not a whole number' })
  })
})

describe('words of a cell', () => {
  const map = { 'sold out': '0', 'n/a': '' }

  it.each<[string, unknown, Partial<FieldRule>]>([
    ['CLEAR', null, { clear: ['CLEAR'] }],
    [' CLEAR ', null, { clear: ['CLEAR'], trim: true }],
    ['clear', '! not a number', { clear: ['CLEAR'] }],
    ['-', null, { clear: ['CLEAR', '-'] }],
    ['', undefined, { clear: ['CLEAR'] }],
    ['CLEAR', null, { clear: ['CLEAR'], blank: 'reject' }],
    ['CLEAR', null, { clear: ['CLEAR'], map: { CLEAR: '5' } }],
    ['sold out', '0', { map }],
    ['Sold out', '! not a number', { map }],
    ['Sold out', '! not a number', { map, else: 'take' }],
    ['Sold out', '! none of the words of "map"', { map, else: 'reject' }],
    ['5', '! none of the words of "map"', { map, else: 'reject' }],
    ['sold out', '0', { map, else: 'reject' }],
    ['', undefined, { map, else: 'reject' }],
    ['', '9', { map, else: 'reject', default: '9' }],
    ['n/a', undefined, { map, else: 'reject' }],
    ['5', undefined, { map, else: 'blank' }],
    ['5', null, { map, else: 'blank', blank: 'clear' }],
    ['5', '9', { map, else: 'blank', default: '9' }],
  ])('%j means %j', (cell, wanted, more) => {
    expect(read(money({ nullable: true }), cell, more)).toEqual(wanted)
  })

  it('clear a text to nothing and a list to none, and reject where a field cannot be cleared', () => {
    expect(read(text(), 'CLEAR', { clear: ['CLEAR'] })).toBe('')
    expect(read(ids(), 'CLEAR', { clear: ['CLEAR'] })).toEqual([])
    expect(read(flag(), 'CLEAR', { clear: ['CLEAR'] })).toBe('! blank, and the field cannot be cleared')
  })
})

describe('a hostile cell', () => {
  it('is judged in a time that grows as it does', () => {
    const inner = `1${' '.repeat(900_000)}1`
    expect(read(money(), inner, { trim: true })).toBe('! not a number')
    expect(read(money(), `${'$'.repeat(900_000)}1`)).toBe('! not a number')
    expect(keyReader(text())(inner)).toEqual({ value: inner })
  })
})
