import { describe, expect, it } from 'vitest'
import { keyFields } from '../../../src/app/settings/fields.ts'
import { catalog } from '../../../src/resources/index.ts'

describe('a resource whose rows have parts', () => {
  const parents = new Set([...catalog.resources.values()].flatMap(({ part }) => part?.parent ?? []))

  it.each([...parents])('%s, is found by keys that no other row stands for', (name) => {
    const fields = catalog.resources.get(name)?.fields ?? {}
    // Keys that are choices are refused beside parts (app/settings/parts.ts). The syncs of parts look their parents up by the key as it is read (engine/references.ts).
    expect(keyFields(catalog, name).filter((field) => fields[field]?.ref !== undefined)).toEqual([])
  })
})
