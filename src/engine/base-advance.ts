import type { BaseRow, Mirror } from '../mirror/index.ts'

/** What the base is to advance to once a snapshot is accepted: set aside as it comes, because at first contact it is every row. */
export class BaseAdvance {
  readonly #mirror: Pick<Mirror, 'setAside' | 'saveAside'>
  #rows: BaseRow[] = []
  #isBeginning = true

  constructor(mirror: Pick<Mirror, 'setAside' | 'saveAside'>) {
    this.#mirror = mirror
  }

  add(row: BaseRow): void {
    this.#rows.push(row)
    if (this.#rows.length >= BATCH) this.#setAside()
  }

  save(sync: string, at: string): void {
    this.#setAside()
    this.#mirror.saveAside(sync, at)
  }

  #setAside(): void {
    if (!this.#rows.length && !this.#isBeginning) return
    this.#mirror.setAside(this.#rows, this.#isBeginning)
    this.#isBeginning = false
    this.#rows = []
  }
}

const BATCH = 1000
