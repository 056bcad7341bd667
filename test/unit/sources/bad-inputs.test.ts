import { describe, expect, it } from 'vitest'
import { numbered, type ReadOptions, readCsv, verdict } from './reading.ts'

const HEAD = 'SKU,Price,Stock\n'
const good = `${HEAD}A,1.5,3\nB,2,4\n`
const latin = (text: string) => Buffer.from(text, 'latin1')
const utf16 = (text: string) => Buffer.from(text, 'utf16le')
const bigEndian = (text: string) => utf16(text).swap16()
const bytes = (...parts: (string | number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part as string)))
const price = (cell: string) => `${HEAD}A,${cell},3\nB,2,4\n`
const stock = (cell: string) => `${HEAD}A,1.5,${cell}\nB,2,4\n`
const sku = (cell: string) => `${HEAD}${cell},1.5,3\nB,2,4\n`

type Case = [name: string, body: string | Uint8Array, expected: string, options?: ReadOptions]

const CASES: readonly Case[] = [
  // Structure: the file is refused as a whole.
  ['0 bytes', '', 'refused: feed.csv is empty'],
  ['one line ending', '\n', 'refused: feed.csv is empty'],
  ['blank lines only', '\r\n\r\n\n', 'refused: feed.csv is empty'],
  ['delimiters only', ',,\n,,\n', 'refused: feed.csv is empty'],
  ['a byte order mark only', bytes([0xef, 0xbb, 0xbf]), 'refused: feed.csv is empty'],
  ['a header only', HEAD, 'refused: feed.csv has a header and no rows'],
  ['a header and blank lines', `${HEAD}\n\n,,\n`, 'refused: feed.csv has a header and no rows'],
  ['a missing column', 'SKU,Stock\nA,1\n', 'refused: feed.csv has no column "Price"; it has 2: SKU, Stock'],
  ['two missing columns', 'SKU,x\nA,1\n', 'refused: feed.csv has no column "Price", "Stock"; it has 2: SKU, x'],
  [
    'a column named in another case',
    'sku,Price,Stock\nA,1,2\n',
    'refused: feed.csv has no column "SKU"; it has 3: sku, Price, Stock',
  ],
  [
    'two columns of one name',
    'SKU,Price,Stock,Price\nA,1,2,3\n',
    'refused: feed.csv names two columns "Price", the 2. and the 4.',
  ],
  [
    'two names that differ in blanks',
    'SKU,Price,Stock, Price\nA,1,2,3\n',
    'refused: feed.csv names two columns "Price", the 2. and the 4.',
  ],
  [
    'semicolons',
    'SKU;Price;Stock\nA;1;2\n',
    'refused: feed.csv has one column when it is split at comma, and its first line holds a semicolon',
  ],
  [
    'tabs',
    'SKU\tPrice\tStock\nA\t1\t2\n',
    'refused: feed.csv has one column when it is split at comma, and its first line holds a tab',
  ],
  [
    'pipes',
    'SKU|Price|Stock\nA|1|2\n',
    'refused: feed.csv has one column when it is split at comma, and its first line holds a pipe',
  ],
  [
    'commas where semicolons are declared',
    good,
    'refused: feed.csv has one column when it is split at semicolon, and its first line holds a comma',
    { options: { delimiter: ';' } },
  ],
  [
    'too few columns without a header',
    'A,1\n',
    'refused: feed.csv has no column "3"; it has 2: 1, 2',
    { options: { header: false }, mapping: numbered },
  ],
  [
    '2,001 columns',
    `${HEAD.trim()}${',x'.repeat(1998)}\n`,
    'refused: feed.csv has 2001 columns; at most 2000 are read',
  ],
  [
    'a quote that is never closed',
    `${HEAD}A,1,2\n"B,2,3\nC,3,4\n`,
    'refused: feed.csv: a quote is opened and never closed in the record that starts on line 3',
  ],
  [
    'a quote that closes in mid-cell',
    `${HEAD}"A"x,1,2\n`,
    'refused: feed.csv: expected the delimiter or a line ending after a closing quote, found something else in the record that starts on line 2',
  ],
  [
    'a quote inside a bare cell',
    `${HEAD}A,1,2\nRack 19",1,2\n`,
    'refused: feed.csv: found a quote inside a cell that does not begin with one in the record that starts on line 3',
  ],
  [
    'a blank before an opening quote',
    `${HEAD}A, "1",2\n`,
    'refused: feed.csv: found a quote inside a cell that does not begin with one in the record that starts on line 2',
  ],
  [
    'a record of 5 MB',
    `${HEAD}"${'x'.repeat(5_000_000)}`,
    'refused: feed.csv: more than 4000000 bytes in the record that starts on line 2',
  ],
  [
    'a last line without its end',
    good.slice(0, -1),
    'refused: feed.csv may be cut: its last line 3 has no line ending',
  ],
  [
    'a last line cut inside a number',
    `${HEAD}A,120,3\nB,1`,
    'refused: feed.csv is cut: its last line 3 has 2 of 3 cells and no line ending',
  ],
  [
    'a short last line, though the last ending is optional',
    `${HEAD}A,120,3\nB,1`,
    'refused: feed.csv is cut: its last line 3 has 2 of 3 cells and no line ending',
    { options: { finalNewline: 'optional' } },
  ],
  ['a header cut before its end', HEAD.trim(), 'refused: feed.csv may be cut: its last line 1 has no line ending'],
  [
    'a file that ends in zeros',
    bytes(good, [0, 0, 0, 0]),
    'refused: feed.csv is cut: its last line 4 has 1 of 3 cells and no line ending',
  ],
  [
    'Latin-1 undeclared',
    latin(sku('Müller')),
    'refused: feed.csv is not UTF-8 text at byte 17, after "SKU,Price,Stock\\nM"',
  ],
  [
    'a character cut at the end',
    bytes(good, [0xc3]),
    'refused: feed.csv is not UTF-8 text at byte 30, after "ice,Stock\\nA,1.5,3\\nB,2,4\\n"',
  ],
  [
    'an overlong encoding',
    bytes(HEAD, [0xc0, 0x80]),
    'refused: feed.csv is not UTF-8 text at byte 16, after "SKU,Price,Stock\\n"',
  ],
  [
    'half a surrogate pair in UTF-8',
    bytes(HEAD, [0xed, 0xa0, 0x80]),
    'refused: feed.csv is not UTF-8 text at byte 16, after "SKU,Price,Stock\\n"',
  ],
  [
    'UTF-16 without mark or declaration',
    utf16(good),
    'refused: feed.csv: the name of column 1 holds the unprintable character U+0000',
  ],
  [
    'UTF-16 cut in mid-character',
    utf16(`\ufeff${good}`).subarray(0, -1),
    'refused: feed.csv is cut: 61 bytes are no whole number of utf-16le characters',
  ],
  [
    'a mark against the declaration',
    utf16(`\ufeff${good}`),
    'refused: feed.csv is declared as utf-8 and begins with the byte order mark of utf-16le',
    { options: { encoding: 'utf-8' } },
  ],
  [
    'a NUL in a column name',
    'SKU,Pri\0ce,Stock\nA,1,2\n',
    'refused: feed.csv: the name of column 2 holds the unprintable character U+0000',
  ],

  // Rows: each bad one is listed, the others go on.
  ['a row too short', `${HEAD}A,1\nB,2,4\n`, '2: a row of 2 cells where 3 are expected | 3 ok'],
  ['a row too long', `${HEAD}A,1,2,\nB,2,4\n`, '2: a row of 4 cells where 3 are expected | 3 ok'],
  ['a last short row, properly ended', `${HEAD}A,1,2\nB,2\n`, '2 ok | 3: a row of 2 cells where 3 are expected'],
  [
    'the same key twice',
    `${HEAD}A,1,2\nB,1,2\nA,2,2\n`,
    '2 SKU: a key that is there 2 times: lines 2, 4 | 3 ok | 4 SKU: a key that is there 2 times: lines 2, 4',
  ],
  [
    'keys that differ in case',
    `${HEAD}abc,1,2\nABC,1,2\n`,
    '2 SKU: a key that is there 2 times: lines 2, 3 | 3 SKU: a key that is there 2 times: lines 2, 3',
  ],
  [
    'keys that differ in composition',
    `${HEAD}\u00e9,1,2\ne\u0301,1,2\n`,
    '2 SKU: a key that is there 2 times: lines 2, 3 | 3 SKU: a key that is there 2 times: lines 2, 3',
  ],
  [
    'a key twice, once in a bad row',
    `${HEAD}A,x,2\nA,1,2\n`,
    '2 Price: not a number | 3 SKU: a key that is there 2 times: lines 2, 3',
  ],
  ['a blank key', sku(' '), '2 SKU: a blank key | 3 ok'],
  ['a zero-width space in a key', sku('A\u200b'), '2 SKU: text with the invisible character U+200B in the key | 3 ok'],
  ['a no-break space in a key', sku('A\u00a01'), '2 SKU: text with the invisible character U+00A0 in the key | 3 ok'],
  ['a soft hyphen in a key', sku('A\u00ad1'), '2 SKU: text with the invisible character U+00AD in the key | 3 ok'],
  [
    'a right-to-left override in a key',
    sku('A\u202e1'),
    '2 SKU: text with the invisible character U+202E in the key | 3 ok',
  ],
  ['a tab inside a key', sku('A\tB'), '2 SKU: text with the invisible character U+0009 in the key | 3 ok'],
  ['a line ending inside a key', sku('"A\nB"'), '2 SKU: text with the invisible character U+000A in the key | 4 ok'],
  [
    'a key in scientific notation',
    sku('4.01235E+12'),
    '2 SKU: a number that a spreadsheet has shortened; format the column as text and export again | 3 ok',
  ],
  [
    'a key in scientific notation with a comma',
    sku('"4,01235E+12"'),
    '2 SKU: a number that a spreadsheet has shortened; format the column as text and export again | 3 ok',
  ],
  ['a key of 256 characters', sku('x'.repeat(256)), '2 SKU: longer than 255 characters | 3 ok'],
  ['a cell of more than 1 MB', sku('x'.repeat(1_000_001)), '2 SKU: longer than 1000000 characters | 3 ok'],
  ['a formula error as key', sku('#N/A'), '2 SKU: an error of a spreadsheet formula | 3 ok'],
  ['a NUL in a key', sku('A\0'), '2 SKU: text with the control character U+0000 | 3 ok'],
  ['a control character in a value', price('1\u0007'), '2 Price: text with the control character U+0007 | 3 ok'],
  [
    'a replacement character',
    sku('M\ufffdller'),
    '2 SKU: text with a character that could not be decoded (U+FFFD) | 3 ok',
  ],
  [
    'half a surrogate pair in UTF-16',
    utf16(`\ufeff${sku('A\ud800')}`),
    '2 SKU: text with a character that could not be decoded (U+FFFD) | 3 ok',
  ],
  ['a letter O in a price', price('"12,9O"'), '2 Price: not a number | 3 ok'],
  ['a decimal comma undeclared', price('"12,90"'), '2 Price: not a number: its signs are not those of "format" | 3 ok'],
  ['thousands undeclared', price('"1,299.00"'), '2 Price: not a number: its signs are not those of "format" | 3 ok'],
  ['a currency sign', price('$12.90'), '2 Price: not a number: it has a currency | 3 ok'],
  ['a currency code', price('12.90 EUR'), '2 Price: not a number: it has a currency | 3 ok'],
  ['a percent', price('12%'), '2 Price: not a number: it has a percent sign | 3 ok'],
  ['an exponent', price('1e3'), '2 Price: not a number: it has an exponent | 3 ok'],
  ['a hexadecimal', price('0x10'), '2 Price: not a number: it is hexadecimal | 3 ok'],
  ['NaN', price('NaN'), '2 Price: not a number | 3 ok'],
  ['Infinity', price('Infinity'), '2 Price: not a number | 3 ok'],
  ['N/A', price('N/A'), '2 Price: not a number | 3 ok'],
  ['a dash', price('-'), '2 Price: not a number | 3 ok'],
  ['NULL', price('NULL'), '2 Price: not a number | 3 ok'],
  ['#REF!', price('#REF!'), '2 Price: not a number | 3 ok'],
  ['a trailing minus', price('12.90-'), '2 Price: not a number | 3 ok'],
  ['brackets for a negative', price('(12.90)'), '2 Price: not a number | 3 ok'],
  ['a plus', price('+12.90'), '2 Price: not a number: its signs are not those of "format" | 3 ok'],
  ['no digit before the point', price('.5'), '2 Price: not a number | 3 ok'],
  ['no digit after the point', price('5.'), '2 Price: not a number | 3 ok'],
  ['two points', price('1.2.3'), '2 Price: not a number: its signs are not those of "format" | 3 ok'],
  ['five decimals', price('1.00005'), '2 Price: a number with more than 4 decimals | 3 ok'],
  ['13 digits', price('1234567890123'), '2 Price: a number too large | 3 ok'],
  ['a negative price', price('-1'), '2 Price: less than 0 | 3 ok'],
  ['digits of another script', price('\u0661\u0662'), '2 Price: not a number | 3 ok'],
  [
    'a no-break space in a number',
    price('1\u00a0299'),
    '2 Price: not a number: its signs are not those of "format" | 3 ok',
  ],
  ['a fraction of stock', stock('1.5'), '2 Stock: not a whole number | 3 ok'],
  ['a thousand or one', stock('1.000'), '2 Stock: not a whole number | 3 ok'],
  ['negative stock', stock('-1'), '2 Stock: less than 0 | 3 ok'],
  ['too much stock', stock('2147483648'), '2 Stock: more than 2147483647 | 3 ok'],
  ['a word for stock', stock('many'), '2 Stock: not a number | 3 ok'],
]

/** Odd, and right: every row is taken. */
const ODD: readonly Case[] = [
  ['a UTF-8 byte order mark', bytes([0xef, 0xbb, 0xbf], good), '2 ok | 3 ok'],
  ['UTF-16LE with its mark', utf16(`\ufeff${good}`), '2 ok | 3 ok'],
  ['UTF-16BE with its mark', bigEndian(`\ufeff${good}`), '2 ok | 3 ok'],
  ['UTF-16LE declared', utf16(good), '2 ok | 3 ok', { options: { encoding: 'utf-16le' } }],
  ['UTF-16BE declared', bigEndian(good), '2 ok | 3 ok', { options: { encoding: 'utf-16be' } }],
  ['CRLF', good.replaceAll('\n', '\r\n'), '2 ok | 3 ok'],
  ['CR', good.replaceAll('\n', '\r'), '2 ok | 3 ok'],
  ['mixed line endings', 'SKU,Price,Stock\r\nA,1,2\nB,1,2\rC,1,2\r\n', '2 ok | 3 ok | 4 ok'],
  ['blank lines between rows', `${HEAD}\nA,1,2\n\n\nB,1,2\n\n`, '3 ok | 6 ok'],
  ['columns in another order', 'x,Stock,SKU,Price\n,1,A,2\n', '2 ok'],
  ['blanks around a column name', 'SKU , Price,\tStock\nA,1,2\n', '2 ok'],
  ['unnamed columns', 'SKU,Price,Stock,,\nA,1,2,,\n', '2 ok'],
  ['columns that objects have', 'SKU,Price,Stock,__proto__,constructor,toString\nA,1,2,x,y,z\n', '2 ok'],
  ['a delimiter inside quotes', `${HEAD}"A,1",1,2\n`, '2 ok'],
  ['doubled quotes', `${HEAD}"19"" rack",1,2\n`, '2 ok'],
  ['quotes that are text', `${HEAD}19" rack,1,2\n`, '2 ok', { options: { quote: false } }],
  ['another quote', `${HEAD}'A,1',1,2\n`, '2 ok', { options: { quote: "'" } }],
  ['semicolons declared', good.replaceAll(',', ';'), '2 ok | 3 ok', { options: { delimiter: ';' } }],
  ['tabs declared', good.replaceAll(',', '\t'), '2 ok | 3 ok', { options: { delimiter: '\t' } }],
  ['pipes declared', good.replaceAll(',', '|'), '2 ok | 3 ok', { options: { delimiter: '|' } }],
  ['columns by number', 'A,1,2\nB,1,2\n', '1 ok | 2 ok', { options: { header: false }, mapping: numbered }],
  [
    'no last line ending where it is optional',
    good.slice(0, -1),
    '2 ok | 3 ok',
    { options: { finalNewline: 'optional' } },
  ],
  ['blank cells, which say nothing', `${HEAD}A,, \n`, '2 ok'],
  ['decimals that are zeros', price('1.50000000'), '2 ok | 3 ok'],
]

describe('a bad input', () => {
  it.each<Case>(CASES)('%s', async (_name, body, expected, options) => {
    expect(await verdict(body, options)).toBe(expected)
  })

  it.each<Case>(CASES.filter(([, body]) => body.length < 1000))(
    '%s, byte by byte',
    async (_name, body, expected, options) => {
      expect(await verdict(body, { ...options, piece: 1 })).toBe(expected)
    },
  )
})

describe('an odd input that is right', () => {
  it.each<Case>(ODD)('%s', async (_name, body, expected, options) => {
    expect(await verdict(body, options)).toBe(expected)
    expect(await verdict(body, { ...options, piece: 1 })).toBe(expected)
  })
})

describe('a dialect that cannot be', () => {
  it.each([{ delimiter: '' }, { delimiter: '\n' }, { quote: '' }, { delimiter: '"' }, { quote: ',' }])(
    '%j is a mistake of the configuration',
    async (options) => {
      await expect(readCsv(good, { options })).rejects.toMatchObject({ code: 'usage' })
    },
  )
})

describe('the place of a refusal', () => {
  it.each([
    ['a quote', `${HEAD}A,1,2\n"B,2,3\n`, 'feed.csv, line 3, column 1', 'may be cut'],
    ['a missing column', 'SKU,Prise,Stock\nA,1,2\n', 'feed.csv, line 1', 'did you mean "Prise"?'],
    ['an encoding', latin(sku('Müller')), 'feed.csv, byte 17', 'set "encoding"'],
    ['a delimiter', 'SKU;Price;Stock\nA;1;2\n', 'feed.csv, line 1', 'set "delimiter": ";"'],
    ['a cut end', good.slice(0, -1), 'feed.csv, line 3, column 3', '"finalNewline": "optional"'],
  ])('names where, and a remedy, for %s', async (_name, body, where, hint) => {
    await expect(readCsv(body)).rejects.toMatchObject({ where, hint: expect.stringContaining(hint) })
  })
})
