import { fileOf, HEAD, type Input, NOTHING, RIGHT, today } from './goods.ts'

const GOOD = fileOf(today())
/** With a name that ASCII does not hold. */
const named = (name: string): string => fileOf(today({ 'G-01': { name } }))
const MULLER = named('Müller')
const WROTE = { 'G-01': { name: 'Müller' }, ...RIGHT }
/** Where the two bytes of its ü stand. */
const AT = Buffer.from(MULLER).indexOf('ü')

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const little = (text: string): Buffer => Buffer.from(text, 'utf16le')
const big = (text: string): Buffer => little(text).swap16()
const bytes = (...parts: readonly (string | readonly number[] | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))
/** The first row's name in bytes of any kind. */
const rawName = (...name: readonly number[]): Uint8Array => {
  const text = Buffer.from(MULLER)
  return bytes(text.subarray(0, AT - 1), name, text.subarray(AT + 6))
}
const MARK = [0xef, 0xbb, 0xbf]
const notText = (at: number, after: string): string =>
  ` is not UTF-8 text at byte ${at}, after ${JSON.stringify(after)}`
const odd = (length: number): string => ` is cut: ${length} bytes are no whole number of utf-16le characters`
const NUL = ': the name of column 1 holds the unprintable character U+0000'

const refused = (title: string, file: Input['file'], why: string, options: Input['options'] = {}): Input => ({
  title,
  file,
  options,
  says: `refused: feed.csv${why}`,
  writes: NOTHING,
})
const right = (title: string, file: Input['file'], options: Input['options'] = {}): Input => ({
  title,
  file,
  options,
  says: '',
  writes: WROTE,
})

export const ENCODED: readonly Input[] = [
  right('D1: UTF-8 with its mark', bytes(MARK, MULLER)),
  right('D1: UTF-8 with its mark, declared', bytes(MARK, MULLER), { encoding: 'utf-8' }),
  right('D1: UTF-8 without a mark', MULLER),
  right('D1: UTF-16LE with its mark', little(`\ufeff${MULLER}`)),
  right('D1: UTF-16BE with its mark', big(`\ufeff${MULLER}`)),
  refused(
    'D1: the mark twice',
    bytes(MARK, MARK, GOOD),
    ': the name of column 1 holds the unprintable character U+FEFF',
  ),
  refused(
    'D1: a mark against what is declared',
    little(`\ufeff${GOOD}`),
    ' is declared as utf-8 and begins with the byte order mark of utf-16le',
    { encoding: 'utf-8' },
  ),
  refused(
    'D1: the mark of UTF-8 where Windows-1252 is declared',
    bytes(MARK, GOOD),
    ' is declared as windows-1252 and begins with the byte order mark of utf-8',
    { encoding: 'windows-1252' },
  ),
  refused('D1: half a mark', bytes([0xef, 0xbb], GOOD), ' is not UTF-8 text at byte 0, after ""'),
  refused(
    'D1: the mark of UTF-32',
    bytes([0xff, 0xfe, 0, 0, 0], GOOD),
    ' may be cut: its last line 1 has no line ending',
  ),
  {
    title: 'D1: a mark in the middle, where two files were joined',
    file: bytes(fileOf(today().slice(0, 10)), MARK, fileOf(today().slice(10)).slice(HEAD.length + 1)),
    says: '12 SKU: text with the invisible character U+FEFF in the key',
    writes: RIGHT,
  },
  right('D2: UTF-16LE, declared', little(MULLER), { encoding: 'utf-16le' }),
  right('D2: UTF-16BE, declared', big(MULLER), { encoding: 'utf-16be' }),
  right('D2: Windows-1252, declared', latin(MULLER), { encoding: 'windows-1252' }),
  right('D2: Latin-1, declared', latin(MULLER), { encoding: 'latin1' }),
  refused('D2: Latin-1, not declared', latin(MULLER), notText(AT, MULLER.slice(AT - 24, AT))),
  refused('D2: UTF-16LE without mark or declaration', little(GOOD), NUL),
  refused('D2: UTF-16BE without mark or declaration', big(GOOD), NUL),
  refused('D2: UTF-16BE declared as UTF-16LE', big(GOOD), ' may be cut: its last line 1 has no line ending', {
    encoding: 'utf-16le',
  }),
  refused('D2: UTF-8 declared as UTF-16LE', Buffer.from(GOOD), odd(GOOD.length), { encoding: 'utf-16le' }),
  refused('D2: UTF-16LE cut inside a character', little(`\ufeff${GOOD}`).subarray(0, -1), odd(GOOD.length * 2 + 1)),
  refused(
    'D2: UTF-8 and Latin-1 mixed',
    bytes(MULLER, latin('G-41,Jäger,1,1,1\n')),
    notText(Buffer.byteLength(MULLER) + 6, `${MULLER.slice(-18)}G-41,J`),
  ),
  refused('D2: a character cut at the end', bytes(GOOD, [0xc3]), notText(GOOD.length, GOOD.slice(-24))),
  refused('D2: Shift JIS', rawName(0x83, 0x7d, 0x83, 0x4f), notText(AT - 1, MULLER.slice(AT - 25, AT - 1))),
  refused('D2: GBK', rawName(0xb1, 0xad, 0xd7, 0xd3), notText(AT - 1, MULLER.slice(AT - 25, AT - 1))),
  refused('D2: KOI8-R', rawName(0xeb, 0xd2, 0xd5, 0xd6), notText(AT - 1, MULLER.slice(AT - 25, AT - 1))),
  refused('D2: an overlong encoding', rawName(0xc0, 0xaf), notText(AT - 1, MULLER.slice(AT - 25, AT - 1))),
  refused(
    'D2: half a surrogate pair in UTF-8',
    rawName(0xed, 0xa0, 0x80),
    notText(AT - 1, MULLER.slice(AT - 25, AT - 1)),
  ),
  refused(
    'D2: beyond the last code point',
    rawName(0xf4, 0x90, 0x80, 0x80),
    notText(AT - 1, MULLER.slice(AT - 25, AT - 1)),
  ),
  refused('D2: a lone byte of continuation', rawName(0x80), notText(AT - 1, MULLER.slice(AT - 25, AT - 1))),
  {
    title: 'D27: half a surrogate pair in UTF-16',
    file: little(`\ufeff${named('M\ud83d')}`),
    says: '2 Name: text with a character that could not be decoded (U+FFFD)',
    writes: RIGHT,
  },
]
