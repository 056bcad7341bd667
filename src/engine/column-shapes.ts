import {
  type ColumnShape,
  type FieldRule,
  Fingerprint,
  matchText,
  type SourceRow,
  stableJson,
  type Value,
  type Values,
} from '../model/index.ts'

/** Rows that stand for the looks of a source's columns, kept until it is read again. */
export interface ShapeSample {
  /** No row of the source whose fingerprint is not greater than this is missing; null where none is missing at all. */
  readonly limit: Print | null
  readonly rows: readonly SampleRow[]
}

/** Both halves of the fingerprint of a key. */
type Print = readonly [number, number]
type SampleRow = readonly [...Print, Values]

/**
 * What the columns of a source look like, in constant memory: a sample of the rows whose keys have the smallest fingerprints, so that
 * two snapshots of one feed are judged by the same rows. Twice as many are kept, so that the sample is still whole where rows that are
 * passed over are known by what was kept of them the last time.
 */
export class ColumnShapes {
  readonly #print = new Fingerprint()
  #rows: SampleRow[] = []
  #limit: Print | null = null

  see({ key, values }: SourceRow): void {
    const { a, b } = this.#print.ofKey(matchText(key))
    if (this.#limit && compared([a, b], this.#limit) > 0) return
    this.#rows.push([a, b, shortened(values, this.#print)])
    if (this.#rows.length >= 2 * KEPT) this.#trim()
  }

  /** The rows of the last time that were passed over this time. */
  recall({ limit, rows }: ShapeSample, wasPassed: (a: number, b: number) => boolean): void {
    this.#rows.push(...rows.filter(([a, b]) => wasPassed(a, b)))
    if (limit && (!this.#limit || compared(limit, this.#limit) < 0)) this.#limit = limit
    this.#trim()
  }

  /** Whether no row is missing from the sample. */
  get isWhole(): boolean {
    return this.#limit === null || this.#rows.length >= SAMPLE
  }

  /** For the next time. */
  sample(): ShapeSample {
    this.#trim()
    return { limit: this.#limit, rows: this.#rows }
  }

  /** By field. One whose column may be absent has no shape where no row says anything about it. */
  shapes(rules: Readonly<Record<string, Pick<FieldRule, 'absent'>>>): Readonly<Record<string, ColumnShape>> {
    this.#trim()
    const rows = this.#rows.slice(0, SAMPLE).map(([_a, _b, values]) => values)
    const fields = Object.entries(rules).filter(
      ([field, { absent }]) => absent === undefined || rows.some((values) => values[field] !== undefined),
    )
    return Object.fromEntries(
      fields.map(([field]) => [
        field,
        shapeOf(
          rows.length,
          rows.map((values) => values[field] ?? null),
        ),
      ]),
    )
  }

  #trim(): void {
    const limit = this.#limit
    const rows = limit ? this.#rows.filter((row) => compared(row, limit) <= 0) : this.#rows
    rows.sort(compared)
    const last = rows[KEPT - 1]
    if (rows.length > KEPT && last) this.#limit = [last[0], last[1]]
    this.#rows = rows.slice(0, KEPT)
  }
}

const SAMPLE = 1000
const KEPT = 2 * SAMPLE

const compared = (one: Print | SampleRow, other: Print | SampleRow): number => one[0] - other[0] || one[1] - other[1]

/** Long texts are there to be told apart only. */
const shortened = (values: Values, print: Fingerprint): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const text = typeof value === 'object' && value !== null ? `\0${stableJson(value)}` : value
      if (typeof text !== 'string' || text.length <= LONG) return [name, text]
      const { a, b } = print.begin().text(text).end()
      return [name, `\0${a} ${b}`]
    }),
  )

const LONG = 40

const shapeOf = (rows: number, values: readonly Value[]): ColumnShape => {
  const said = values.filter((value) => value !== null && value !== '')
  const numbers = said
    .map((value) =>
      typeof value === 'number' || (typeof value === 'string' && DECIMAL.test(value)) ? Number(value) : null,
    )
    .filter((value) => value !== null)
    .sort((a, b) => a - b)
  return {
    rows,
    blanks: rows - said.length,
    distinct: new Set(said.map((value) => stableJson(value))).size,
    numbers: numbers.length,
    whole: numbers.filter(Number.isInteger).length,
    median: numbers[Math.floor(numbers.length / 2)] ?? null,
  }
}

const DECIMAL = /^-?\d+(\.\d+)?$/
