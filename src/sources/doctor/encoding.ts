import { decodeWhole, encodeText } from '../encode.ts'
import type { CellRule } from './finding.ts'

/** Text that was read in a wrong encoding on its way (`Ã¼`), control characters, and characters that are lost (U+FFFD). */
export const encoding: CellRule = ({ text, known }) => {
  if (PLAIN.test(text)) return undefined
  const repair = wellRead(text).replace(CONTROL, printable)
  if (LOST.test(repair)) return { problem: 'text with characters that are lost (U+FFFD)', repair: whole(repair, known) }
  if (repair === text) return undefined
  return {
    problem:
      text.replace(CONTROL, printable) === text ? 'text read in a wrong encoding' : 'text with control characters',
    repair,
  }
}

const PLAIN = /^[\t\n\r\x20-\x7e]*$/

/** What Windows-1252 makes of the later bytes of a character in UTF-8. */
const LATER = '[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]'
/** After Ä and Å, a sign of a brand is more likely a sign of a brand. */
const MISREAD = new RegExp(`(?:[ÂÃ]|[ÄÅ](?![®™©]))${LATER}|[âï]${LATER}{2}|ð${LATER}{3}`, 'g')

/** Text that was misread twice is read again twice. */
const wellRead = (text: string): string => {
  const again = text.replace(MISREAD, readAgain)
  return again === text ? text : wellRead(again)
}

const readAgain = (text: string): string => {
  const bytes = encodeText(text, 'windows-1252')
  const again = bytes && decodeWhole(bytes, 'utf-8')
  return again === undefined || again.includes('\ufffd') ? text : again
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g

/** Windows-1252 that was read as Latin-1 becomes what it was; anything else goes. */
const printable = (control: string): string => {
  const code = control.charCodeAt(0)
  const meant = code < 0x80 ? '' : decodeWhole(Uint8Array.of(code), 'windows-1252')
  return meant === control ? '' : meant
}

const LOST = /\ufffd|\p{Cs}/u

/** The store's text, where it is the same but for the lost characters. */
const whole = (text: string, known: unknown): string | null => {
  if (typeof known !== 'string' || LOST.test(known)) return null
  const parts = text.split(/[\ufffd\p{Cs}]+/u).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^\\x00-\\x7f]{1,3}')}$`).test(known) ? known : null
}
