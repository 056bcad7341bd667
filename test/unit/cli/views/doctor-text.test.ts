import { describe, expect, it } from 'vitest'
import type { DoctorReport } from '../../../../src/app/index.ts'
import { doctorText } from '../../../../src/cli/views/doctor-text.ts'
import { mapEndText } from '../../../../src/cli/views/map-text.ts'
import { screenOf } from '../../../../src/cli/views/screen.ts'

const screen = screenOf(120, false)

const report = (facts: Partial<DoctorReport> = {}): DoctorReport => ({
  exit: 0,
  source: 'feed',
  file: 'feed.csv',
  rows: 1200,
  columns: ['SKU', 'Price'],
  counts: {},
  repairable: 0,
  copyable: true,
  findings: [],
  notes: [],
  refused: null,
  fixed: null,
  ...facts,
})

const found: DoctorReport['findings'][number] = {
  ...{ rule: 'decimals', line: 7, column: 'Price', value: '1.234,56', repair: '1234.56' },
  problem: 'a number in another manner than its column',
}

describe('what the doctor found', () => {
  it('is a table with the repairs, and what to do with them', () => {
    const text = doctorText(report({ findings: [found], counts: { decimals: 1 }, repairable: 1 }), screen)
    expect(text.split('\n')).toEqual([
      'Source feed (feed.csv): 1,200 rows',
      '',
      'line  column  value       is                                          repair',
      '   7  Price   "1.234,56"  a number in another manner than its column  "1234.56"',
      '',
      '1 finding, 1 with a repair; --fix FILE writes a copy with them',
    ])
  })

  it('is said where it is nothing', () => {
    const text = doctorText(report({ notes: ['no sync reads this source'] }), screen)
    expect(text.split('\n')).toEqual([
      'Source feed (feed.csv): 1,200 rows',
      'Note: no sync reads this source',
      '',
      'Nothing is wrong that can be seen.',
    ])
  })

  it('ends with why the file is refused, and steers no terminal', () => {
    const refused = { message: 'feed.csv is cut \u001b[2J', where: null, hint: 'wait' }
    const text = doctorText(
      report({ refused, findings: [{ ...found, value: 'x\u001b[2J' }], counts: { decimals: 1 } }),
      screen,
    )
    expect(text).toContain('The file is refused: feed.csv is cut')
    expect(text).toContain('hint: wait')
    expect(text).not.toContain('\u001b')
  })

  it('counts what a copy was spared and what is left in it', () => {
    const fixed = { file: 'fixed.csv', cells: 3, left: 1 }
    const text = doctorText(report({ findings: [found], counts: { decimals: 4 }, repairable: 3, fixed }), screen)
    expect(text).toContain('and 3 more like these; --details shows them')
    expect(text).toContain('4 findings, 3 with a repair\n')
    expect(text).toContain('Wrote fixed.csv: 3 cells repaired, 1 finding left for a person')
  })
})

describe('what became of a mapping', () => {
  const section = { store: 'main', resource: 'skus', source: 'feed', key: { sku: 'SKU' }, fields: { price: 'Price' } }
  const document = { source: 'feed', store: 'main', resource: 'skus', sync: 'feed', columns: [], notes: [] }

  it.each([
    ['added', { section, written: 'sync.config.json' }, 'Added sync feed to sync.config.json\nNext: skiff plan feed'],
    ['left', { section: null, written: null }, 'Nothing was added to the configuration.'],
    [
      'shown',
      { section, written: null },
      'To paste into "syncs", or let --yes write it:\n\n"feed": {\n  "store": "main"',
    ],
  ])('is told: %s', (_what, end, text) => {
    expect(mapEndText({ ...document, ...end }, screen)).toContain(text)
  })
})
