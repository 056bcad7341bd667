import { describe, expect, it } from 'vitest'
import { ColumnShapes, type ShapeSample } from '../../../src/engine/column-shapes.ts'
import { Fingerprint, matchText, type SourceRow, seeded } from '../../../src/model/index.ts'

const row = (number: number): SourceRow => ({
  line: number,
  key: { sku: `SKU-${number}` },
  values: { price: number % 7 ? `${number}.5` : null, name: `name ${number % 50}`.repeat(1 + (number % 9)) },
})
const printOf = ({ key }: SourceRow): string => {
  const { a, b } = new Fingerprint().ofKey(matchText(key))
  return `${a} ${b}`
}
const RULES = { price: {}, name: {} }

const seen = (rows: readonly SourceRow[]): ColumnShapes => {
  const shapes = new ColumnShapes()
  for (const one of rows) shapes.see(one)
  return shapes
}

/** The same rows, of which some are passed over and known by what was kept. */
const recalled = (
  rows: readonly SourceRow[],
  kept: ShapeSample,
  isPassed: (row: SourceRow) => boolean,
): ColumnShapes => {
  const over = new Set(rows.filter(isPassed))
  const passed = new Set([...over].map(printOf))
  const shapes = seen(rows.filter((one) => !over.has(one)))
  shapes.recall(JSON.parse(JSON.stringify(kept)), (a, b) => passed.has(`${a} ${b}`))
  return shapes
}

describe('the looks of columns', () => {
  it.each([10, 1500, 9000])('are the same of %i rows whichever of them are passed over', (count) => {
    const rows = Array.from({ length: count }, (_, number) => row(number))
    const whole = seen(rows)
    const random = seeded(count)
    for (const share of [0, 0.3, 0.99, 1]) {
      const shapes = recalled(rows, whole.sample(), () => random() < share)
      expect(shapes.isWhole).toBe(true)
      expect(shapes.shapes(RULES)).toEqual(whole.shapes(RULES))
      expect(shapes.sample()).toEqual(whole.sample())
    }
  })

  it('cannot be told once most of the rows that were kept are gone', () => {
    const rows = Array.from({ length: 9000 }, (_, number) => row(number))
    const few = rows.filter(({ line }) => line % 3 === 0)
    expect(recalled(few, seen(rows).sample(), () => true).isWhole).toBe(false)
  })

  it('are judged by the same rows in any order', () => {
    const rows = Array.from({ length: 5000 }, (_, number) => row(number))
    expect(seen([...rows].reverse()).shapes(RULES)).toEqual(seen(rows).shapes(RULES))
  })
})
