/** Finds rows of a packed table by one of their fingerprints. */
export class PrintIndex {
  readonly #words: Uint32Array
  readonly #stride: number
  readonly #offset: number
  /** Row numbers from 1; 0 where there is none. */
  readonly #slots: Uint32Array

  /** @param words Rows of `stride` words each, with the fingerprint's halves from `offset` on; a row whose halves are 0 has none. */
  constructor(words: Uint32Array, stride: number, offset: number) {
    this.#words = words
    this.#stride = stride
    this.#offset = offset
    const rows = words.length / stride
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * rows + 2)))
    const last = this.#slots.length - 1
    for (let row = 0; row < rows; row += 1) {
      const [a = 0, b = 0] = this.#printOf(row)
      if (a === 0 && b === 0) continue
      let slot = a & last
      while (this.#slots[slot] !== 0) slot = (slot + 1) & last
      this.#slots[slot] = row + 1
    }
  }

  /** The row's number from 0; -1 where no row has the fingerprint. */
  find(a: number, b: number): number {
    const words = this.#words
    const slots = this.#slots
    const last = slots.length - 1
    for (let slot = a & last; slots[slot] !== 0; slot = (slot + 1) & last) {
      const at = ((slots[slot] ?? 0) - 1) * this.#stride + this.#offset
      if (words[at] === a && words[at + 1] === b) return (slots[slot] ?? 0) - 1
    }
    return -1
  }

  #printOf(row: number): readonly [number | undefined, number | undefined] {
    const at = row * this.#stride + this.#offset
    return [this.#words[at], this.#words[at + 1]]
  }
}
