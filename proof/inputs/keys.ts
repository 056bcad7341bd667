import { fileOf, type Input, RIGHT, today } from './goods.ts'

const withKey = (sku: string): string => fileOf(today({ 'G-01': { sku } }))
const code = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

const bad = (title: string, sku: string, reason: string, column = 'SKU'): Input => ({
  title,
  file: withKey(sku),
  says: `2${column && ` ${column}`}: ${reason}`,
  writes: RIGHT,
})
/** The key is no key of the store, which is told and changes nothing. */
const unknown = (title: string, sku: string): Input => ({ title, file: withKey(sku), says: '', writes: RIGHT })
/** The key is found all the same. */
const known = (title: string, sku: string): Input => ({
  title,
  file: fileOf(today({ 'G-01': { sku, price: '12.99' } })),
  says: '',
  writes: { 'G-01': { price: 12.99 }, ...RIGHT },
})

const INVISIBLE = [
  ...['\u00a0', '\u00ad', '\u034f', '\u061c', '\u115f', '\u1160', '\u1680', '\u180e', '\u2000', '\u2003', '\u2009'],
  ...['\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2028', '\u2029', '\u202a', '\u202e', '\u202f', '\u205f'],
  ...['\u2060', '\u2066', '\u2069', '\u3000', '\u3164', '\ufeff', '\uffa0', '\u{e0041}'],
]
const CONTROLS = [0, 1, 2, 7, 8, 11, 12, 14, 0x1a, 0x1b, 0x1c, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f].map((at) =>
  String.fromCodePoint(at),
)
const SHORTENED = 'a number that a spreadsheet has shortened; format the column as text and export again'

export const KEYS: readonly Input[] = [
  ...INVISIBLE.map((one) =>
    bad(`D25: ${code(one)} inside a key`, `G-${one}01`, `text with the invisible character ${code(one)} in the key`),
  ),
  ...['\u00a0', '\u200b', '\ufeff', '\u3000'].map((one) =>
    bad(`D25: ${code(one)} behind a key`, `G-01${one}`, `text with the invisible character ${code(one)} in the key`),
  ),
  bad('D25: a tab inside a key', 'G-\t01', 'text with the invisible character U+0009 in the key'),
  ...CONTROLS.map((one) =>
    bad(`D28: ${code(one)} inside a key`, `G-01${one}`, `text with the control character ${code(one)}`),
  ),
  bad(
    'D28: a character that an earlier program could not decode',
    'G-\ufffd1',
    'text with a character that could not be decoded (U+FFFD)',
  ),
  known('D25: blanks around a key are no part of it', '  G-01 '),
  known('D25: a tab around a key is no part of it', '\tG-01'),
  known('D24: a key in other letters', 'g-01'),
  ...['4.01235E+12', '4E+12', '1.23e+05', '4.01235E+123'].map((sku) => bad(`D23: the key ${sku}`, sku, SHORTENED)),
  bad('D23: the key 4,01235E+12', '"4,01235E+12"', SHORTENED),
  ...['01.Mrz', '1-Mar', 'MAR1', '2026-03-01', '44927', '3/1/2026'].map((sku) =>
    unknown(`D23: the key ${sku}, once a number of an article`, sku),
  ),
  bad('D15: the key #N/A', '#N/A', 'an error of a spreadsheet formula'),
  bad('D15: the key #REF!', '#REF!', 'an error of a spreadsheet formula'),
  bad('D15: a blank key', '', 'a blank key'),
  bad('D15: a key of blanks', '   ', 'a blank key'),
  unknown('D22: a key without its leading zero', 'G-1'),
  unknown('D22: a key with a zero too many', 'G-001'),
  unknown('D27: a key with a Cyrillic letter that looks alike', '\u0421-01'),
  unknown('D27: a key with an emoji', 'G-01\u{1f600}'),
  unknown('D27: a key in digits that look alike', 'G-\uff10\uff11'),
  unknown('D30: a key that is a formula', '=1+1'),
  unknown('D31: the key __proto__', '__proto__'),
  unknown('S21: the key constructor', 'constructor'),
  unknown('S8: a key that is SQL', "G-01'; DROP TABLE products; --"),
  unknown('S7: a key that is a path', '../../etc/passwd'),
  bad('D29: a key of 256 characters', 'x'.repeat(256), 'longer than 255 characters'),
  bad('D29: a key of more than a million characters', 'x'.repeat(1_000_001), 'longer than 1000000 characters'),
  {
    title: 'D12: the same row twice',
    file: fileOf([...today(), ...today().slice(0, 1)]),
    says: '2 SKU: a key that is there 2 times: lines 2, 42 | 42 SKU: a key that is there 2 times: lines 2, 42',
    writes: RIGHT,
  },
  {
    title: 'D12: two rows of one key that want different things',
    file: fileOf([...today(), ...today({ 'G-20': { price: '12.99' } }).slice(19, 20)]),
    says: '21 SKU: a key that is there 2 times: lines 21, 42 | 42 SKU: a key that is there 2 times: lines 21, 42',
    writes: { 'G-21': { inventory_level: 77 } },
  },
  {
    title: 'D12, D24: two rows whose keys differ in case only',
    file: fileOf([...today(), ...today({ 'G-20': { sku: 'g-20', price: '12.99' } }).slice(19, 20)]),
    says: '21 SKU: a key that is there 2 times: lines 21, 42 | 42 SKU: a key that is there 2 times: lines 21, 42',
    writes: { 'G-21': { inventory_level: 77 } },
  },
  {
    title: 'D12: a key three times, once in a row that cannot be read',
    file: fileOf([...today({ 'G-20': { price: 'x' } }), ...[0, 1].flatMap(() => today().slice(19, 20))]),
    says: '21 Price: not a number | 42 SKU: a key that is there 3 times: lines 21, 42, 43 | 43 SKU: a key that is there 3 times: lines 21, 42, 43',
    writes: { 'G-21': { inventory_level: 77 } },
  },
  {
    title: 'D12: every row twice',
    file: fileOf([...today(), ...today()]),
    says: 'blocked: maxSourceDrop',
    writes: {},
  },
  {
    title: 'D23: a column of keys that a spreadsheet has shortened',
    file: fileOf(today().map((one, at) => ({ ...one, sku: `4.01${at}E+12` }))),
    says: 'blocked: maxSourceDrop',
    writes: {},
  },
  {
    title: 'D23: a column of keys that became dates',
    file: fileOf(today().map((one, at) => ({ ...one, sku: `${1 + (at % 28)}-Mar` }))),
    says: 'blocked: maxSourceDrop',
    writes: {},
  },
  {
    title: 'D22: a column of keys that lost their zeros',
    file: fileOf(today().map((one) => ({ ...one, sku: one.sku.replace('-0', '-') }))),
    says: 'blocked: maxSourceDrop',
    writes: {},
  },
]
