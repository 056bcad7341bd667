/**
 * Finds keys that occur twice among millions without keeping the keys: 12 bytes a row, the 64-bit hash and the line. Two
 * different keys with one hash (one reading of a million rows in some thirty million) reject two rows that were good,
 * which is the safe side.
 */
export interface KeyRegister {
  add(key: string, line: number): void
  /** By line: every line that holds the same key, in file order; lines of single keys are absent. */
  duplicates(): ReadonlyMap<number, readonly number[]>
}

export const keyRegister = (): KeyRegister => {
  let halves = new Uint32Array(2 * 1024)
  let lines = new Uint32Array(1024)
  let count = 0
  return {
    add: (key, line) => {
      if (count === lines.length) {
        halves = doubled(halves)
        lines = doubled(lines)
      }
      hashInto(key, halves, count * 2)
      lines[count] = line
      count += 1
    },
    duplicates: () => {
      const hashes = new BigUint64Array(halves.buffer, 0, count)
      const twice = repeated(hashes)
      const groups = new Map<bigint, number[]>([...twice].map((hash) => [hash, []]))
      const byLine = new Map<number, readonly number[]>()
      if (twice.size === 0) return byLine
      for (let index = 0; index < count; index += 1) {
        const group = groups.get(hashes[index] ?? 0n)
        const line = lines[index] ?? 0
        group?.push(line)
        if (group) byLine.set(line, group)
      }
      return byLine
    },
  }
}

const doubled = (from: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> => {
  const to = new Uint32Array(from.length * 2)
  to.set(from)
  return to
}

const repeated = (hashes: BigUint64Array): ReadonlySet<bigint> => {
  const sorted = hashes.slice().sort()
  const found = new Set<bigint>()
  for (let index = 1; index < sorted.length; index += 1) {
    const hash = sorted[index] ?? 0n
    if (hash === sorted[index - 1]) found.add(hash)
  }
  return found
}

/** Two multiplicative 32-bit lanes over UTF-16 units, mixed into each other at the end (the cyrb53 construction). */
const hashInto = (text: string, target: Uint32Array, at: number): void => {
  let left = 0xdeadbeef
  let right = 0x41c6ce57
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    left = Math.imul(left ^ unit, 2_654_435_761)
    right = Math.imul(right ^ unit, 1_597_334_677)
  }
  left = Math.imul(left ^ (left >>> 16), 2_246_822_507) ^ Math.imul(right ^ (right >>> 13), 3_266_489_909)
  right = Math.imul(right ^ (right >>> 16), 2_246_822_507) ^ Math.imul(left ^ (left >>> 13), 3_266_489_909)
  target[at] = left
  target[at + 1] = right
}
