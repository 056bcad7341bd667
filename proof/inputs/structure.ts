import { gzipSync } from 'node:zlib'
import { fileOf, GOODS, HEAD, type Input, lineOf, NOTHING, RIGHT, today } from './goods.ts'

const GOOD = fileOf(today())
const ROWS = GOOD.slice(HEAD.length + 1)
/** Today's feed with its first row in other words. */
const firstRow = (line: string): string => `${HEAD}\n${line}\n${today().slice(1).map(lineOf).join('\n')}\n`

type More = Partial<Pick<Input, 'options' | 'format'>>
const refused = (title: string, file: Input['file'], why: string, more: More = {}): Input => ({
  title,
  file,
  says: `refused: feed.csv${why}`,
  writes: NOTHING,
  ...more,
})
const right = (title: string, file: Input['file'], more: More = {}): Input => ({
  title,
  file,
  says: '',
  writes: RIGHT,
  ...more,
})
const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))
const split = (what: string, holds: string): string =>
  ` has one column when it is split at ${what}, and its first line holds a ${holds}`
const lacks = (names: string, columns: number, shown: string): string =>
  ` has no column ${names}; it has ${columns}: ${shown}`
const ALL = '"SKU", "Name", "Price", "Cost", "Stock"'
const UNOPENED = ': found a quote inside a cell that does not begin with one in the record that starts on line 2'

const NOTHING_THERE: readonly Input[] = [
  refused('D9: no byte', '', ' is empty'),
  refused('D9: one line ending', '\n', ' is empty'),
  refused('D9: blank lines only', '\r\n\r\n\n', ' is empty'),
  refused('D9: delimiters only', ',,,,\n,,,,\n', ' is empty'),
  refused('D9: a byte order mark only', bytes([0xef, 0xbb, 0xbf]), ' is empty'),
  refused('D9: a header only', `${HEAD}\n`, ' has a header and no rows'),
  refused('D9: a header and blank lines', `${HEAD}\n\n,,,,\n`, ' has a header and no rows'),
  refused('D9: one blank', ' ', ' may be cut: its last line 1 has no line ending'),
]

const COLUMNS: readonly Input[] = [
  refused(
    'D8: a missing column',
    fileOf(today(), 'SKU,Name,Cost,Stock,x'),
    lacks('"Price"', 5, 'SKU, Name, Cost, Stock, x'),
  ),
  refused(
    'D8: two missing columns',
    fileOf(today(), 'SKU,Name,a,b,Stock'),
    lacks('"Price", "Cost"', 5, 'SKU, Name, a, b, Stock'),
  ),
  refused(
    'D8: a column in other letters',
    fileOf(today(), 'SKU,Name,price,Cost,Stock'),
    lacks('"Price"', 5, 'SKU, Name, price, Cost, Stock'),
  ),
  refused(
    'D8: a column under another name',
    fileOf(today(), 'SKU,Name,Unit price,Cost,Stock'),
    lacks('"Price"', 5, 'SKU, Name, Unit price, Cost, Stock'),
  ),
  refused('D8: no header', ROWS, lacks(ALL, 5, 'G-01, Mug 1, 12.45, 5.25, 40')),
  refused('D8: a line above the header', `Price list of March\n${GOOD}`, lacks(ALL, 1, 'Price list of March')),
  refused('D8: Excel’s own line above the header', `sep=,\n${GOOD}`, lacks(ALL, 2, 'sep=')),
  refused(
    'D7: a column twice',
    fileOf(today(), 'SKU,Name,Price,Price,Stock'),
    ' names two columns "Price", the 3. and the 4.',
  ),
  refused(
    'D7: a column twice, once with a blank',
    fileOf(today(), 'SKU,Name,Price, Price,Stock'),
    ' names two columns "Price", the 3. and the 4.',
  ),
  refused('D7: a header twice in one line', `${HEAD},${HEAD}\n`, ' names two columns "SKU", the 1. and the 6.'),
  refused('D29: 2,001 columns', `${HEAD}${',x'.repeat(1996)}\n`, ' has 2001 columns; at most 2000 are read'),
  refused(
    'D28: a NUL in the name of a column',
    fileOf(today(), 'SKU,Na\0me,Price,Cost,Stock'),
    ': the name of column 2 holds the unprintable character U+0000',
  ),
  refused(
    'D25: an unseen character in the name of a column',
    fileOf(today(), 'SKU,Name,Price\u200b,Cost,Stock'),
    ': the name of column 3 holds the unprintable character U+200B',
  ),
  refused('D8: too few columns without a header', 'G-01,Mug 1,12.45\n', lacks('"4", "5"', 3, '1, 2, 3'), {
    options: { header: false },
  }),
  right(
    'D8: columns in another order',
    `Stock,Price,SKU,Cost,Name\n${today()
      .map(({ stock, price, sku, cost, name }) => [stock, price, sku, cost, name].join(','))
      .join('\n')}\n`,
  ),
  right('D8: blanks around the name of a column', fileOf(today(), 'SKU , Name,\tPrice,Cost ,Stock')),
  right(
    'D8: columns that nobody asked for',
    `${HEAD},Note,\n${today()
      .map((one) => `${lineOf(one)},x,`)
      .join('\n')}\n`,
  ),
  right(
    'D31: columns that every object has',
    `${HEAD},__proto__,constructor,toString\n${today()
      .map((one) => `${lineOf(one)},1,2,3`)
      .join('\n')}\n`,
  ),
  right('D8: columns by number', ROWS, { options: { header: false } }),
  {
    title: 'D12: a header in the middle is a row that cannot be read',
    file: `${GOOD}${HEAD}\n`,
    says: '42 Price: not a number',
    writes: RIGHT,
  },
]

const DELIMITERS: readonly Input[] = [
  refused('D5: semicolons', GOOD.replaceAll(',', ';'), split('comma', 'semicolon')),
  refused('D5: tabs', GOOD.replaceAll(',', '\t'), split('comma', 'tab')),
  refused('D5: pipes', GOOD.replaceAll(',', '|'), split('comma', 'pipe')),
  refused('D5: commas where semicolons are declared', GOOD, split('semicolon', 'comma'), {
    options: { delimiter: ';' },
  }),
  refused('D5: carets', GOOD.replaceAll(',', '^'), lacks(ALL, 1, 'SKU^Name^Price^Cost^Stock')),
  refused(
    'D5: columns of fixed width',
    today()
      .map((one) => lineOf(one).replaceAll(',', '   '))
      .join('\n')
      .concat('\n'),
    lacks(ALL, 1, 'G-01   Mug 1   12.45   5.25   40'),
  ),
  right('D5: semicolons, declared', GOOD.replaceAll(',', ';'), { options: { delimiter: ';' } }),
  right('D5: tabs, declared', GOOD.replaceAll(',', '\t'), { options: { delimiter: '\t' } }),
  right('D5: pipes, declared', GOOD.replaceAll(',', '|'), { options: { delimiter: '|' } }),
  refused(
    'D5: commas in the rows below a header of semicolons',
    `${HEAD.replaceAll(',', ';')}\n${ROWS}`,
    split('comma', 'semicolon'),
  ),
  {
    title: 'D5, D6: semicolons in the rows below a header of commas',
    file: `${HEAD}\n${ROWS.replaceAll(',', ';')}`,
    says: 'blocked: maxSourceDrop',
    writes: NOTHING,
  },
]

const QUOTES: readonly Input[] = [
  refused(
    'D3: a quote that is never closed',
    firstRow('"G-01,Mug 1,12.45,5.25,40'),
    ': a quote is opened and never closed in the record that starts on line 2',
  ),
  refused(
    'D3: a quote that is never closed in the last row',
    `${GOOD}"G-41,Mug,1,1,1\n`,
    ': a quote is opened and never closed in the record that starts on line 42',
  ),
  refused(
    'D3: a quote that is never closed in the header',
    `"${GOOD}`,
    ': a quote is opened and never closed in the record that starts on line 1',
  ),
  refused(
    'D4: a quote that closes inside a cell',
    firstRow('"G-01"x,Mug 1,12.45,5.25,40'),
    ': expected the delimiter or a line ending after a closing quote, found something else in the record that starts on line 2',
  ),
  refused('D4: a quote inside a bare cell', firstRow('G-01,Mug 19",12.45,5.25,40'), UNOPENED),
  refused('D4: a blank before a quote', firstRow('G-01, "Mug 1",12.45,5.25,40'), UNOPENED),
  refused(
    'D29: a record of five million characters',
    firstRow(`G-01,"${'x'.repeat(5_000_000)}`),
    ': more than 4000000 bytes in the record that starts on line 2',
  ),
  right('D4: every cell in quotes', GOOD.replace(/[^,\n]+/g, '"$&"')),
  right('D4: another quote, declared', GOOD.replace(/[^,\n]+/g, "'$&'"), { options: { quote: "'" } }),
  {
    title: 'D4: doubled quotes, delimiters and line endings inside quotes',
    file: firstRow('G-01,"Mug, 19"" wide,\nin two lines",12.45,5.25,40'),
    says: '',
    writes: { 'G-01': { name: 'Mug, 19" wide,\nin two lines' }, ...RIGHT },
  },
  {
    title: 'D4: quotes that are text, declared',
    file: firstRow('G-01,Mug 19",12.45,5.25,40'),
    options: { quote: false },
    says: '',
    writes: { 'G-01': { name: 'Mug 19"' }, ...RIGHT },
  },
  right('D4: CRLF', GOOD.replaceAll('\n', '\r\n')),
  right('D4: CR', GOOD.replaceAll('\n', '\r')),
  right(
    'D4: line endings of all kinds',
    GOOD.split('\n')
      .map((line, at) => `${line}${['\n', '\r\n', '\r'][at % 3]}`)
      .join('')
      .trimEnd()
      .concat('\r\n'),
  ),
  {
    title: 'D4: a bad row behind line endings inside quotes is named by its own line',
    file: firstRow('G-01,Mug 1,12.45,5.25,40\nG-42,"in\r\nthree\nlines",1,1,1\nG-43,Mug,x,1,1'),
    says: '6 Price: not a number',
    writes: RIGHT,
  },
  {
    title: 'D4: a bad row behind blank lines is named by its own line',
    file: fileOf(today({ 'G-02': { price: 'x' } })).replaceAll('\n', '\n\n'),
    says: '5 Price: not a number',
    writes: RIGHT,
  },
  right('D4: blank lines between the rows', GOOD.replaceAll('\n', '\n\n')),
]

const RAGGED: readonly Input[] = [
  ...[1, 2, 3, 4, 6, 7, 20].map(
    (cells): Input => ({
      title: `D6: a row of ${cells} cells`,
      file: firstRow(['G-01', 'Mug 1', '99', '5', '5', ...Array(15).fill('1')].slice(0, cells).join(',')),
      says: `2: a row of ${cells} cells where 5 are expected`,
      writes: RIGHT,
    }),
  ),
  {
    title: 'D6: a name with a comma that nobody quoted shifts no price',
    file: firstRow('G-01,Mug, blue,12.99,5.25,40'),
    says: '2: a row of 6 cells where 5 are expected',
    writes: RIGHT,
  },
  {
    title: 'D6: an amount with a decimal comma that nobody quoted shifts no price',
    file: firstRow('G-01,Mug 1,12,99,5.25,40'),
    says: '2: a row of 6 cells where 5 are expected',
    writes: RIGHT,
  },
  {
    title: 'D6: a line of words at the end',
    file: `${GOOD}40 rows\n`,
    says: '42: a row of 1 cells where 5 are expected',
    writes: RIGHT,
  },
  {
    title: 'D6: a comma too many in every row but the header',
    file: `${HEAD}\n${ROWS.replaceAll('\n', ',\n')}`,
    says: 'blocked: maxSourceDrop',
    writes: NOTHING,
  },
]

/** What a file is that is no feed at all shows in its first line; the message quotes it. */
const foreign = (title: string, text: string, columns = 1): Input =>
  refused(title, text, lacks(ALL, columns, text.split('\n')[0] ?? ''))
const UNOPENED_AT_ONCE = UNOPENED.replace('line 2', 'line 1')
const notText = (at: number, after: string): string =>
  ` is not UTF-8 text at byte ${at}, after ${JSON.stringify(after)}`

const OTHER_FILES: readonly Input[] = [
  foreign('D5: a page of HTML', '<!DOCTYPE html>\n<html><body><h1>Please log in</h1></body></html>\n'),
  foreign('D5: a page of HTML with commas', '<html><title>502, Bad Gateway</title>\n<body>a,b,c</body></html>\n', 2),
  foreign('D5: SQL', "INSERT INTO items VALUES ('G-01', 'Mug 1', 12.45);\n", 3),
  foreign('D5: an error of the exporting program', 'Warning: mysqli::query(): MySQL server has gone away on line 12\n'),
  foreign('D5: an error above the feed', `Notice: Undefined index: cost in export.php on line 3\n${GOOD}`),
  foreign('D5: YAML', '- sku: G-01\n  price: 12.45\n'),
  foreign('D5: a mail', 'Subject: price list\n\nHello, please find it attached.\n'),
  foreign('D5: a checksum', 'd41d8cd98f00b204e9800998ecf8427e  feed.csv\n'),
  foreign('D5: a listing of a folder', 'total 12\n-rw-r--r-- 1 erp erp 2048 Mar  2 08:00 feed.csv\n'),
  foreign('D5: an empty list of JSON', '[]\n'),
  refused('D5: JSON', `${JSON.stringify(today())}\n`, UNOPENED_AT_ONCE),
  refused(
    'D5: JSON by lines',
    `${today()
      .map((one) => JSON.stringify(one))
      .join('\n')}\n`,
    UNOPENED_AT_ONCE,
  ),
  refused('D5: XML', '<?xml version="1.0"?>\n<rows><row sku="G-01"/></rows>\n', UNOPENED_AT_ONCE),
  refused(
    'D33: a ZIP archive, as an Excel file is one',
    bytes([0x50, 0x4b, 0x03, 0x04, 0x14, 0, 0, 0, 8, 0], GOOD),
    ': the name of column 1 holds the unprintable character U+0003',
  ),
  refused('D33: an Excel file of old', bytes([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], GOOD), notText(0, '')),
  refused('S22: a compressed file', gzipSync(GOOD), notText(1, '\u001f')),
  refused(
    'S22: a compressed file of ten million blanks',
    gzipSync(Buffer.alloc(10_000_000, ' ')),
    notText(1, '\u001f'),
  ),
  refused('D5: a PDF', bytes('%PDF-1.7 ', [0xe2, 0xe3, 0xcf, 0xd3], '\n1 0 obj\n'), notText(9, '%PDF-1.7 ')),
  refused('D5: a picture', bytes([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]), notText(0, '')),
  refused(
    'D5: a database',
    bytes('SQLite format 3\0', [16, 0, 1, 1]),
    ' may be cut: its last line 1 has no line ending',
  ),
  refused('D5: zeros only', new Uint8Array(4096), ' may be cut: its last line 1 has no line ending'),
  refused(
    'D5: bytes of chance',
    Uint8Array.from({ length: 4096 }, (_, at) => (at * 2_654_435_761) >>> 24),
    notText(1, '\0'),
  ),
]

const CUT: readonly Input[] = [
  refused('D10: a last line without its end', GOOD.slice(0, -1), ' may be cut: its last line 41 has no line ending'),
  refused('D10: a last line cut inside a count', GOOD.slice(0, -2), ' may be cut: its last line 41 has no line ending'),
  refused('D10: a header without its end', HEAD, ' may be cut: its last line 1 has no line ending'),
  refused(
    'D10: a short last line, though the last ending is optional',
    GOOD.slice(0, -12),
    ' is cut: its last line 41 has 3 of 5 cells and no line ending',
    { options: { finalNewline: 'optional' } },
  ),
  refused(
    'D10: a file that ends in zeros',
    bytes(GOOD, [0, 0, 0, 0]),
    ' is cut: its last line 42 has 1 of 5 cells and no line ending',
  ),
  refused(
    'D10: a file whose second half is zeros',
    bytes(GOOD.slice(0, 600), Array(600).fill(0)),
    ' is cut: its last line 24 has 2 of 5 cells and no line ending',
  ),
  right('D10: a last line without its end where that is declared', GOOD.slice(0, -1), {
    options: { finalNewline: 'optional' },
  }),
  {
    title: 'D10: two files one behind the other',
    file: GOOD + fileOf(GOODS),
    says: 'blocked: maxSourceDrop',
    writes: NOTHING,
  },
  refused(
    'D10: the beginning of a file behind a whole one',
    GOOD + GOOD.slice(0, 300),
    ' may be cut: its last line 53 has no line ending',
  ),
  {
    title: 'D10: the first half of a file, to the end of a line',
    file: fileOf(today().slice(0, 20)),
    says: 'blocked: maxSourceDrop',
    writes: NOTHING,
  },
  {
    title: 'D10: the second half of a file, below its header',
    file: fileOf(today().slice(20)),
    says: 'blocked: maxSourceDrop',
    writes: NOTHING,
  },
]

export const STRUCTURE: readonly Input[] = [
  ...NOTHING_THERE,
  ...COLUMNS,
  ...DELIMITERS,
  ...QUOTES,
  ...RAGGED,
  ...OTHER_FILES,
  ...CUT,
]
