/** A set of fingerprints: 16 bytes for each of a million, where a set of texts takes a hundred. */
export class PrintSet {
  size = 0
  #slots = new Uint32Array(2 * 1024)

  /** False where it was there already. */
  add(a: number, b: number): boolean {
    if (4 * this.size >= this.#slots.length) this.#grow()
    const at = slotOf(this.#slots, a, marked(b))
    if (this.#slots[at + 1] !== 0) return false
    this.#slots[at] = a
    this.#slots[at + 1] = marked(b)
    this.size += 1
    return true
  }

  has(a: number, b: number): boolean {
    return this.#slots[slotOf(this.#slots, a, marked(b)) + 1] !== 0
  }

  #grow(): void {
    const before = this.#slots
    const after = new Uint32Array(2 * before.length)
    for (let at = 0; at < before.length; at += 2) {
      const [a = 0, b = 0] = [before[at], before[at + 1]]
      if (b === 0) continue
      const slot = slotOf(after, a, b)
      after[slot] = a
      after[slot + 1] = b
    }
    this.#slots = after
  }
}

/** An empty slot has 0 for its second half. */
const marked = (b: number): number => b || 1

const slotOf = (slots: Uint32Array, a: number, b: number): number => {
  const last = slots.length - 2
  let at = (a * 2) & last
  while (slots[at + 1] !== 0 && (slots[at] !== a || slots[at + 1] !== b)) at = (at + 2) & last
  return at
}
