import fc from 'fast-check'
import { describe, it } from 'vitest'
import { inOneLine, readComplaint } from '../../src/store/complaint.ts'

const names = [
  'title',
  'detail',
  'message',
  'error',
  'errors',
  'details',
  'batch_errors',
  'field_errors',
  'data',
  'status',
  '0.id',
]
const anyBody = fc.letrec((tie) => ({
  body: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, '', 'text', 422),
    fc.array(tie('body'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('body'), { maxKeys: 4 }),
  ),
})).body

describe('any error body', () => {
  it('gives a complaint that names only rows that were sent', () => {
    fc.assert(
      fc.property(anyBody, fc.array(fc.record({ id: fc.nat() }), { maxLength: 3 }), (body, sent) => {
        const complaint = readComplaint(body, '', sent)
        return inOneLine(complaint).length <= 2000 && [...complaint.rows.keys()].every((index) => index < sent.length)
      }),
    )
  })
})
