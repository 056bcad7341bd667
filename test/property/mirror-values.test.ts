import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCell } from '../../src/mirror/column.ts'
import { compileReader } from '../../src/mirror/reader.ts'
import { rowValues, tableOf } from '../../src/mirror/table.ts'
import { canonical, canonicalDecimal, type Field, money, type Resource, readRow, text } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { mirrorAt, page, product, products } from '../unit/mirror/fixture.ts'

/** Amounts of up to 12 digits before the point and 4 behind it that 15 digits hold. */
const aDecimal = fc
  .tuple(fc.boolean(), fc.integer({ min: 0, max: 99_999_999_999 }), fc.integer({ min: 0, max: 9999 }))
  .map(
    ([negative, whole, part]) =>
      canonicalDecimal(`${negative ? '-' : ''}${whole}.${String(part).padStart(4, '0')}`) ?? '0',
  )

describe('amounts', () => {
  it('come back from the file as they went in', () => {
    const mirror = mirrorAt()
    fc.assert(
      fc.property(aDecimal, fc.boolean(), (amount, asNumber) => {
        mirror.saveRows(page([product(1, { price: asNumber ? Number(amount) : amount, cost_price: amount })]))
        const row = mirror.row(products, { id: 1 })
        expect([row?.['price'], row?.['cost_price']]).toEqual([amount, amount === '0' ? null : amount])
      }),
      { numRuns: 200 },
    )
  })

  it('are exact or refused, never nearly right', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (units) => {
        const digits = units.toString().padStart(5, '0')
        const amount = canonicalDecimal(`${digits.slice(0, -4)}.${digits.slice(-4)}`) ?? ''
        let cell: unknown
        try {
          cell = toCell(money(), amount)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
          return
        }
        expect(canonicalDecimal(cell as number)).toBe(amount)
      }),
    )
  })
})

describe('paths', () => {
  const path = text({ path: true })
  const parts = fc.array(fc.stringMatching(/^[a-z0-9.-]{1,8}$/), { minLength: 1, maxLength: 4 })

  it('are the same with a slash at their end and without, and the top stays what it is', () => {
    fc.assert(
      fc.property(parts, (names) => {
        const plain = `/${names.join('/')}`
        const written = [plain, `${plain}/`, `${plain}//`]
        expect(new Set(written.map((one) => canonical(path, one)))).toEqual(new Set([plain]))
        expect(toCell(path, canonical(path, `${plain}/`))).toBe(plain)
      }),
    )
    expect(canonical(path, '/')).toBe('/')
  })

  it('are read from answers without it', () => {
    const redirects = catalog.resources.get('redirects') as Resource
    const mirror = mirrorAt()
    const to = { type: 'url', url: '/new/' }
    mirror.saveRows(page([{ id: 1, site_id: 1000, from_path: '/old/', to }], { resource: redirects }))
    expect(mirror.row(redirects, { id: 1 })).toMatchObject({ from_path: '/old', to_type: 'url', to_url: '/new/' })
  })
})

describe('the compiled reader', () => {
  const odd = fc.oneof(fc.constant(undefined), fc.constant(null), fc.anything({ maxDepth: 1 }))
  const usual: Record<Field['kind'], fc.Arbitrary<unknown>> = {
    integer: fc.oneof(fc.integer(), fc.constant(0), fc.nat().map(String), fc.double()),
    text: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'EUR', 'Straße'), fc.nat()),
    money: fc.oneof(
      fc.double(),
      aDecimal,
      aDecimal.map(Number),
      fc.constant(0),
      fc.constant(-0),
      fc.constant('1.23456'),
    ),
    decimal: fc.oneof(fc.double({ min: -1e12, max: 1e12 }), aDecimal, fc.constant('0.0000')),
    flag: fc.oneof(fc.boolean(), fc.constantFrom('true', 'No', 1, 0, 'maybe')),
    timestamp: fc.oneof(
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map((date) => date.toISOString()),
      fc.constantFrom(
        '2026-02-29T00:00:00Z',
        '2026-01-31T23:59:60+00:00',
        '2026-03-01T10:00:00+02:00',
        'Tue, 20 Nov 2012 00:00:00 +0000',
        '',
        'soon',
      ),
      fc.nat(),
    ),
    ids: fc.oneof(fc.array(fc.nat()), fc.constant([3, 1, 3]), fc.constant(['x'])),
    json: fc.oneof(fc.jsonValue(), fc.constant({ b: 1, a: { d: [], c: 2 } })),
  }
  const outcome = (work: () => unknown): unknown => {
    try {
      return work()
    } catch (error) {
      return error instanceof TypeError ? error.message : error
    }
  }

  it.each([...catalog.resources.values()])('reads $name as the model does', (resource) => {
    const table = tableOf(resource, catalog)
    const read = compileReader(table, catalog)
    const names = Object.keys(resource.fields)
    const aRow = fc.tuple(
      ...names.map((name) => fc.oneof({ weight: 9, arbitrary: usual[resource.fields[name]!.kind] }, odd)),
    )
    fc.assert(
      fc.property(aRow, (values) => {
        for (const [at, name] of names.entries()) {
          const field = resource.fields[name]!
          const path = (field.at ?? name).replace('^', '').split('.')
          const body = path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), values[at]) as object
          const expected = outcome(() => readRow(resource, body as never, [body as never])[name] ?? null)
          const actual = outcome(() => rowValues(table.columns, read(body as never, [body as never]))[name] ?? null)
          // The mirror keeps fewer digits than the model can hold, and says so.
          if (typeof actual === 'string' && actual.endsWith('too large to be exact')) continue
          expect(actual).toEqual(expected)
        }
      }),
      { numRuns: 40 },
    )
  })
})
