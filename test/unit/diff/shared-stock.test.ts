import { describe, expect, it } from 'vitest'
import { SharedStock, targetOf } from '../../../src/diff/index.ts'
import type { Change, FieldRule, SourceRow, Values } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'

const rule: FieldRule = { from: 'Stock', owner: 'source', conflict: 'ask', blank: 'keep', writeBack: true, trim: false }
const source = (line: number, stock: number): SourceRow => ({
  line,
  key: { sku: `S${line}` },
  values: { inventory_level: stock },
})
const entity = (variant: number): Values => ({ product_id: 77, variant_id: variant })
const change = (line: number, to: number): Omit<Change, 'id'> => ({
  action: 'update',
  side: 'store',
  resource: 'skus',
  key: { sku: `S${line}` },
  entity: entity(line),
  label: null,
  line,
  fields: [{ field: 'inventory_level', from: 5, to, base: 5, owner: 'source' }],
})

const settle = (tracking: string, stocks: readonly number[], isSimple = false) => {
  const shared = new SharedStock(targetOf(catalog, 'skus'), { inventory_level: rule })
  stocks.forEach((stock, index) => {
    shared.see(
      source(index + 1, stock),
      { inventory_tracking: tracking, is_simple: isSimple ? 1 : 0 },
      entity(index + 1),
    )
  })
  return shared.settle([change(1, stocks[0]!)])
}

describe('variants that share their product’s stock', () => {
  it('are rejected where their rows disagree, also when only one of them differs from the store', () => {
    const { changes, rejected } = settle('product', [8, 5])
    expect(changes).toEqual([])
    expect(rejected).toMatchObject([
      { row: 1, column: 'Stock', value: '8', reason: expect.stringContaining('disagree') },
    ])
  })

  it.each([
    ['agree', 'product', [8, 8], false],
    ['are tracked each by itself', 'variant', [8, 5], false],
    ['are simple products', 'product', [8], true],
  ])('go through where they %s', (_name, tracking, stocks, isSimple) => {
    expect(settle(tracking, stocks, isSimple).rejected).toEqual([])
  })
})
