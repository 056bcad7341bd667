import { describe, expect, it } from 'vitest'
import type { NumberFormat } from '../../../src/model/index.ts'
import { compileExpression } from '../../../src/sources/expression/compile.ts'
import { ExpressionFault } from '../../../src/sources/expression/fault.ts'
import { OF_STORE, Unusable } from '../../../src/sources/expression/function.ts'

interface Options {
  readonly format?: NumberFormat
  readonly numeric?: boolean
}

const RATES: Readonly<Record<string, readonly string[]>> = { EUR: ['1.08', 'Euro'], GBP: ['', 'Pound'] }
/** A shop in Japan that weighs in ounces and does not measure. */
const STORE: Readonly<Record<string, string>> = { weight: 'oz', places: '0' }
const tables = {
  names: ['rates'],
  find: (table: string, key: string, column: string | null) =>
    table === OF_STORE ? STORE[key] : Object.hasOwn(RATES, key) ? RATES[key]?.[column === 'Name' ? 1 : 0] : undefined,
}

const compile = (text: string, { format, numeric = false }: Options = {}) =>
  compileExpression({ text, numeric, format, tables })

/** What an expression gives for a row, or `! why`. */
const run = (text: string, row: Readonly<Record<string, string>> = {}, options: Options = {}): string => {
  const expression = compile(text, options)
  try {
    return expression.evaluate(expression.columns.map((name) => row[name] ?? ''))
  } catch (error) {
    if (error instanceof Unusable) return `! ${error.message}`
    throw error
  }
}

const fault = (text: string, options: Options = {}): string => {
  try {
    compile(text, options)
  } catch (error) {
    if (error instanceof ExpressionFault) return `${error.at}: ${error.message}`
    throw error
  }
  throw new Error(`${text} was accepted`)
}

describe('amounts', () => {
  it.each([
    ['add("0.1", 0.2)', '0.3'],
    ['add(1, 2, 3, "4.5")', '10.5'],
    ['sub("1", "1.0000001")', '-0.0000001'],
    ['mul("1.10", "1.10")', '1.21'],
    ['mul(-1.5, 2)', '-3'],
    ['mul(1.10, 2e-1)', '0.22'],
    ['mul("0.12345678901234567891", 1)', '0.12345678901234567891'],
    ['div(1, 3, 4)', '0.3333'],
    ['div(2, 3, 0)', '1'],
    ['div(1, 0, 2)', '! div: division by zero'],
    ['percent(200, "12.5")', '25'],
    ['round("2.345", 2)', '2.35'],
    ['round("-2.345", 2)', '-2.35'],
    ['round("2.345", 2, "half-even")', '2.34'],
    ['round("2.341", 2, "up")', '2.35'],
    ['round("2.349", 2, "down")', '2.34'],
    ['round(1, 21)', '! round: places are 0 to 20'],
    ['round(1, -1)', '! round: places are 0 to 20'],
    ['ceil("-1.2")', '-1'],
    ['floor("1.29", 1)', '1.2'],
    ['min(3, "2.5", 9)', '2.5'],
    ['max("10", "9")', '10'],
    ['cmp("10", "9")', '1'],
    ['cmp("", 9)', '! cmp: a blank is neither more nor less than an amount'],
    ['money("10", "1.005")', '10.05'],
    ['money("10", "1.005", 0)', '10'],
    ['ending("12.30", 0.99)', '11.99'],
    ['ending("12.50", 0.99)', '12.99'],
    ['ending("12.49", 0.99)', '12.99'],
    ['ending("12.99", 0.99, "up")', '12.99'],
    ['ending("13.00", 0.99, "up")', '13.99'],
    ['ending("12.98", 0.99, "down")', '11.99'],
    ['ending("0.10", 0.99, "down")', '0.99'],
    ['ending("23", "9.99", "up")', '29.99'],
    ['ending("130", 49, "nearest")', '149'],
    ['ending("7", -1)', '! ending: an ending is not negative'],
    ['decimal(" ")', '! decimal: " " is not a number'],
    ['decimal("")', ''],
    ['mul("", 2)', ''],
    ['add(1, coalesce("", 0))', '1'],
    ['mul("1e3", 2)', null],
    ['weight("16", "oz", "lb")', '1'],
    ['weight(1, "lb", "g")', '453.5924'],
    ['weight(1, "t", "kg")', '1000'],
    ['weight(1, "lb", "store")', '16'],
    ['length(1, "m", "store")', '! length: the store does not say its length'],
    ['round_store("1234.5")', '1235'],
    ['round_store("1234.5", "down")', '1234'],
    ['round_store("")', ''],
    ['length(1, "in", "mm")', '25.4'],
    ['length(1, "ft", "in")', '12'],
  ])('%s', (text, wanted) => {
    if (wanted === null) expect(() => compile(text)).toThrow('it has an exponent')
    else expect(run(text)).toBe(wanted)
  })

  it.each([
    ['1,5', 'not a number: its signs are not those of "format"'],
    ['NaN', 'not a number'],
    ['Infinity', 'not a number'],
    ['0x10', 'not a number: it is hexadecimal'],
    ['$5', 'not a number: it has a currency'],
    ['1e999', 'not a number: it has an exponent'],
    ['5%', 'not a number: it has a percent sign'],
    ['1234567890123', 'a number too large'],
  ])('take no cell of %s', (cell, reason) => {
    expect(run('mul(Cost, 2)', { Cost: cell })).toBe(`! mul: ${JSON.stringify(cell)} is ${reason}`)
  })

  it('end where a number is longer than any price', () => {
    expect(run('mul(Cost, 2)', { Cost: '9'.repeat(10_000_000) })).toBe('! mul: a number of more than 60 characters')
    const square = 'cel.bind(a, mul(X, X), cel.bind(b, mul(a, a), cel.bind(c, mul(b, b), mul(c, c))))'
    expect(run(square, { X: '1.23456789012' })).toMatch(/^! mul: a number of more than 60/)
  })

  it('with a format are read by decimal, and by nothing else', () => {
    const format = { decimal: ',', thousands: '.' } as const
    const numeric = true
    expect(run('mul(decimal(Cost), 2)', { Cost: '1.234,50' }, { format, numeric })).toBe('2469')
    expect(run('cel.bind(c, decimal(Cost), blank(c) ? "0" : c)', { Cost: '1,5' }, { format, numeric })).toBe('1.5')
    expect(run('lookup_or_fail("rates", Cur)', { Cur: 'EUR' }, { format })).toBe('1.08')
    const forgotten = 'with "format", an amount of the source is read by decimal(...) first'
    expect(fault('mul(2, Cost)', { format })).toBe(`7: ${forgotten}`)
    expect(fault('coalesce(decimal(Cost), List)', { format, numeric })).toBe(`24: ${forgotten}`)
    expect(fault('true ? row["List price"] : "1"', { format, numeric })).toBe(`7: ${forgotten}`)
    expect(fault('cel.bind(c, Cost, mul(c, 2))', { format })).toMatch(forgotten)
    expect(fault('mul(trim(Cost), 2)', { format })).toMatch(forgotten)
  })
})

describe('texts', () => {
  it.each([
    ['trim(X)', '\u00a0 a ', 'a'],
    ['title(X)', 'élan VITAL o’hara 3d', 'Élan Vital O’hara 3d'],
    ['upper(X)', 'ß', 'SS'],
    ['slug(X)', '  Äpfel -- & Birnen! ', 'apfel-birnen'],
    ['slug(X)', '日本 語', '日本-語'],
    ['replace(X, "a", "")', 'banana', 'bnn'],
    ['replace(X, "", "x")', 'b', '! replace: nothing can be replaced by a text: the text to replace is empty'],
    ['split(X, "|")[1]', 'a | b', 'b'],
    ['split(X, "|")[5]', 'a | b', '! No such key: index out of bounds, index 5 >= size 2'],
    ['split(X, "")[0]', 'ab', '! split: a text cannot be split at nothing'],
    ['join(split(X, ","), ";")', 'a, b', 'a;b'],
    ['left(X, 2)', '👍🏽ab', '👍🏽'],
    ['left(X, 0)', 'ab', ''],
    ['right(X, 1)', 'a👍', '👍'],
    ['right(X, 0)', 'ab', ''],
    ['left(X, -1)', 'ab', '! left: characters are 0 to 10000'],
    ['pad(X, 5)', '123456', '123456'],
    ['pad(X, 100000)', '1', '! pad: characters are 0 to 10000'],
    ['concat(X, 1, "b")', 'a', 'a1b'],
    ['text_to_html(X)', 'a <b> & "c"\r\nd\n\n\ne', '<p>a &lt;b&gt; &amp; &quot;c&quot;<br>d</p>\n<p>e</p>'],
    ['strip_html(X)', 'a<br/>b &lt;c&gt;<style>p{}</style><!-- x > y --><script>if (a<b) {}</script>d', 'a b <c> d'],
    ['strip_html(X)', 'a <b', 'a'],
    ['matches(X, "^[A-Z]{2}[0-9]+$")', 'AB12', 'true'],
    ['matches(X, "b")', 'abc', 'true'],
    ['extract(X, "([0-9.]+) ?(mm|cm)")', '12.5 cm', '12.5'],
    ['extract(X, "[0-9]+")', 'none', ''],
    ['extract(X, "a(b)?")', 'ac', ''],
    ['replace_re(X, "(a)(b)", "$1")', 'abab', '$1$1'],
    ['blank(X) ? "y" : "n"', '\t ', 'y'],
    ['coalesce(X, "-")', ' ', '-'],
    ['lookup("rates", X)', ' EUR ', '1.08'],
    ['lookup("rates", X, "Name")', 'GBP', 'Pound'],
    ['lookup("rates", X)', 'GBP', ''],
    ['lookup("rates", X)', 'constructor', ''],
    ['lookup_or_fail("rates", X)', 'XAU', '! lookup_or_fail: table "rates" has no key "XAU"'],
    ['date(X, "DD.MM.YYYY")', '29.02.2024', '2024-02-29T00:00:00Z'],
    ['date(X, "DD.MM.YYYY")', '29.02.2025', '! date: "29.02.2025" is not a day'],
    ['date(X, "M/D/YYYY")', '7/4/2026', '2026-07-04T00:00:00Z'],
    ['date(X, "M/D/YYYY")', '13/4/2026', '! date: "13/4/2026" is not a day'],
    ['date(X, "YYYYMMDD")', '20260704', '2026-07-04T00:00:00Z'],
    ['date(X, "YYYY-MM-DD HH:mm:ss", "+02:00")', '2026-07-04 01:30:00', '2026-07-03T23:30:00.000Z'],
    ['date(X, "DD.MM.YYYY HH:mm", "Z")', '04.07.2026 25:00', '! date: "04.07.2026 25:00" is not a date and time'],
    ['date(X, "DD.MM.YYYY HH:mm")', '04.07.2026 12:00', '! date: a time without its zone'],
    ['date(X, "DD.MM.YYYY")', 'tomorrow', '! date: "tomorrow" is not written as DD.MM.YYYY'],
    ['date(X, "DD.MM.YYYY")', '', ''],
    ['X == "a" || int(X) > 1', 'a', 'true'],
    ['int(X) > 1', 'b', '! int() type error: cannot convert to int'],
    ['string(size(X))', 'abc', '3'],
    ['X.startsWith("a") && X.endsWith("c") && X.contains("b")', 'abc', 'true'],
    ['!(X in ["a", "b"])', 'c', 'true'],
  ])('%s of %j', (text, x, wanted) => {
    expect(run(text, { X: x })).toBe(wanted)
  })
})

describe('columns', () => {
  it('are known by plain and by quoted names, each once, in the order of the expression', () => {
    const text = 'cel.bind(net, mul(Cost, row["List price"]), blank(Cost) ? row.Rate : net)'
    expect(compile(text).columns).toEqual(['Cost', 'List price', 'Rate'])
  })

  it('may have any name', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'row', 'cel', 'ключ', '"', '3']) {
      expect(compile(`row[${JSON.stringify(name)}]`).evaluate(['v'])).toBe('v')
    }
    expect(run('constructor', { constructor: 'v' as never })).toBe('v')
  })

  it('keep nothing of the row before', () => {
    const { evaluate } = compile('concat(A, row["B b"])')
    expect([evaluate(['1', '2']), evaluate(['', '3']), evaluate(['4', ''])]).toEqual(['12', '3', '4'])
  })
})

describe('an expression that is none', () => {
  it.each([
    ['mul(Cost,', /^9: /],
    ['', /^0: /],
    ['"abc', /^0: /],
    ['Cost = 1', /^5: Unexpected character: =/],
    ['muul(1, 2)', /^0: there is no function "muul"; did you mean "mul"\?/],
    ['concat(1)', /^0: concat takes \(a, b, \.\.\.\), not 1 values/],
    ['round(1)', /^0: round takes \(x, places\[, mode\]\), not 1 values/],
    ['round(Cost, "2")', /^12: round: "places" must be a whole number, not string/],
    ['upper(1.5)', /^6: upper: "x" must be a text, not double/],
    ['mul(true, 2)', /^4: mul: "a" must be an amount, not bool/],
    ['mul("ten", 2)', /^4: mul: "a": "ten" is not a number/],
    ['join("a", ";")', /^5: join: "parts" must be a list of texts, not string/],
    ['round(1, 2, Mode)', /^12: round: "mode" must stand here as a text in quotes/],
    ['round(1, 2, "half")', /^12: round: "mode" must be one of half-up, half-even, down, up/],
    ['weight(1, "kg", "stone")', /must be one of g, kg, t, oz, lb, store/],
    ['weight(1, "store", "kg")', /"from" must be one of g, kg, t, oz, lb$/],
    ['matches(X, X)', /^11: matches: "pattern" must stand here as a text in quotes/],
    ['matches(X, concat("a", X))', /must stand here as a text in quotes/],
    ['matches(X, "(")', /is no regular expression of RE2/],
    ['matches(X, "(?<=a)b")', /is no regular expression of RE2/],
    ['matches(X, "(a)\\\\1")', /is no regular expression of RE2/],
    ['matches(X, "a{1001}")', /is no regular expression of RE2/],
    ['lookup("rate", X)', /is no table of "tables"/],
    ['date(X, "DD.MM.YY")', /must be made of YYYY/],
    ['date(X, "YYYY-MM-DD.*")', /must be made of YYYY/],
    ['date(X, "YYYY-MM-DD HH", "CET")', /must be "Z" or an offset/],
    ['Cost + Freight', /^0: "\+" is for whole numbers only; amounts take add\(a, b\), and texts concat\(a, b\)/],
    ['1.5 * 2.0', /^0: "\*" is for whole numbers only; amounts take mul\(a, b\)/],
    ['Cost < "5"', /^0: "<" compares whole numbers only; for amounts write cmp\(a, b\) < 0/],
    [
      'mul(Cost, 0.12345678901234567891)',
      /^10: 0\.12345678901234567891 has too many digits for a number; write it in quotes/,
    ],
    ['9007199254740993.1', /^0: .*write it in quotes/],
    ['Cost < 5', /no such overload: string < int; a column is text/],
    ['Cost == 5', /no such overload: string == int/],
    ['-Cost', /no such overload/],
    ['Cost ? 1 : 2', /must be bool/],
    ['true ? "a" : 1', /same type/],
    ['split(X, ",")', /^0: gives list<string>.*join\(list/],
    ['null', /gives null/],
    ['b"x"', /gives bytes/],
    ['row', /"row" needs a column/],
    ['row[X]', /a column is named by a text in quotes/],
    ['row[""]', /a column is named by a text in quotes/],
    ['cel', /"cel" needs a column/],
    ['size(row)', /"row" needs a column/],
    ['cel.bind(row, "a", row)', /"row" is taken/],
    ['cel.bind(a, "x")', /./],
  ])('%s', (text, message) => {
    expect(fault(text)).toMatch(message)
  })
})

describe('what is out of reach', () => {
  it.each([
    ['X.constructor'],
    ['X.__proto__'],
    ['X["constructor"]'],
    ['__proto__'],
    ['prototype'],
    ['row.__proto__.constructor'],
    ['row["a"]["constructor"]'],
    ['constructor("return process")'],
    ['constructor.constructor("return process")()'],
    ['{"a": 1}["a"]'],
    ['[1, 2].map(x, x)'],
    ['[1].all(x, x > 0)'],
    ['["a"].exists(x, x == "a")'],
    ['["a"].filter(x, true)'],
    ['has(row.X)'],
    ['dyn(X)'],
    ['type(X)'],
    ['timestamp("2026-01-01T00:00:00Z")'],
    ['duration("1s")'],
    ['bytes(X)'],
    ['double("NaN")'],
    ['X.matches("(a+)+$")'],
    ['X.lowerAscii()'],
    ['["a"].join()'],
    ['now()'],
    ['process.env.HOME'],
    ['require("fs")'],
    ['import("fs")'],
    ['globalThis["process"]'],
    ['X.?y'],
    ['cel.expr.Foo{a: 1}'],
  ])('%s', (text) => {
    expect(() => compile(text)).toThrow(ExpressionFault)
  })

  it('is a name of the process: it can only be a column', () => {
    expect(compile('process').columns).toEqual(['process'])
    expect(compile('globalThis').evaluate(['cell'])).toBe('cell')
  })
})

describe('hostile expressions and cells', () => {
  it('are refused where they are too deep, too long, or made of too many parts', () => {
    expect(() => compile(`${'('.repeat(5000)}1${')'.repeat(5000)}`)).toThrow(ExpressionFault)
    expect(() => compile(`${'upper('.repeat(60)}X${')'.repeat(60)}`)).toThrow(ExpressionFault)
    expect(() => compile(`"${'x'.repeat(10_001)}"`)).toThrow('longer than 10000 characters')
    expect(() => compile(Array(600).fill('1').join('+'))).toThrow(ExpressionFault)
    expect(() => compile(`X in [${Array(200).fill('"a"').join(',')}]`)).toThrow(ExpressionFault)
    expect(() => compile(`concat(${Array(11).fill('X').join(',')})`)).toThrow('not 11 values')
  })

  const million = (unit: string) => unit.repeat(Math.ceil(1_000_000 / unit.length)).slice(0, 1_000_000)
  const TEXTS = ['a', ' ', '<', '<script', '<!--', '\n', '\u0301', '&', '-', '👍🏽', 'a.', '"'].map(million)

  it.each(['trim', 'upper', 'lower', 'title', 'slug', 'text_to_html', 'strip_html'])(
    '%s comes to an end with a million characters of anything',
    (name) => {
      const { evaluate } = compile(`${name}(X)`)
      for (const x of [...TEXTS, `${million(' ').slice(1)}x`]) {
        try {
          expect(evaluate([x]).length).toBeLessThanOrEqual(1_000_000)
        } catch (error) {
          expect(error).toBeInstanceOf(Unusable)
        }
      }
    },
    60_000,
  )

  it('no text grows beyond a million characters', () => {
    const long = { X: million('a') }
    for (const text of ['concat(X, X)', 'replace(X, "a", "aa")', 'join(["a", X], X)', 'replace_re(X, "a", "aaaa")'])
      expect(run(text, long)).toMatch(/^! \w+: (?:a text of more than 1000000|too many matches)/)
    expect(run('split(X, "a")[0]', long)).toBe('! split: a text of more than 1000 parts')
    const doubled = 'cel.bind(a, concat(X, X), cel.bind(b, concat(a, a), cel.bind(c, concat(b, b), concat(c, c))))'
    expect(run(doubled, { X: million('a').slice(0, 200_000) })).toMatch('a text of more than 1000000')
  })

  it.each([
    ['matches(X, "^(a+)+$")', 'false'],
    ['matches(X, "^(a|a)*$")', 'false'],
    ['matches(X, "^(.*a){20}b$")', 'false'],
    ['left(extract(X, "(?:a?){50}a{50}"), 5)', 'aaaaa'],
    ['replace_re(X, "a.*b|a", "b")', '! replace_re: too many matches in a text of 50001 characters'],
    [
      'matches(X, "(?i)(\\\\pL|\\\\pN)*(\\\\pL|\\\\pN){900}!")',
      '! matches: a text of 50001 characters is too long for the pattern',
    ],
  ])(
    '%s comes to an end where other engines do not',
    (text, wanted) => {
      expect(run(text, { X: `${'a'.repeat(50_000)}!` })).toBe(wanted)
    },
    60_000,
  )
})

describe('an expression that asks for the store’s units', () => {
  const asked = (text: string) => compile(text).lookups
  it('looks them up as in a table, and no other does', () => {
    const store = [{ table: OF_STORE, column: null }]
    expect(asked('weight(Kilos, "kg", "store")')).toEqual(store)
    expect(asked('round_store(mul(Cost, 2))')).toEqual(store)
    expect(asked('concat(weight(Kilos, "kg", "lb"), "store")')).toEqual([])
  })
})
