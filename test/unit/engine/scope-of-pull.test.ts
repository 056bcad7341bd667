import { describe, expect, it } from 'vitest'
import { targetOf } from '../../../src/diff/index.ts'
import { pullTasks, taskOf } from '../../../src/engine/scope-of-pull.ts'
import { catalog } from '../../../src/resources/index.ts'

const childrenOf = (...names: string[]): readonly string[] =>
  pullTasks(catalog, names).flatMap(({ children }) => children.map(({ name }) => name))

describe('what rides along in a pull of products', () => {
  it('is what costs nothing and every store has; the rest is named', () => {
    const usual = ['variants', 'product_images', 'product_custom_fields', 'product_bulk_prices']
    expect(childrenOf('products')).toEqual(usual)
    expect(childrenOf('products', 'product_reviews', 'product_videos')).toEqual([
      ...usual,
      'product_videos',
      'product_reviews',
    ])
  })

  it('is also what was made inside the rows that are looked for', () => {
    const { children } = taskOf(catalog, targetOf(catalog, 'products'), ['product_videos'])
    expect(children.map(({ name }) => name)).toContain('product_videos')
  })
})
