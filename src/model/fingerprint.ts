import type { SourceRow } from './source.ts'
import { stableJson, type Value, type Values } from './value.ts'

/**
 * 64 bits that stand for a text, for bytes or for a row: two 32-bit lanes after MurmurHash3, each with its own multipliers, mixed
 * into each other at the end. Among a million two different things share one in some thirty million times.
 * One object is used over and over; `a` and `b` are the halves after `end`.
 */
export class Fingerprint {
  a = 0
  b = 0
  private length = 0

  /** Begins anew, or where another fingerprint ended: then what is told apart there is told apart here. */
  begin(a = 0x2f0b_44a1, b = 0x51c8_2d37): this {
    this.a = a | 0
    this.b = b | 0
    this.length = 0
    return this
  }

  bytes(view: DataView, from: number, to: number): this {
    let { a, b } = this
    let at = from
    for (; at + 4 <= to; at += 4) {
      const word = view.getUint32(at, true)
      a = laneA(a, word)
      b = laneB(b, word)
    }
    let rest = 0
    for (let shift = 0; at < to; at += 1, shift += 8) rest |= view.getUint8(at) << shift
    this.a = laneA(a, rest)
    this.b = laneB(b, rest)
    this.length += to - from + 1
    return this
  }

  text(text: string): this {
    let { a, b } = this
    const even = text.length & ~1
    for (let at = 0; at < even; at += 2) {
      const word = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16)
      a = laneA(a, word)
      b = laneB(b, word)
    }
    const rest = even < text.length ? text.charCodeAt(even) : 0
    // The length between two texts keeps "ab", "c" from being "a", "bc".
    this.a = laneA(laneA(a, rest), text.length)
    this.b = laneB(laneB(b, rest), text.length)
    this.length += text.length + 1
    return this
  }

  value(value: Value): this {
    if (typeof value === 'string') return this.text('s').text(value)
    return this.text(typeof value === 'object' ? `j${stableJson(value)}` : `${typeof value}${value}`)
  }

  end(): this {
    let a = this.a ^ this.length
    let b = this.b ^ this.length
    a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
    b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
    this.a = (a ^ (a >>> 16)) >>> 0
    this.b = (b ^ (b >>> 15)) >>> 0
    return this
  }

  /** Of a key as `matchText` makes it. */
  ofKey(key: string): this {
    return this.begin().text(key).end()
  }

  /** Of what a row says: its key as it is written, and each value by its field's name. */
  ofRow({ key, values }: Pick<SourceRow, 'key' | 'values'>): this {
    return this.begin().named(key).text('\n').named(values).end()
  }

  private named(values: Values): this {
    for (const name in values) this.text(name).value(values[name] ?? null)
    return this
  }
}

const laneA = (state: number, word: number): number => {
  const mixed = Math.imul(word, 0xcc9e2d51)
  const next = state ^ Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0
}

const laneB = (state: number, word: number): number => {
  const mixed = Math.imul(word, 0x239b961b)
  const next = state ^ Math.imul((mixed << 16) | (mixed >>> 16), 0xab0e9789)
  return (Math.imul((next << 17) | (next >>> 15), 9) + 0x561ccd1b) | 0
}
