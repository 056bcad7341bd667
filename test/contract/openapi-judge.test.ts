import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canJudge, judge, validateRequest, validateResponse } from '../support/openapi.ts'
import { EXCEPTIONS } from '../support/openapi-exceptions.ts'

const none = new URLSearchParams()

describe.skipIf(!canJudge())('the judge', () => {
  it('sees a field of the wrong type in an answer, once for all rows', () => {
    const body = {
      data: [
        { id: 77, price: '12.50' },
        { id: '78', price: '3' },
      ],
      meta: {},
    }
    expect(validateResponse('GET', '/v3/catalog/products', 200, body).sort()).toEqual([
      'answer GET /v3/catalog/products 200: /data/*/id must be integer,null',
      'answer GET /v3/catalog/products 200: /data/*/price must be number,null',
    ])
  })

  it('allows new fields and nulls in answers', () => {
    const body = { data: { id: 77, name: null, invented: [1] }, meta: {} }
    expect(validateResponse('GET', '/v3/catalog/products/77', 200, body)).toEqual([])
  })

  it('sees a value that is none of the described', () => {
    const body = { data: { id: 77, type: 'liquid' }, meta: {} }
    expect(validateResponse('GET', '/v3/catalog/products/77', 200, body)).toHaveLength(1)
  })

  it('sees a success that is not described, and an error of the wrong shape', () => {
    expect(validateResponse('GET', '/v3/catalog/brands', 206, {})).toEqual([
      'answer GET /v3/catalog/brands 206: status 206 is not described',
    ])
    expect(validateResponse('PUT', '/v2/orders/100', 400, { status: 400, title: 'Bad' })).toHaveLength(2)
    expect(validateResponse('PUT', '/v2/orders/100', 400, [{ status: 400, message: 'Bad' }])).toEqual([])
  })

  it('sees parameters that do not exist or do not fit', () => {
    const query = new URLSearchParams({ 'name:like': 'x', limit: 'many', 'id:in': '1,two' })
    expect(validateRequest('GET', '/v3/catalog/products', query, undefined).sort()).toEqual([
      'request GET /v3/catalog/products: ?id:in is not what is described',
      'request GET /v3/catalog/products: ?limit is not what is described',
      'request GET /v3/catalog/products: ?name:like is no parameter',
    ])
    const good = new URLSearchParams({ 'id:greater': '0', include: 'variants,images', sort: 'id', direction: 'asc' })
    expect(validateRequest('GET', '/v3/catalog/products', good, undefined)).toEqual([])
  })

  it('sees bodies that do not fit', () => {
    const path = '/v3/inventory/adjustments/absolute'
    expect(validateRequest('PUT', path, none, { items: [{ location_id: 1, quantity: 3 }] })).not.toEqual([])
    expect(validateRequest('PUT', path, none, { items: [{ location_id: 1, sku: 'A', quantity: 3 }] })).toEqual([])
    expect(validateRequest('PUT', '/v3/catalog/products', none, [{ price: 3 }])).not.toEqual([])
    expect(validateRequest('PUT', '/v3/catalog/products', none, [{ id: 77, price: 3 }])).toEqual([])
    expect(validateRequest('PUT', '/v3/catalog/products', none, [{ id: 77, name: null }])).not.toEqual([])
  })

  it('sees paths that are not described', () => {
    expect(validateRequest('GET', '/v3/catalog/gadgets', none, undefined)).toEqual([
      'request GET /v3/catalog/gadgets: no such operation',
    ])
  })

  it('records what goes through a fetch and hands the answer on unread', async () => {
    const answer = { data: [{ id: 35, name: 7 }], meta: {} }
    const { fetch, violations } = judge(async () => Response.json(answer))
    const response = await fetch('https://api.example.com/stores/abc/v3/catalog/brands?color=red')
    expect(await response.json()).toEqual(answer)
    expect(violations).toEqual([
      'request GET /v3/catalog/brands: ?color is no parameter',
      'answer GET /v3/catalog/brands 200: /data/*/name must be string,null',
    ])
  })
})

describe('an exception to the official files', () => {
  const facts = readFileSync(new URL('../../docs/bigcommerce.md', import.meta.url), 'utf8')
  const sections = [...facts.matchAll(/^#{2,3} (.+)$/gm)].map(([, title]) => title)

  it.each(EXCEPTIONS.map(({ why }) => why))('names the section that says so: %s', (why) => {
    expect(sections).toContain(why.split(':')[0])
  })
})
