import { describe, expect, it } from 'vitest'
import { applyGuards, fieldsOf, parseAllow, targetOf } from '../../../src/diff/index.ts'
import type { Change, Facts, GuardName, GuardSettings, Value } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'

const fields = fieldsOf(targetOf(catalog, 'skus'))
const facts: Facts = {
  owned: 1000,
  matched: 1000,
  inStock: 800,
  sourceRows: 1000,
  baseKept: 1000,
  baseKeys: 1000,
  lastRows: 1000,
  creates: false,
  identity: null,
}

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
const changes = (count: number, field: string, from: Value, to: Value): Change[] =>
  Array.from({ length: count }, (_none, index) => change(index + 1, field, from, to))

interface Options {
  readonly facts?: Partial<Facts>
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
    facts: { ...facts, ...options.facts },
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

describe('maxSourceDrop', () => {
  it.each<[string, Partial<Facts>, string]>([
    ['an empty source', { sourceRows: 0 }, 'blocked'],
    ['a fifth fewer rows', { sourceRows: 800, matched: 800 }, 'ok'],
    ['more than a fifth fewer rows', { sourceRows: 799, matched: 799 }, 'blocked'],
    ['other keys than last time', { baseKept: 700 }, 'blocked'],
    ['keys that the store does not know', { matched: 700 }, 'blocked'],
    ['keys that the store does not know, where they are to be created', { matched: 700, creates: true }, 'ok'],
    ['a first snapshot', { lastRows: null, baseKeys: 0, baseKept: 0 }, 'ok'],
  ])('with %s is %s', (_name, some, expected) => {
    expect(verdict('maxSourceDrop', [], { facts: some })).toBe(expected)
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

  it.each(['noGuard', 'maxChanges=much'])('%s is refused', (text) => {
    expect(() => parseAllow([text])).toThrow(/no guard is called|is no limit/)
  })

  it('is needed no more once the config switches the guard off', () => {
    expect(verdict('maxChanges', changes(900, 'price', '10', '11'), { settings: { maxChanges: false } })).toBe('off')
  })
})
