import { Fingerprint } from '../model/index.ts'

/**
 * Finds keys that occur twice among millions without keeping the keys: 12 bytes a row, the 64-bit hash and the line. Two
 * different keys with one hash (one reading of a million rows in some thirty million) reject two rows that were good,
 * which is the safe side.
 */
export interface KeyRegister {
  add(key: string, line: number): void
  /** Whether it holds for the fingerprint of any key. */
  some(test: (a: number, b: number) => boolean): boolean
  /** By line: every line that holds the same key, in file order; lines of single keys are absent. */
  duplicates(): ReadonlyMap<number, readonly number[]>
}

export const keyRegister = (): KeyRegister => {
  let halves = new Uint32Array(2 * 1024)
  let lines = new Uint32Array(1024)
  let count = 0
  const print = new Fingerprint()
  return {
    some: (test) => {
      for (let at = 0; at < 2 * count; at += 2) if (test(halves[at] ?? 0, halves[at + 1] ?? 0)) return true
      return false
    },
    add: (key, line) => {
      if (count === lines.length) {
        halves = doubled(halves)
        lines = doubled(lines)
      }
      print.ofKey(key)
      halves[count * 2] = print.a
      halves[count * 2 + 1] = print.b
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
