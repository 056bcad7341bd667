import { describe, expect, it } from 'vitest'
import { catalogOf, defineResource, integer, json, noise, readOnly, text, timestamp } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import { shop } from './core-support.ts'

const route = { batch: 2, lanes: 1, echo: 'rows', group: 'catalog' } as const

/** A resource that no part of the emulator knows. */
const widgets = defineResource({
  name: 'widgets',
  about: 'Things for tests.',
  source: 'Widgets',
  scope: 'store_v2_products',
  settleMs: 0,
  key: ['id'],
  match: ['code'],
  fields: {
    id: readOnly(integer()),
    code: text({ required: true, max: 5, unique: 'nocase' }),
    level: integer({ fill: 3, min: 0 }),
    place: json({ at: 'url.path', fill: null }),
    date_created: readOnly(timestamp()),
    date_modified: noise(timestamp()),
  },
  api: {
    list: {
      path: '/v3/widgets',
      paging: 'keyset',
      pageSize: 3,
      query: { sort: 'id' },
      keyset: { param: 'id:greater' },
      since: { param: 'date_modified:min', field: 'date_modified' },
      ids: 'id:in',
      only: 'include_fields',
      total: 'pagination',
    },
    create: { ...route, verb: 'POST', path: '/v3/widgets', body: 'rows', names: [] },
    update: [
      { ...route, verb: 'PUT', path: '/v3/widgets', body: 'rows', names: ['id'] },
      { ...route, verb: 'PUT', path: '/v3/widgets/{id}', body: 'row', names: [], echo: 'row', batch: 1 },
    ],
    delete: { ...route, verb: 'DELETE', path: '/v3/widgets/{id}', body: 'none', names: [], echo: 'none', batch: 1 },
  },
})

const store = () => shop({ catalog: catalogOf([...catalog.resources.values(), widgets]) })

describe('a resource that only its definition describes', () => {
  it('can be created, with what the server fills in, listed, changed and deleted', async () => {
    const { call, clock } = store()
    const created = await call('POST', '/v3/widgets', [
      { code: 'a', url: { path: '/a/' } },
      { code: 'b', level: 5 },
    ])
    expect(created.body.data).toEqual([
      {
        id: 1,
        code: 'a',
        level: 3,
        url: { path: '/a/' },
        date_created: '2025-01-15T10:30:00Z',
        date_modified: '2025-01-15T10:30:00Z',
      },
      expect.objectContaining({ id: 2, code: 'b', level: 5 }),
    ])
    await clock.advance(1_000)
    expect((await call('PUT', '/v3/widgets/2', { level: 6 })).body.data).toMatchObject({
      level: 6,
      date_modified: '2025-01-15T10:30:01Z',
    })
    expect((await call('DELETE', '/v3/widgets/1')).status).toBe(204)
    expect((await call('GET', '/v3/widgets')).body).toMatchObject({
      data: [{ id: 2 }],
      meta: { pagination: { total: 1 } },
    })
  })

  it('obeys its limits: batch, required, bounds, uniqueness, filters', async () => {
    const { call } = store()
    const status = async (rows: unknown) => (await call('POST', '/v3/widgets', rows)).status
    expect(await status([{ code: 'a' }, { code: 'b' }, { code: 'c' }])).toBe(413)
    expect(await status([{ level: 1 }])).toBe(422)
    expect(await status([{ code: 'toolong' }])).toBe(422)
    expect(await status([{ code: 'a' }, { code: 'A' }])).toBe(409)
    expect((await call('GET', '/v3/widgets')).body.data).toEqual([])
    expect((await call('GET', '/v3/widgets?code=a')).status).toBe(422)
    expect((await call('PUT', '/v3/widgets', [{ id: 9, level: 1 }])).status).toBe(404)
  })

  it('is paged by its key, by ids and by date', async () => {
    const { call, clock } = store()
    for (const code of ['a', 'b', 'c', 'd', 'e']) {
      await call('POST', '/v3/widgets', [{ code }])
      await clock.advance(1_000)
    }
    const codes = async (query: string) =>
      (await call('GET', `/v3/widgets?${query}`)).body.data.map(({ code }: { code: string }) => code)
    expect(await codes('sort=id&limit=250')).toEqual(['a', 'b', 'c'])
    expect(await codes('sort=id&id:greater=3')).toEqual(['d', 'e'])
    expect(await codes('id:in=2,5')).toEqual(['b', 'e'])
    expect(await codes('date_modified:min=2025-01-15T10:30:03Z')).toEqual(['d', 'e'])
    expect((await call('GET', '/v3/widgets?include_fields=code')).body.data[0]).toEqual({ id: 1, code: 'a' })
  })
})
