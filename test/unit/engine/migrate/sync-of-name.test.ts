import { describe, expect, it } from 'vitest'
import { migrationSync } from '../../../../src/engine/index.ts'
import { catalog } from '../../../../src/resources/index.ts'

describe('the name of a sync of a migration', () => {
  it.each(['redirects', 'redirects.new', 'redirects.moved', 'orders.new', 'skus', 'inventory_items'])(
    'leads back to it: %s',
    (step) => {
      const name = `migrate.old.new.${step}`
      expect(migrationSync(catalog, name)?.spec.name).toBe(name)
    },
  )

  it('is of none where no resource leads anywhere', () => {
    expect(migrationSync(catalog, 'migrate.old.new.orders.moved')).toBeUndefined()
  })
})
