import { describe, expect, it } from 'vitest'
import { targetOf } from '../../../src/diff/index.ts'
import { commandedRemoval } from '../../../src/engine/removals.ts'
import { catalog } from '../../../src/resources/index.ts'

describe('the removal that a row of a source asks for', () => {
  it('is refused for rows of a tree, which would take along those below them', () => {
    const asked = (resource: string, key: string) =>
      commandedRemoval(
        targetOf(catalog, resource),
        { line: 2, key: { name: 'Shirts' }, values: {}, command: 'delete' },
        { values: { [key]: 7, name: 'Shirts' }, entity: { [key]: 7 } },
      )
    expect(asked('categories', 'category_id')).toMatchObject({
      rejection: { reason: 'rows of categories cannot be deleted' },
    })
    expect(asked('brands', 'id')).toMatchObject({ change: { action: 'remove' } })
  })
})
