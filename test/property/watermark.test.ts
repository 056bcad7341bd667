import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromThere } from '../../src/sources/databases/watermark.ts'

const FORMS: readonly ((iso: string) => string)[] = [
  (iso) => iso,
  (iso) => iso.replace(/\.\d+Z$/, 'Z'),
  (iso) => iso.replace('T', ' ').replace('Z', ''),
  (iso) => iso.replace('T', ' ').slice(0, 16),
  (iso) => iso.slice(0, 10),
]

const moment = fc.integer({ min: Date.parse('1990-01-01'), max: Date.parse('2090-01-01') })

describe('from which watermark on rows are read again', () => {
  it('a moment later than that comes after it, as text too, and so does none that is much older', () => {
    fc.assert(
      fc.property(
        moment,
        moment,
        fc.integer({ min: 0, max: 90 * 60_000 }),
        fc.integer({ min: 0, max: 90 * 60_000 }),
        fc.constantFrom(...FORMS),
        (greatest, at, overlap, ago, form) => {
          const text = (ms: number) => form(new Date(ms).toISOString())
          const end = Math.min(greatest, at)
          const bound = fromThere(
            { watermark: text(greatest), at: new Date(at).toISOString() },
            { overlap: { ms: overlap } },
          )
          if (ago <= overlap) expect(text(end - ago) >= bound).toBe(true)
          expect(text(end - overlap - 49 * 3_600_000) < bound).toBe(true)
          expect(bound).toHaveLength(form('2026-03-01T08:00:00Z').length)
        },
      ),
    )
  })

  it('a zone is taken for what it is: 10:00 in +02:00 is not ahead of 09:00 UTC', () => {
    const overlap = { ms: 60_000 }
    const at = '2026-03-01T09:00:00Z'
    expect(fromThere({ watermark: '2026-03-01T10:00:00+02:00', at }, { overlap })).toBe('2026-03-01T09:58:59+02:00')
    expect(fromThere({ watermark: '2026-03-01T10:00:00Z', at }, { overlap })).toBe('2026-03-01T08:58:59Z')
  })

  it('of counts, as far below as is said, however long they are', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 25n }), fc.nat(1000), (greatest, count) => {
        const since = { watermark: String(greatest), at: '2026-03-01T09:00:00Z' }
        expect(BigInt(fromThere(since, { overlap: { count } }))).toBe(greatest - BigInt(count))
      }),
    )
  })
})
