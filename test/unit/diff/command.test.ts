import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deedOf } from '../../../src/diff/index.ts'
import { COMMANDS } from '../../../src/model/index.ts'

const command = fc.constantFrom(undefined, ...COMMANDS)

describe('the command of a row', () => {
  it('never does more than its word: only "delete" deletes, only what is there is compared or deleted, only what is not is made', () => {
    fc.assert(
      fc.property(command, fc.boolean(), (word, isThere) => {
        const deed = deedOf(word, isThere)
        if (deed === 'delete') expect(word).toBe('delete')
        expect(isThere ? ['compare', 'delete', 'rest'] : ['create', 'rest']).toContain(deed)
      }),
    )
  })

  it('is one thing for each word', () => {
    expect([undefined, ...COMMANDS].map((word) => [deedOf(word, true), deedOf(word, false)])).toEqual([
      ['compare', 'create'],
      ['rest', 'create'],
      ['compare', 'rest'],
      ['delete', 'rest'],
      ['rest', 'rest'],
    ])
  })
})
