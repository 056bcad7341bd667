import type { DriftCause, DriftRow } from '../model/index.ts'

/** Counts what disagrees, and keeps the first rows of it. */
export class DriftBook {
  readonly #counts = new Map<DriftCause, number>()
  readonly #rows: DriftRow[] = []
  unsettled = 0
  sampled = 0
  of = 0

  add(row: DriftRow): void {
    this.#counts.set(row.cause, (this.#counts.get(row.cause) ?? 0) + 1)
    if (this.#rows.length < MOST_ROWS) this.#rows.push(row)
  }

  /** So many there are, whether or not they could be named. */
  atLeast(cause: DriftCause, number: number): void {
    if (number > (this.#counts.get(cause) ?? 0)) this.#counts.set(cause, number)
  }

  get drift(): Readonly<Partial<Record<DriftCause, number>>> {
    return Object.fromEntries([...this.#counts].sort(([, a], [, b]) => b - a))
  }

  get rows(): readonly DriftRow[] {
    return this.#rows
  }
}

/** Rows in a report: more of them are one fault that is the same everywhere. */
const MOST_ROWS = 10_000
