import { fileOf, type Good, type Input, RIGHT, today } from './goods.ts'

type Format = NonNullable<Input['format']>
type Column = 'price' | 'stock'

const NAMES: Readonly<Record<Column, string>> = { price: 'Price', stock: 'Stock' }
const FIELDS: Readonly<Record<Column, string>> = { price: 'price', stock: 'inventory_level' }

const cellOf = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const feed = (column: Column, text: string): string =>
  fileOf(today({ 'G-01': { [column]: cellOf(text) } as Partial<Good> }))

/** A spelling in the first row that is refused; every other row goes on. */
const bad = (id: string, column: Column, text: string, reason: string): Input => ({
  title: `${id}: ${column} ${JSON.stringify(text)} is ${reason}`,
  file: feed(column, text),
  says: `2 ${NAMES[column]}: ${reason}`,
  writes: RIGHT,
})

/** A spelling in the first row that is taken for a number; null where the store holds it already or it says nothing. */
const good = (id: string, column: Column, text: string, value: number | null, format?: Format): Input => ({
  title: `${id}: ${column} ${JSON.stringify(text)} ${value === null ? 'changes nothing' : `is ${value}`}${declared(format)}`,
  file: feed(column, text),
  ...(format && { format: { ...format } }),
  says: '',
  writes: value === null ? RIGHT : { 'G-01': { [FIELDS[column]]: value }, ...RIGHT },
})

const declared = (format: Format | undefined): string =>
  format ? ` with ${JSON.stringify(format.decimal)} and ${JSON.stringify(format.thousands ?? 'nothing')} declared` : ''

const SIGNS = 'not a number: its signs are not those of "format"'
const MONEY = 'not a number: it has a currency'
const WORD = 'not a number'

const PRICES: readonly (readonly [id: string, reason: string, ...cells: string[]])[] = [
  [
    'D13',
    SIGNS,
    '12,90',
    '1,299.00',
    '1.299,00',
    '1 299',
    '1\u00a0299.00',
    '1\u202f299.00',
    "1'299.00",
    '1\u2019299.00',
  ],
  ['D13', SIGNS, '1,299', '12,345,678.90', '+12.90', '1.2.3', '12..9', '1,2,3'],
  [
    'D14',
    MONEY,
    '$12.90',
    '12.90 $',
    '\u20ac12.90',
    '12.90\u20ac',
    '\u00a312',
    'USD 12.90',
    '12.90 EUR',
    'EUR12.90',
    '12.90USD',
  ],
  ['D14', 'not a number: it has a percent sign', '12%', '12.5 %'],
  ['D14', WORD, '12.90-', '(12.90)', '12.90 net', '12.90 per box', '12.90 CR', '~12', '12.90*', '12,9O', 'l2.90'],
  [
    'D15',
    WORD,
    'N/A',
    'n/a',
    'NA',
    '-',
    '--',
    '\u2014',
    'NULL',
    'null',
    'None',
    'nil',
    '#N/A',
    '#REF!',
    '#VALUE!',
    '#DIV/0!',
  ],
  ['D15', WORD, 'undefined', '?', 'TBD', 'free', 'on request', '\u00a0', '\u3000', '.', ',', "''", '[]', '{}', 'false'],
  ['D16', 'not a number: it has an exponent', '1e3', '1E3', '1.5e1', '1e-7', '1e308', '1E+2'],
  ['D16', 'not a number: it is hexadecimal', '0x10', '0XFF'],
  [
    'D16',
    WORD,
    '0b11',
    '0o17',
    'NaN',
    'Infinity',
    '-Infinity',
    '1_000',
    '12n',
    '1/2',
    '=1+1',
    '.5',
    '5.',
    '\u0661\u0662',
    '\uff11\uff12',
    '\u00bd',
    '1²',
  ],
  ['D17', 'a number with more than 4 decimals', '12.00001', '0.00000001', '12.34567890123456789012', '1.005000000001'],
  ['D17', 'a number too large', '1234567890123', '99999999999999999999.99', `1${'0'.repeat(400)}`],
  ['D17', 'less than 0', '-1', '-0.01', '-12.90'],
]

const STOCKS: readonly (readonly [id: string, reason: string, ...cells: string[]])[] = [
  ['D18', 'not a whole number', '1.5', '12.0', '1.000', '0.1', '3.99'],
  ['D18', 'less than 0', '-1', '-40', '-2147483648'],
  ['D18', 'more than 2147483647', '2147483648', '4294967296', '999999999999'],
  ['D18', 'a number too large', '9007199254740993', '1'.repeat(40)],
  ['D18', WORD, 'many', '>100', '100+', 'in stock', 'yes', '12 pcs', '10-20', '~40', 'true'],
  ['D13', SIGNS, '1,000', '1.000.000', '1 000', '+50'],
  ['D15', WORD, 'N/A', '-', 'NULL', '#REF!', 'none', '\u2014'],
  ['D16', 'not a number: it has an exponent', '1e3', '2E+1'],
  ['D16', 'not a number: it is hexadecimal', '0x10'],
]

const COMMA: Format = { decimal: ',' }
const EUROPE: Format = { decimal: ',', thousands: '.' }
const FRANCE: Format = { decimal: ',', thousands: ' ' }
const SWISS: Format = { decimal: '.', thousands: "'" }
const AMERICA: Format = { decimal: '.', thousands: ',' }

/** The whole feed in another manner of writing: the same prices, so only what today changes is written. */
const inManner = (title: string, format: Format, write: (text: string) => string): Input => ({
  title: `D13: a feed ${title}, as declared`,
  file: fileOf(today().map((one) => ({ ...one, price: cellOf(write(one.price)), cost: cellOf(write(one.cost)) }))),
  format,
  says: '',
  writes: RIGHT,
})

const withComma = (text: string): string => text.replace('.', ',')

export const NUMBERS: readonly Input[] = [
  ...PRICES.flatMap(([id, reason, ...cells]) => cells.map((cell) => bad(id, 'price', cell, reason))),
  ...STOCKS.flatMap(([id, reason, ...cells]) => cells.map((cell) => bad(id, 'stock', cell, reason))),
  // Right, though it may not look so.
  good('D15', 'price', '', null),
  good('D15', 'price', ' ', null),
  good('D15', 'price', ' \t ', null),
  good('D15', 'stock', '', null),
  good('D15', 'stock', '   ', null),
  good('D17', 'price', '12.45000000', null),
  good('D17', 'price', '12.4600', 12.46),
  good('D17', 'price', '0012.46', 12.46),
  good('D17', 'price', ' 12.46 ', 12.46),
  good('D17', 'price', '13', 13),
  good('D17', 'price', '12.4567', 12.4567),
  good('D18', 'stock', '040', null),
  good('D18', 'stock', '41', 41),
  good('D18', 'stock', ' 41', 41),
  good('D18', 'stock', '2147483647', 2_147_483_647),
  good('D18', 'stock', '0', 0),
  inManner('with decimal commas', COMMA, withComma),
  inManner('with decimal commas and points between thousands', EUROPE, withComma),
  inManner('with decimal commas and spaces between thousands', FRANCE, withComma),
  inManner('with apostrophes between thousands', SWISS, (text) => text),
  inManner('with commas between thousands', AMERICA, (text) => text),
  good('D13', 'stock', '1,000', 1000, AMERICA),
  good('D13', 'stock', "1'000", 1000, SWISS),
  good('D13', 'stock', '1\u2019000', 1000, SWISS),
  good('D13', 'stock', '12.00', 12, AMERICA),
  good('D13', 'stock', '1.000', 1, SWISS),
  ...[
    ['1,00,000', AMERICA],
    ['10,00', AMERICA],
    [',100', AMERICA, WORD],
    ['1,000,', AMERICA, WORD],
    ["1'00", SWISS],
  ].map(
    ([text, format, reason = SIGNS]): Input => ({
      ...bad('D13', 'stock', text as string, reason as string),
      title: `D13: stock ${JSON.stringify(text)} is refused${declared(format as Format)}`,
      format: format as Format,
    }),
  ),
  {
    title: 'D13: decimal commas that nobody declared are refused in every row, and so is the feed',
    file: fileOf(today().map((one) => ({ ...one, price: `"${withComma(one.price)}"` }))),
    says: 'blocked: maxSourceDrop',
    writes: {},
  },
  {
    title: 'D13: points where commas are declared are refused in every row, and so is the feed',
    file: fileOf(today()),
    format: COMMA,
    says: 'blocked: maxSourceDrop',
    writes: {},
  },
]
