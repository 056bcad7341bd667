import { afterEach, describe, expect, it } from 'vitest'
import { catalogOf, defineResource, integer, readOnly, text } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { openShop, type Shop } from '../support/shop.ts'

const notes = defineResource({
  name: 'notes',
  about: 'A list that pages by cursor.',
  source: 'Paging',
  scope: 'store_v2_products',
  settleMs: 0,
  key: ['id'],
  match: ['id'],
  fields: { id: readOnly(integer()), body: text({ max: 50 }) },
  api: { list: { path: '/v3/notes', paging: 'cursor', pageSize: 2, total: 'pagination' } },
})

let shop: Shop
afterEach(() => shop.close())

describe('a resource that pages by cursor', () => {
  it('is pulled whole, and a row that is gone is noticed', async () => {
    let rows = [1, 2, 3, 4, 5].map((id) => ({ id, body: `note ${id}` }))
    const serve = (url: string) => {
      const query = new URL(url).searchParams
      const from = Number(query.get('after') ?? 0)
      const data = rows.filter(({ id }) => id > from).slice(0, Number(query.get('limit')))
      const end = data.at(-1)?.id ?? from
      const links = rows.some(({ id }) => id > end) ? { next: `?after=${end}` } : {}
      const pagination = from ? {} : { pagination: { total: rows.length } }
      return Response.json({ data, meta: { ...pagination, cursor_pagination: { end_cursor: String(end), links } } })
    }
    shop = openShop({
      catalog: catalogOf([...catalog.resources.values(), notes], [...catalog.derived.values()]),
      store: { resources: ['notes'] },
      syncs: {},
      fetch: (inner) => async (url, init) => (url.includes('/v3/notes') ? serve(url) : inner(url, init)),
    })
    const first = await shop.pull()
    expect(first.resources).toMatchObject([{ resource: 'notes', rows: 5, added: 5, complete: true, expected: 5 }])
    rows = rows.filter(({ id }) => id !== 3)
    const second = await shop.pull()
    expect(second.resources).toMatchObject([{ rows: 4, added: 0, removed: 1, complete: true }])
    expect(shop.rows('SELECT id FROM notes ORDER BY id')).toEqual([1, 2, 4, 5].map((id) => ({ id })))
  })
})
