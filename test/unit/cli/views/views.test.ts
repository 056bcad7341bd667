import { describe, expect, it } from 'vitest'
import { barChart } from '../../../../src/cli/views/chart.ts'
import { progressBar, progressLine } from '../../../../src/cli/views/progress.ts'
import { rowsText } from '../../../../src/cli/views/rows.ts'
import { pullText, pushText } from '../../../../src/cli/views/run-text.ts'
import { runsText } from '../../../../src/cli/views/runs-text.ts'
import { screenOf } from '../../../../src/cli/views/screen.ts'
import { table } from '../../../../src/cli/views/table.ts'
import { duration } from '../../../../src/cli/views/text.ts'
import type { PullReport, PushReport } from '../../../../src/model/index.ts'

const screen = screenOf(60, false)
const requests = { read: 4, write: 2, check: 1 }

describe('a table', () => {
  it('cuts the widest column until it fits', () => {
    const text = table(
      [{ head: 'id', keep: true }, { head: 'text' }],
      [['12345678901234567890', 'x'.repeat(90)]],
      screen,
    )
    expect(text).toContain('12345678901234567890')
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60)
    expect(text).toContain('…')
  })

  it('counts wide characters as two', () => {
    const [, line = ''] = table([{ head: 'a' }, { head: 'b' }], [['日本', 'x']], screen).split('\n')
    expect(line).toBe('日本  x')
  })
})

describe('rows of a query', () => {
  const result = {
    columns: ['sku', 'price', 'blob'],
    rows: [
      ['a,b', 12.5, null],
      ['=1', 9007199254740993n, new Uint8Array([255])],
    ],
  }

  it('are drawn for people with numbers to the right', () => {
    const [head, first] = rowsText(
      {
        columns: ['sku', 'n'],
        rows: [
          ['a', 5],
          ['b', 1000],
        ],
      },
      'table',
      screen,
    ).split('\n')
    expect(head).toBe('sku     n')
    expect(first).toBe('a       5')
  })

  it('are an array of objects as JSON, with integers beyond exactness as text', () => {
    expect(JSON.parse(rowsText(result, 'json', screen))).toEqual([
      { sku: 'a,b', price: 12.5, blob: null },
      { sku: '=1', price: '9007199254740993', blob: 'ff' },
    ])
  })

  it('are raw as CSV and one object a line as JSONL', () => {
    expect(rowsText(result, 'csv', screen)).toBe('sku,price,blob\n"a,b",12.5,\n=1,9007199254740993,ff')
    expect(
      rowsText(result, 'jsonl', screen)
        .split('\n')
        .map((line) => JSON.parse(line).sku),
    ).toEqual(['a,b', '=1'])
  })
})

describe('reports', () => {
  it('of a pull tell what is incomplete', () => {
    const report: PullReport = {
      run: 'r1',
      state: 'partial',
      exit: 1,
      requests,
      store: 'main',
      full: true,
      resources: [
        { resource: 'products', rows: 1000, added: 2, changed: 0, removed: 1, complete: true, expected: 1000 },
        { resource: 'orders', rows: 10, added: 0, changed: 0, removed: 0, complete: false, expected: 12 },
      ],
      unread: [],
      nextFull: [{ resource: 'products', due: '2026-03-03T08:00:00Z', requests: 4 }],
    }
    const text = pullText(report, screen)
    expect(text).toContain('Full pull of main: partial (run r1)')
    expect(text).toMatch(/products\s+1,000\s+\+2\s+-1\n/)
    expect(text.replace(/\s+/g, ' ')).toContain('incomplete: the store has 12')
    expect(text).toContain('next full pull: products from 2026-03-03 08:00 UTC on, 4 requests')
    expect(text).toContain('7 requests: 4 read, 2 write, 1 check')
  })

  it('of a push list the rows that were not applied, with the reason', () => {
    const report: PushReport = {
      run: 'r2',
      state: 'partial',
      exit: 5,
      requests,
      plan: 'p7',
      sync: 'prices',
      store: 'main',
      counts: { applied: 1, skipped: 1, failed: 0, held: 0 },
      open: { rows: 3, since: '2026-03-02T09:00:00Z' },
      rows: [
        { id: 1, key: { sku: 'A' }, state: 'applied', reason: null },
        { id: 2, key: { sku: 'B' }, state: 'skipped', reason: "the store's price is 12.5 now" },
      ],
    }
    const text = pushText(report, screen)
    expect(text).toContain('1 applied   1 skipped')
    expect(text).toMatch(/B\s+skipped\s+the store's price is 12\.5 now/)
    expect(text).not.toMatch(/A\s+applied/)
  })

  it('of past runs tell how long they took', () => {
    const run = {
      store: 'main',
      run: 'r1',
      verb: 'pull',
      what: 'main',
      started: '2026-03-01T12:00:00Z',
      finished: '2026-03-01T12:03:20Z',
      state: 'complete',
      exit: 0,
    } as const
    expect(runsText([run], screenOf(100, false))).toMatch(
      /r1\s+main\s+pull main\s+2026-03-01 12:00\s+3 min 20 s\s+complete\s+0/,
    )
  })
})

describe('progress', () => {
  it('is a bar that fits its line', () => {
    const advance = { kind: 'advance', what: 'products', done: 30, total: 100, eta: 125_000 } as const
    const bar = progressBar(advance, 79, screen.paint)
    expect(bar).toMatch(/^products {2}█+░+ {2}30 of 100 {2}30 % {2}about 2 min 5 s left$/)
    expect([...bar].length).toBeLessThanOrEqual(79)
    expect([...progressBar(advance, 20, screen.paint)].length).toBeLessThanOrEqual(20)
  })

  it('tells what is known where the total is not', () => {
    expect(progressLine({ kind: 'advance', what: 'orders', done: 1200, total: null, eta: null })).toBe('orders: 1,200')
  })
})

describe('a bar chart', () => {
  it('draws the longest bar as wide as there is room', () => {
    const lines = barChart(
      [
        { label: 'north', value: 200 },
        { label: 'south', value: 50 },
      ],
      screen,
    ).split('\n')
    expect(lines[0]?.length).toBe(60)
    expect(lines[1]).toMatch(/^south {2}█+ {2}50$|^south {2}█+[▏▎▍▌▋▊▉] {2}50$/)
  })
})

describe('a duration', () => {
  it.each([
    [640, '0.6 s'],
    [42_000, '42 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [3_600_000, '1 h'],
  ])('of %d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})
