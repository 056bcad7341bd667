import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFileOf } from '../../src/diff/match-sent.ts'
import { fileAddress, fileOf } from '../../src/model/index.ts'
import { pictureKind } from '../../src/sources/picture-kind.ts'
import { multipart } from '../../src/store/multipart.ts'

const path = fc
  .array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 4 })
  .map((names) => names.join('/'))
  .filter((text) => !text.startsWith('/'))
const hash = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 })

describe('the address of a file', () => {
  it('gives back any path and hash', () => {
    fc.assert(
      fc.property(path, hash, (name, sha256) => {
        expect(fileOf(fileAddress(name, sha256))).toEqual({ path: name, sha256 })
      }),
    )
  })

  it('is nothing that a cell can hold an address of the web by', () => {
    fc.assert(fc.property(fc.webUrl(), (url) => fileOf(url) === undefined))
    for (const text of ['file:///etc/passwd', 'file:a.png', `file:/a.png#${'0'.repeat(64)}`])
      expect(fileOf(text)).toBeUndefined()
  })

  it('is known again by the name that the store keeps', () => {
    const address = fileAddress('photos/Front 100% #1.png', '0'.repeat(64))
    expect(isFileOf('f/front_100_1__12345.png', address)).toBe(true)
    expect(isFileOf('f/front_100_2__12345.png', address)).toBe(false)
  })
})

describe('a form with a file', () => {
  const text = fc.string({ unit: 'binary' }).filter((one) => !/[\r\n]/.test(one))
  it('is read as what was put in: every text, and the file byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.integer(),
        fc.boolean(),
        fc.uint8Array(),
        async (description, place, isFirst, bytes) => {
          const fields = { description, sort_order: place, is_thumbnail: isFirst }
          const upload = { field: 'image_file', name: 'a "b"; c.png', type: 'image/png', bytes }
          const content = multipart(fields, upload)
          const form = await new Response(content.bytes as string, {
            headers: { 'content-type': content.type },
          }).formData()
          const { image_file: file, ...texts } = Object.fromEntries(form)
          expect(texts).toEqual({ description, sort_order: String(place), is_thumbnail: String(isFirst) })
          expect(file).toMatchObject({ name: 'a "b"; c.png', type: 'image/png' })
          expect(new Uint8Array(await (file as File).arrayBuffer())).toEqual(new Uint8Array(bytes))
        },
      ),
    )
  })
})

describe('the kind of a picture', () => {
  const bytes = (...parts: readonly (string | readonly number[])[]) =>
    Buffer.concat(parts.map((one) => (typeof one === 'string' ? Buffer.from(one, 'latin1') : Buffer.from(one))))

  it('is told by its first bytes, for each that a store takes', () => {
    const kinds = [
      bytes([0xff, 0xd8, 0xff, 0xe0]),
      bytes('\x89PNG\r\n\x1a\n....'),
      bytes('GIF89a..'),
      bytes('GIF87a..'),
      bytes('RIFF', [1, 2, 3, 4], 'WEBPVP8 '),
      bytes('BM', [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0]),
      bytes('/* made by hand */\n#define front_width 8\n#define front_height 1\n'),
      bytes([0, 0, 9, 2, 1, 2, 3, 4]),
      bytes([0, 0, 0x81, 0, 1], new Array(16).fill(0)),
    ].map(pictureKind)
    expect(kinds).toEqual([
      'image/jpeg',
      'image/png',
      'image/gif',
      'image/gif',
      'image/webp',
      'image/bmp',
      'image/x-xbitmap',
      'image/vnd.wap.wbmp',
      'image/vnd.wap.wbmp',
    ])
  })

  it('is none for text, other files, and what is cut', () => {
    const others = [
      '',
      'BMW of 1987',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      '%PDF-1.7',
      'RIFF\x01\x02\x03\x04WAVE',
      '#define width_of 8',
      '\0\0\x09\x02\x01',
      '\0\0\0\0',
      '\xff\xd8',
    ]
    expect(others.map((one) => pictureKind(bytes(one)))).toEqual(others.map(() => undefined))
  })
})
