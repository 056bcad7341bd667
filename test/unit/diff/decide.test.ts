import { describe, expect, it } from 'vitest'
import { type BaseField, decideField } from '../../../src/diff/index.ts'

const base: BaseField = { store: '10', source: '10' }
const source = { owner: 'source', conflict: 'ask', writeBack: true } as const
const store = { owner: 'store', conflict: 'ask', writeBack: true } as const
const both = { owner: 'both', conflict: 'ask', writeBack: true } as const

describe('decideField', () => {
  it.each([
    ['a source without an opinion', source, undefined, '10', base, 'silent'],
    ['B5: equal values', source, '10', '10', undefined, 'equal'],
    ['B1: a changed source', source, '11', '10', base, 'update'],
    ['a store that drifted', source, '10', '9', base, 'update'],
    ['B6: first contact of a field the source owns', source, '11', '10', undefined, 'update'],
    [
      'B13: a value that the store is known to have altered',
      source,
      '<p>',
      '<p></p>',
      { store: '<p></p>', source: '<p>' },
      'settled',
    ],
    ['first contact of a field the store owns', store, '11', '10', undefined, 'write-back'],
    ['a changed source of a field the store owns', store, '11', '10', base, 'write-back'],
    ['B6: first contact of a shared field', both, '11', '10', undefined, 'conflict'],
    ['B1: a shared field that only the source changed', both, '11', '10', base, 'update'],
    ['B2: a shared field that only the store changed', both, '10', '12', base, 'write-back'],
    ['B3: a shared field that both changed', both, '11', '12', base, 'conflict'],
    ['B4: a shared field that both changed alike', both, '12', '12', base, 'equal'],
  ])('%s', (_name, rule, ours, theirs, known, verdict) => {
    expect(decideField(rule, { source: ours, store: theirs, base: known }).kind).toBe(verdict)
  })

  it('marks an update as drift when only the store moved', () => {
    expect(decideField(source, { source: '10', store: '9', base })).toEqual({ kind: 'update', drift: true })
    expect(decideField(source, { source: '11', store: '10', base })).toEqual({ kind: 'update', drift: false })
  })

  it('keeps the store’s value where nothing may be written back', () => {
    expect(decideField({ ...store, writeBack: false }, { source: '11', store: '10', base: undefined }).kind).toBe(
      'keep',
    )
  })

  it('asks no second time about a difference that was kept, but a source that takes over ownership writes it', () => {
    const kept: BaseField = { store: '10', source: '11', kept: true }
    expect(decideField({ ...store, writeBack: false }, { source: '11', store: '10', base: kept }).kind).toBe('settled')
    expect(decideField(source, { source: '11', store: '10', base: kept }).kind).toBe('update')
  })

  it.each([
    ['source', undefined, 'update'],
    ['store', undefined, 'write-back'],
    ['newer', 'source', 'update'],
    ['newer', 'store', 'write-back'],
    ['newer', undefined, 'conflict'],
  ] as const)('settles a conflict by the rule %s (%s is newer)', (conflict, newer, verdict) => {
    expect(decideField({ ...both, conflict }, { source: '11', store: '12', base, newer }).kind).toBe(verdict)
  })
})
