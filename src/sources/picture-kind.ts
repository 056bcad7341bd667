/**
 * The media type of a picture, told by its first bytes; undefined where a store takes no such file (docs/bigcommerce.md, Images).
 * A WBMP has no mark of its own, so it has to be as long as its size says.
 */
export const pictureKind = (bytes: Uint8Array): string | undefined =>
  KINDS.find(([, mark]) => mark.test(latin(bytes.subarray(0, LOOKED_AT))))?.[0] ??
  (isWbmp(bytes) ? 'image/vnd.wap.wbmp' : undefined)

const LOOKED_AT = 1024

/** One character a byte. */
const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

const KINDS: readonly (readonly [string, RegExp])[] = [
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/png', /^\x89PNG\r\n.\n/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/],
  ['image/bmp', /^BM[\s\S]{4}\0{4}/],
  ['image/x-xbitmap', /^\s*(?:\/\*[\s\S]*?\*\/\s*)?#define\s+\w*width\s+\d/],
]

/** Two zeros, width and height in groups of seven bits, then one bit a pixel. */
const isWbmp = (bytes: Uint8Array): boolean => {
  if (bytes[0] !== 0 || bytes[1] !== 0) return false
  let at = 2
  const next = (): number => {
    let value = 0
    for (let groups = 0; groups < MOST_GROUPS; groups += 1) {
      const byte = bytes[at] ?? 0
      at += 1
      value = value * 128 + (byte & 127)
      if (byte < 128) return value
    }
    return 0
  }
  const [width, height] = [next(), next()]
  return width > 0 && height > 0 && bytes.length === at + Math.ceil(width / 8) * height
}

const MOST_GROUPS = 3
