import { type ColumnShape, type FieldRule, matchText, type SourceRow, stableJson, type Value } from '../model/index.ts'

/**
 * What the columns of a source look like, in constant memory: a sample of the rows whose keys have the smallest hashes, so that two
 * snapshots of one feed are judged by the same rows.
 */
export class ColumnShapes {
  #sample: { readonly hash: number; readonly row: SourceRow }[] = []

  see(row: SourceRow): void {
    this.#sample.push({ hash: hashOf(matchText(row.key)), row })
    if (this.#sample.length >= 2 * SAMPLE) this.#sample = this.#smallest()
  }

  /** By field. One whose column may be absent has no shape where no row says anything about it. */
  shapes(rules: Readonly<Record<string, Pick<FieldRule, 'absent'>>>): Readonly<Record<string, ColumnShape>> {
    const rows = this.#smallest().map(({ row }) => row)
    const fields = Object.entries(rules).filter(
      ([field, { absent }]) => absent === undefined || rows.some(({ values }) => values[field] !== undefined),
    )
    return Object.fromEntries(
      fields.map(([field]) => [
        field,
        shapeOf(
          rows.length,
          rows.map(({ values }) => values[field] ?? null),
        ),
      ]),
    )
  }

  #smallest() {
    return this.#sample.sort((a, b) => a.hash - b.hash).slice(0, SAMPLE)
  }
}

const SAMPLE = 1000

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

/** FNV-1a, 32 bits. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
