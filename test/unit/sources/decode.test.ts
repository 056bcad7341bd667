import { describe, expect, it } from 'vitest'
import { decodeText, type Encoding } from '../../../src/sources/decode.ts'

const decode = async (bytes: Uint8Array, declared: Encoding | undefined, piece: number): Promise<string> => {
  const pieces = (async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
  })()
  let text = ''
  for await (const part of decodeText(pieces, declared, 'feed.csv')) text += part
  return text
}

const TEXT = 'Größe €5, 日本, \u{1f600}\n'
const marked = `\ufeff${TEXT}`

describe('D1, D2: the text of a file', () => {
  it.each<[string, Uint8Array, Encoding | undefined]>([
    ['UTF-8', Buffer.from(TEXT), undefined],
    ['UTF-8 with its mark', Buffer.from(marked), undefined],
    ['UTF-8 with its mark, declared', Buffer.from(marked), 'utf-8'],
    ['UTF-16LE by its mark', Buffer.from(marked, 'utf16le'), undefined],
    ['UTF-16LE as declared', Buffer.from(TEXT, 'utf16le'), 'utf-16le'],
    ['UTF-16BE by its mark', Buffer.from(marked, 'utf16le').swap16(), undefined],
    ['UTF-16BE as declared', Buffer.from(TEXT, 'utf16le').swap16(), 'utf-16be'],
  ])('is the same from %s, in pieces of any size', async (_name, bytes, declared) => {
    for (const piece of [1, 2, 3, 7, 1000]) expect(await decode(bytes, declared, piece)).toBe(TEXT)
  })

  it.each(['windows-1252', 'latin1'] as const)('is read from %s as programs on Windows write it', async (declared) => {
    const bytes = Buffer.from([0x47, 0xf6, 0x80, 0x92])
    for (const piece of [1, 1000]) expect(await decode(bytes, declared, piece)).toBe('Gö€’')
  })

  it('is refused with the offset of the first bad byte, wherever the pieces end', async () => {
    const bytes = Buffer.concat([Buffer.from(TEXT), Buffer.from([0xe9, 0x20]), Buffer.from(TEXT)])
    for (const piece of [1, 2, 3, 5, 1000]) {
      await expect(decode(bytes, undefined, piece)).rejects.toMatchObject({
        where: `feed.csv, byte ${Buffer.byteLength(TEXT)}`,
        hint: expect.stringContaining('windows-1252'),
      })
    }
  })

  it('may be a single byte', async () => {
    expect(await decode(Buffer.from('a'), undefined, 1)).toBe('a')
  })
})
