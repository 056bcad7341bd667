import type { Encoding } from './decode.ts'

/** All of a text without its byte order mark; bytes that are none come out as what `encodeText` does not turn back. */
export const decodeWhole = (bytes: Uint8Array, encoding: Encoding): string =>
  new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes, {
    stream: encoding === 'windows-1252' || encoding === 'latin1',
  })

/** The bytes of a text; undefined when the encoding has not all of its characters. */
export const encodeText = (text: string, encoding: Encoding): Uint8Array | undefined => {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text, 'utf8')
    case 'utf-16le':
      return Buffer.from(text, 'utf16le')
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16()
    default:
      return windows1252(text)
  }
}

let codes: ReadonlyMap<string, number> | undefined

const windows1252 = (text: string): Uint8Array | undefined => {
  codes ??= new Map(
    [
      ...decodeWhole(
        Uint8Array.from({ length: 256 }, (_none, code) => code),
        'windows-1252',
      ),
    ].map((one, code) => [one, code]),
  )
  const bytes = Buffer.alloc(text.length)
  for (let at = 0; at < text.length; at += 1) {
    const code = codes.get(text[at] ?? '')
    if (code === undefined) return undefined
    bytes[at] = code
  }
  return bytes
}
