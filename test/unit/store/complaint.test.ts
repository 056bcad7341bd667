import { describe, expect, it } from 'vitest'
import { inOneLine, readComplaint } from '../../../src/store/complaint.ts'

const read = (json: unknown, sent: readonly Record<string, number>[] = []) => readComplaint(json, '', sent)

describe('a complaint of the store', () => {
  it('is read from each shape that the API has', () => {
    const shapes: [unknown, string][] = [
      [{ status: 422, title: 'Bad', type: 'x', errors: { name: 'too long' } }, 'Bad; name: too long'],
      [{ status: 400, title: 'Input is invalid', detail: 'Syntax error' }, 'Input is invalid; Syntax error'],
      [{ title: 'Bad', errors: {} }, 'Bad'],
      [{ title: 'Bad', errors: ['bar'] }, 'Bad; bar'],
      [{ title: 'Bad', errors: { '.customer_create': 'in use' } }, 'Bad; customer_create: in use'],
      [{ title: 'Bad', errors: { name: ['a', 'b'] } }, 'Bad; name: ["a","b"]'],
      [[{ status: 400, message: 'No' }], 'No'],
      [[{ status: 400, message: 'No', details: { field: 'sku' } }], 'No; field: sku'],
      [{ error: { code: 'SERVICE_DEGRADED', message: 'busy' } }, 'busy'],
      [{ data: [], errors: [{ status: 422, title: 'Bulk operation has failed' }] }, 'Bulk operation has failed'],
      [{ data: {}, errors: { status: 207, title: 'Part', errors: { url: 'taken' } } }, 'Part; url: taken'],
      [{ batch_errors: [{ status: 422, title: 'Bad', errors: { price: 'negative' } }] }, 'Bad; price: negative'],
      [null, ''],
      ['text', 'text'],
    ]
    for (const [body, line] of shapes) expect(inOneLine(read(body))).toBe(line)
  })

  it('is plain text or a web page too', () => {
    expect(readComplaint(undefined, 'X-Auth-Token header is required').title).toBe('X-Auth-Token header is required')
    expect(readComplaint(undefined, '\n<!doctype html><p>secret</p>').title).toContain('a web page')
  })

  const sent = [{ id: 5 }, { id: 6 }]

  it('names rows by index', () => {
    expect([...read({ errors: { '1.name': 'long', '0.id': 'unknown', '9.id': 'none' } }, sent).rows]).toEqual([
      [1, 'name: long'],
      [0, 'id: unknown'],
    ])
  })

  it('names rows by the record that is quoted, never by the place in the list', () => {
    const body = { batch_errors: [{ data: { id: 6, price: -1 }, field_errors: { price: 'negative' } }] }
    expect([...read(body, sent).rows]).toEqual([[1, 'price: negative']])
    expect(read({ batch_errors: [{ title: 'Bad', errors: { price: 'negative' } }] }, sent).rows.size).toBe(0)
  })

  it('takes a number in a message for a row only by its name', () => {
    expect([...read({ title: 'Variant with id 6 is bad' }, sent).rows.keys()]).toEqual([1])
    expect(read({ title: 'At most 6 allowed' }, sent).rows.size).toBe(0)
  })
})
