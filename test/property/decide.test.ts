import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BaseField, decideField } from '../../src/diff/index.ts'
import type { ConflictRule, Owner, Value } from '../../src/model/index.ts'

// Few values, so that equal ones meet often: unrelated random states never show the interesting cases.
const value: fc.Arbitrary<Value> = fc.constantFrom('1', '2', '3', null)
const rule = fc.record({
  owner: fc.constantFrom<Owner>('source', 'store', 'both'),
  conflict: fc.constantFrom<ConflictRule>('ask', 'source', 'store', 'newer'),
  writeBack: fc.boolean(),
})
const base = fc.option(fc.record({ store: value, source: value }), { nil: undefined })

describe('the three-way decision', () => {
  it('comes to rest: carrying it out and deciding again changes nothing', () => {
    fc.assert(
      fc.property(rule, value, value, base, (rules, source, store, known) => {
        const verdict = decideField(rules, { source, store, base: known })
        const after = carryOut(verdict.kind, source, store, known)
        const again = decideField(rules, after)
        if (verdict.kind === 'conflict') expect(again.kind).toBe('conflict')
        else expect(['equal', 'settled', 'silent', 'keep']).toContain(again.kind)
        if (again.kind === 'keep') expect(rules.writeBack).toBe(false)
      }),
    )
  })

  it('never writes the store where the store owns the field', () => {
    fc.assert(
      fc.property(rule, value, value, base, (rules, source, store, known) => {
        const verdict = decideField({ ...rules, owner: 'store' }, { source, store, base: known })
        expect(verdict.kind).not.toBe('update')
      }),
    )
  })

  it('never writes the source where the source owns the field', () => {
    fc.assert(
      fc.property(rule, value, value, base, (rules, source, store, known) => {
        const verdict = decideField({ ...rules, owner: 'source' }, { source, store, base: known })
        expect(['write-back', 'keep', 'conflict']).not.toContain(verdict.kind)
      }),
    )
  })

  it('treats both sides alike: exchanging them exchanges update and write-back', () => {
    fc.assert(
      fc.property(value, value, fc.option(value, { nil: undefined }), (ours, theirs, agreed) => {
        const rules = { owner: 'both', conflict: 'ask', writeBack: true } as const
        const known: BaseField | undefined = agreed === undefined ? undefined : { store: agreed, source: agreed }
        const one = decideField(rules, { source: ours, store: theirs, base: known }).kind
        const other = decideField(rules, { source: theirs, store: ours, base: known }).kind
        const mirror: Record<string, string> = { update: 'write-back', 'write-back': 'update' }
        expect(other).toBe(mirror[one] ?? one)
      }),
    )
  })

  it('says nothing where the source says nothing', () => {
    fc.assert(
      fc.property(
        rule,
        value,
        base,
        (rules, store, known) => decideField(rules, { source: undefined, store, base: known }).kind === 'silent',
      ),
    )
  })
})

const carryOut = (kind: string, source: Value, store: Value, known: BaseField | undefined) => {
  if (kind === 'update') return { source, store: source, base: { store: source, source } }
  if (kind === 'write-back') return { source: store, store, base: { store, source: store } }
  if (kind === 'equal') return { source, store, base: { store, source } }
  if (kind === 'keep') return { source, store, base: { store, source, kept: true as const } }
  return { source, store, base: known }
}
