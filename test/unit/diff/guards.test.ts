import { describe, expect, it } from 'vitest'
import {
  applyGuards,
  fieldsOf,
  type Going,
  isRowGuard,
  parseAllow,
  type Recent,
  targetOf,
  whyBroken,
} from '../../../src/diff/index.ts'
import {
  type Change,
  type ColumnShape,
  type Facts,
  GUARD_NAMES,
  type GuardName,
  type GuardSettings,
  type SourceFacts,
  type Value,
} from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'

const fields = fieldsOf(targetOf(catalog, 'skus'))
const feed: SourceFacts = {
  lines: 1000,
  unreadable: 0,
  rows: 1000,
  known: 1000,
  baseKept: 1000,
  baseKeys: 1000,
  lastRows: 1000,
  creates: false,
  ageMs: null,
  sentinels: [],
  columns: {},
  lastColumns: null,
}
const facts: Facts = { owned: 1000, matched: 1000, inStock: 800, storeRows: 1000, identity: null, source: feed }

const change = (id: number, field: string, from: Value, to: Value, action: Change['action'] = 'update'): Change => ({
  id,
  action,
  side: 'store',
  resource: 'skus',
  key: { sku: `S${id}` },
  entity: { product_id: id, variant_id: id },
  label: null,
  line: id,
  fields: action === 'remove' ? [] : [{ field, from, to, base: from, owner: 'source' }],
})
const changes = (count: number, field: string, from: Value, to: Value, action: Change['action'] = 'update'): Change[] =>
  Array.from({ length: count }, (_none, index) => change(index + 1, field, from, to, action))

interface Options {
  readonly facts?: Partial<Facts>
  readonly feed?: Partial<SourceFacts>
  readonly recent?: Recent
  readonly settings?: GuardSettings
  readonly allow?: string[]
  readonly automatic?: boolean
}
const guard = (rows: Change[], options: Options = {}) =>
  applyGuards({
    changes: rows,
    fields,
    settings: options.settings ?? {},
    allowed: parseAllow(options.allow ?? []),
    automatic: options.automatic ?? false,
    facts: { ...facts, source: { ...feed, ...options.feed }, ...options.facts },
    recent: options.recent ?? new Map(),
  })
const verdict = (name: GuardName, rows: Change[], options: Options = {}) =>
  guard(rows, options).verdicts.find((one) => one.guard === name)?.verdict

describe('zeroPrice', () => {
  it.each(['0', '-1'])('holds a price of %s and lets the other rows go', (to) => {
    const result = guard([change(1, 'price', '10', to), change(2, 'price', '10', '11')])
    expect(result.held.map(({ id, guard: name }) => [id, name])).toEqual([[1, 'zeroPrice']])
    expect(result.changes.map(({ id }) => id)).toEqual([2])
  })

  it('lets a sale end', () => {
    expect(guard([change(1, 'sale_price', '9', null)]).held).toEqual([])
  })

  it('blocks the plan when more than 5 % of the rows are held', () => {
    expect(verdict('zeroPrice', changes(51, 'price', '10', '0'))).toBe('blocked')
    expect(verdict('zeroPrice', changes(50, 'price', '10', '0'))).toBe('held')
  })
})

describe('row guards together', () => {
  const rows = [...changes(30, 'price', '10', '0'), ...changes(30, 'price', '10', '20')].map((row, index) => ({
    ...row,
    id: index + 1,
  }))

  it('block the plan when they hold more than 5 % of the rows, each of them fewer', () => {
    expect([verdict('zeroPrice', rows), verdict('maxPriceChange', rows)]).toEqual(['blocked', 'blocked'])
    const { verdicts } = guard(rows)
    expect(verdicts.find((one) => one.guard === 'zeroPrice')?.detail).toMatch(/30 .*60 of 1000/)
  })

  it('are let pass one by one', () => {
    expect(verdict('maxPriceChange', rows, { allow: ['zeroPrice', 'maxPriceChange=100%'] })).toBe('ok')
    expect(verdict('zeroPrice', rows, { allow: ['maxPriceChange'] })).toBe('held')
  })

  it('of a busy shop hold what was sold since the figures were true, and never block for it', () => {
    const sold = changes(300, 'inventory_level', 8, 10).map((one) => ({
      ...one,
      fields: one.fields.map((field) => ({ ...field, moved: 'orders took 2 since' })),
    }))
    const { held, verdicts } = guard([...sold, ...changes(10, 'price', '10', '0').map((one) => ({ ...one, id: 900 }))])
    expect(held).toHaveLength(310)
    expect(verdicts.find((one) => one.guard === 'staleStock')).toMatchObject({
      verdict: 'held',
      allow: 'plan again with --allow staleStock',
    })
    expect(verdicts.find((one) => one.guard === 'zeroPrice')).toMatchObject({ verdict: 'held' })
    expect(guard(sold, { allow: ['staleStock'] }).held).toEqual([])
  })

  it('can be let pass by a new plan only, because a push has no held rows to send', () => {
    const { verdicts } = guard(rows)
    expect(verdicts.find((one) => one.guard === 'zeroPrice')?.allow).toBe('plan again with --allow zeroPrice')
    expect(GUARD_NAMES.filter(isRowGuard)).toEqual([
      'staleStock',
      'zeroPrice',
      'maxPriceChange',
      'priceFloor',
      'flap',
      'changeRate',
    ])
  })

  it('may hold any number of rows', () => {
    expect(guard(changes(200_000, 'price', '10', '1000')).held).toHaveLength(200_000)
  })

  it('count rows that are to be created among those of the plan', () => {
    const made = changes(100, 'price', null, '5').map((row) => ({ ...row, action: 'create' as const }))
    const zero = { ...change(101, 'price', null, '0'), action: 'create' as const }
    expect(verdict('zeroPrice', [...made, zero], { facts: { matched: 0 } })).toBe('held')
  })
})

describe('maxPriceChange', () => {
  it.each([
    ['13', false],
    ['13.01', true],
    ['7', false],
    ['6.99', true],
  ])('of 30 %% holds a change from 10 to %s: %s', (to, isHeld) => {
    expect(guard([change(1, 'price', '10', to)]).held).toHaveLength(isHeld ? 1 : 0)
  })

  it('is half as wide where nobody looks first, unless the config set it', () => {
    const rows = [change(1, 'price', '10', '12')]
    expect(guard(rows, { automatic: true }).held).toHaveLength(1)
    expect(guard(rows, { automatic: true, settings: { maxPriceChange: '30%' } }).held).toHaveLength(0)
  })
})

describe('priceScale', () => {
  it('blocks a feed whose prices are all in cents', () => {
    const rows = changes(20, 'price', '10', '1000')
    expect(verdict('priceScale', rows, { allow: ['maxPriceChange'] })).toBe('blocked')
  })

  it('says nothing of a handful of prices', () => {
    expect(verdict('priceScale', changes(5, 'price', '10', '13'))).toBe('ok')
  })
})

describe('maxChanges', () => {
  it.each([
    [200, 'ok'],
    [201, 'blocked'],
  ])('with %i of 1000 keys changed is %s', (count, expected) => {
    expect(verdict('maxChanges', changes(count, 'price', '10', '11'))).toBe(expected)
  })

  it('does not count changes of stock alone', () => {
    expect(verdict('maxChanges', changes(900, 'inventory_level', 10, 11))).toBe('ok')
  })
})

describe('stockToZero', () => {
  it.each([
    [40, 'ok'],
    [41, 'blocked'],
  ])('with %i of 800 keys in stock emptied is %s', (count, expected) => {
    expect(verdict('stockToZero', changes(count, 'inventory_level', 5, 0))).toBe(expected)
  })

  it('lets 25 rows go even where they are most of the stock', () => {
    expect(verdict('stockToZero', changes(25, 'inventory_level', 5, 0), { facts: { inStock: 30 } })).toBe('ok')
  })
})

describe('maxDeletes', () => {
  it('blocks a single delete', () => {
    expect(verdict('maxDeletes', [change(1, '', null, null, 'remove')])).toBe('blocked')
    expect(verdict('maxDeletes', [change(1, '', null, null, 'remove')], { allow: ['maxDeletes=1'] })).toBe('ok')
  })
})

describe('maxHides', () => {
  const hides = (count: number) => changes(count, 'is_visible', true, false, 'hide')

  it.each([
    [20, 2000, 'ok'],
    [21, 2000, 'blocked'],
    [10, 40, 'ok'],
    [11, 40, 'blocked'],
  ])('with %i of %i rows hidden is %s', (count, owned, expected) => {
    expect(verdict('maxHides', hides(count), { facts: { owned } })).toBe(expected)
  })

  it('counts rows that the source itself hides', () => {
    expect(verdict('maxHides', changes(11, 'is_visible', true, false))).toBe('blocked')
    expect(verdict('maxHides', changes(11, 'is_visible', false, true))).toBe('ok')
  })

  it('is half as wide where nobody looks first', () => {
    expect(verdict('maxHides', hides(6), { automatic: true, facts: { owned: 40 } })).toBe('blocked')
  })
})

describe('maxCreates', () => {
  const creates = (count: number) => changes(count, 'price', null, '5', 'create')

  it.each([
    [100, 1000, 'ok'],
    [101, 1000, 'blocked'],
    [500, 10_000, 'ok'],
    [501, 10_000, 'blocked'],
    [5000, 0, 'ok'],
  ])('with %i rows created in a store of %i is %s', (count, storeRows, expected) => {
    expect(verdict('maxCreates', creates(count), { facts: { storeRows } })).toBe(expected)
  })
})

describe('a guard that says nothing of a sync', () => {
  it('looks at nothing, lets the plan pass, and says why', () => {
    const wrong = { known: 0, lastRows: 5000 }
    const settings = { maxSourceDrop: { moot: 'its rows are told by the store' } }
    expect(verdict('maxSourceDrop', [], { feed: wrong })).toBe('blocked')
    expect(guard([], { feed: wrong, settings }).verdicts).toContainEqual({
      guard: 'maxSourceDrop',
      verdict: 'ok',
      detail: 'its rows are told by the store',
    })
  })
})

describe('maxSourceDrop', () => {
  it.each<[string, Partial<SourceFacts>, string]>([
    ['an empty source', { rows: 0 }, 'blocked'],
    ['a tenth fewer rows', { rows: 900, known: 900 }, 'ok'],
    ['a fifth fewer rows', { rows: 800, known: 800 }, 'warn'],
    ['half as many rows again', { rows: 1501, known: 1501, lastRows: 1000 }, 'warn'],
    ['more than a fifth fewer rows', { rows: 799, known: 799 }, 'blocked'],
    ['other keys than last time', { baseKept: 700 }, 'blocked'],
    ['keys that the store does not know', { known: 700 }, 'blocked'],
    ['keys that the store does not know, where they are to be created', { known: 700, creates: true }, 'ok'],
    ['a fifth of its rows unreadable', { unreadable: 200 }, 'ok'],
    ['more than a fifth of its rows unreadable', { unreadable: 201 }, 'blocked'],
    ['three unreadable rows of a handful', { lines: 8, unreadable: 3 }, 'ok'],
    ['no readable row at all', { lines: 2, unreadable: 2 }, 'blocked'],
    ['a first snapshot', { lastRows: null, baseKeys: 0, baseKept: 0 }, 'ok'],
  ])('with %s is %s', (_name, some, expected) => {
    expect(verdict('maxSourceDrop', [], { feed: some })).toBe(expected)
  })
})

describe('priceFloor', () => {
  const below = (from: string, to: string, floor?: string): Change => ({
    ...change(1, 'price', from, to),
    ...(floor ? { floor: { field: 'cost_price', value: floor } } : {}),
  })

  it.each<[string, Change, GuardSettings, string]>([
    ['below the row’s cost', below('12', '9', '10'), {}, 'held'],
    ['at the row’s cost', below('12', '10', '10'), {}, 'ok'],
    ['below its cost as before, and raised', below('8', '9', '10'), {}, 'ok'],
    ['without a cost', below('12', '9'), {}, 'ok'],
    ['below the configured minimum', below('12', '9'), { priceFloor: '9.90' }, 'held'],
    ['above the configured minimum', below('12', '10'), { priceFloor: '9.90' }, 'ok'],
    ['below its cost, switched off', below('12', '9', '10'), { priceFloor: false }, 'off'],
  ])('of a price %s is as it should be', (_name, row, settings, expected) => {
    expect(verdict('priceFloor', [row], { settings })).toBe(expected)
  })
})

describe('maxPriceChange of a price that was not set before', () => {
  const first = (field: string, to: string, paid?: string): Change => ({
    ...change(1, field, null, to),
    ...(paid === undefined ? {} : { paid }),
  })

  it.each<[string, Change, string]>([
    ['holds a sale price with a shifted decimal sign', first('sale_price', '0.35', '37.99'), 'held'],
    ['lets a sale at half the price pass', first('sale_price', '19', '37.99'), 'ok'],
    ['holds a variant’s own price that is half of what it followed', first('price', '19', '37.99'), 'held'],
    ['lets an own price near what it followed pass', first('price', '34.99', '37.99'), 'ok'],
    ['has nothing to say where buyers pay nothing yet', first('price', '19'), 'ok'],
  ])('%s', (_name, row, expected) => {
    expect(verdict('maxPriceChange', [row])).toBe(expected)
  })

  it('says what buyers pay now', () => {
    const { held } = guard([first('sale_price', '0.35', '37.99')])
    expect(held[0]?.reason).toBe('sale_price would be 0.35 where buyers pay 37.99 (-99.07 %, limit 90 %)')
  })
})

describe('allChanged', () => {
  it.each<[number, number, string]>([
    [20, 20, 'ok'],
    [21, 21, 'blocked'],
    [20, 21, 'ok'],
  ])('with %i of %i rows is %s', (count, matched, expected) => {
    const settings = { maxChanges: '100%' }
    expect(verdict('allChanged', changes(count, 'price', '10', '11'), { settings, facts: { matched } })).toBe(expected)
  })

  it('does not count stock', () => {
    expect(verdict('allChanged', changes(21, 'inventory_level', 3, 4), { facts: { matched: 21 } })).toBe('ok')
  })
})

describe('maxConflicts', () => {
  const conflicts = (count: number) => changes(count, 'name', 'a', 'b', 'conflict')

  it.each<[number, number, string]>([
    [3, 10, 'ok'],
    [4, 10, 'blocked'],
    [50, 1000, 'ok'],
    [51, 1000, 'blocked'],
  ])('with %i of %i rows in conflict is %s', (count, matched, expected) => {
    expect(verdict('maxConflicts', conflicts(count), { facts: { matched } })).toBe(expected)
  })
})

describe('sentinels', () => {
  it('are off until keys are named', () => {
    expect(verdict('sentinels', [])).toBe('ok')
  })

  it('block when one is not where it belongs, and say which', () => {
    const sentinels = [
      { key: 'A', fault: null },
      { key: 'B', fault: 'is not in the store' },
    ]
    const { verdicts } = guard([], { settings: { sentinels: ['A', 'B'] }, feed: { sentinels } })
    expect(verdicts.find((one) => one.guard === 'sentinels')).toMatchObject({
      verdict: 'blocked',
      detail: 'B is not in the store',
    })
  })
})

describe('sourceAge', () => {
  const HOUR = 3_600_000
  it.each<[string, GuardSettings, number | null, string]>([
    ['no age is set', {}, 900 * HOUR, 'ok'],
    ['it is young enough', { sourceAge: '26h' }, 25 * HOUR, 'ok'],
    ['it is too old', { sourceAge: '26h' }, 27 * HOUR, 'blocked'],
    ['it does not tell', { sourceAge: '2d' }, null, 'blocked'],
  ])('when %s is as it should be', (_name, settings, ageMs, expected) => {
    expect(verdict('sourceAge', [], { settings, feed: { ageMs } })).toBe(expected)
  })
})

describe('columnShape', () => {
  const shape: ColumnShape = { rows: 100, blanks: 2, distinct: 60, numbers: 98, whole: 20, median: 20 }

  it.each<[string, Partial<ColumnShape>, string]>([
    ['as last time', {}, 'ok'],
    ['with many more blanks', { blanks: 30, numbers: 70 }, 'blocked'],
    ['with one value everywhere', { distinct: 1 }, 'blocked'],
    ['with three times the median', { median: 60 }, 'blocked'],
    ['with whole numbers only', { whole: 98 }, 'blocked'],
    ['with somewhat higher prices', { median: 28 }, 'ok'],
    ['with too few rows to tell', { rows: 10, blanks: 9, numbers: 1 }, 'ok'],
  ])('of a column %s is as it should be', (_name, now, expected) => {
    const columns = { price: { ...shape, ...now } }
    expect(verdict('columnShape', [], { feed: { columns, lastColumns: { price: shape } } })).toBe(expected)
  })
})

describe('flap and changeRate', () => {
  const steps = (...values: readonly string[]): Recent =>
    new Map([['s1', values.slice(1).map((to, index) => ({ field: 'price', from: values[index] ?? null, to }))]])

  it.each<[string, string, readonly string[], string]>([
    ['10', '11', ['10', '11', '10'], 'ok'],
    ['11', '10', ['10', '11', '10', '11'], 'held'],
    ['13', '14', ['10', '11', '12', '13'], 'ok'],
  ])('a price that goes from %s to %s after %j is %s for going to and fro', (from, to, before, expected) => {
    expect(verdict('flap', [change(1, 'price', from, to)], { recent: steps(...before) })).toBe(expected)
  })

  it('a seventh change of a price in a day is held', () => {
    const recent = steps('1', '2', '3', '4', '5', '6', '7')
    expect(verdict('changeRate', [change(1, 'price', '7', '8')], { recent })).toBe('held')
  })

  it('stock may move as it likes', () => {
    const recent: Recent = new Map([
      ['s1', Array.from({ length: 9 }, (_none, n) => ({ field: 'inventory_level', from: n % 2, to: (n + 1) % 2 }))],
    ])
    const rows = [change(1, 'inventory_level', 1, 0)]
    expect([verdict('flap', rows, { recent }), verdict('changeRate', rows, { recent })]).toEqual(['ok', 'ok'])
  })
})

describe('a push', () => {
  const going = { ended: 0, failed: 0, inARow: 0, mismatched: 0 }

  it.each<[string, Partial<Going>, RegExp | undefined]>([
    ['goes on while few rows fail', { ended: 200, failed: 4 }, undefined],
    ['stops when more than 2 % of 50 rows failed', { ended: 50, failed: 2 }, /2 of 50/],
    ['goes on when 2 of 49 failed', { ended: 49, failed: 2 }, undefined],
    ['stops after five failures in a row', { ended: 9, failed: 5, inARow: 5 }, /one after the other/],
    ['stops when three rows hold something else', { mismatched: 3 }, /do not hold/],
  ])('%s', (_name, so, expected) => {
    const why = whyBroken({ ...going, ...so })
    if (expected) expect(why).toMatch(expected)
    else expect(why).toBeUndefined()
  })
})

it('storeIdentity blocks another store', () => {
  expect(verdict('storeIdentity', [], { facts: { identity: 'another store answers' } })).toBe('blocked')
})

describe('an override', () => {
  it('lets one guard pass by its name', () => {
    expect(verdict('maxChanges', changes(900, 'price', '10', '11'), { allow: ['maxChanges'] })).toBe('allowed')
  })

  it('may carry a limit of its own', () => {
    expect(verdict('maxChanges', changes(900, 'price', '10', '11'), { allow: ['maxChanges=80%'] })).toBe('blocked')
    expect(verdict('maxChanges', changes(900, 'price', '10', '11'), { allow: ['maxChanges=95%'] })).toBe('ok')
  })

  it.each([
    ['noGuard', /no guard is called/],
    ['sourceAge=30', /is no age/],
    ['flap=often', /is no limit/],
    ['priceFloor=10%', /is no limit/],
    ['maxChanges=much', /is no limit/],
    ['maxPriceChange=50', /is no share/],
    ['maxSourceDrop=30', /is no share/],
    ['zeroPrice=1', /has no limit/],
    ['priceScale=50%', /has no limit/],
  ])('%s is refused', (text, reason) => {
    expect(() => parseAllow([text])).toThrow(reason)
  })

  it('says what to write instead of a bare number', () => {
    expect(() => parseAllow(['maxPriceChange=50'])).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/50%/) }),
    )
  })

  it('C8: is needed no more once the config switches the guard off', () => {
    expect(verdict('maxChanges', changes(900, 'price', '10', '11'), { settings: { maxChanges: false } })).toBe('off')
  })
})
