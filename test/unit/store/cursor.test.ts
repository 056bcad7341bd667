import { describe, expect, it } from 'vitest'
import { defineResource, integer, type Resource, readOnly, UnexpectedAnswerError } from '../../../src/model/index.ts'
import { fakeStore, json, rejection } from './support.ts'

const notes: Resource = defineResource({
  name: 'notes',
  about: 'A list that pages by cursor.',
  source: 'Paging',
  scope: 'store_v2_products',
  settleMs: 0,
  key: ['id'],
  match: ['id'],
  fields: { id: readOnly(integer()) },
  api: { list: { path: '/v3/notes', paging: 'cursor', pageSize: 2, total: 'pagination' } },
})

/** Three rows on two pages, as the API pages them: the total comes with the first page only. */
const paged = (endOfFirst = 'aWQ6Mg==') =>
  fakeStore(({ path }) =>
    path.includes('after=')
      ? json({ data: [{ id: 3 }], meta: { cursor_pagination: { end_cursor: 'aWQ6Mw==', links: {} } } })
      : json({
          data: [{ id: 1 }, { id: 2 }],
          meta: {
            pagination: { total: 3 },
            cursor_pagination: { end_cursor: endOfFirst, links: { next: '?after=aWQ6Mg%3D%3D' } },
          },
        }),
  )

describe('a list that pages by cursor', () => {
  it('is asked on from the end of each page, until there is no next one', async () => {
    const { store, seen, run } = paged()
    const first = await run(store.page(notes, {}))
    expect(first).toMatchObject({ total: 3, last: false, cursor: 'aWQ6Mg==' })
    const second = await run(store.page(notes, { cursor: first.cursor! }))
    expect(second).toMatchObject({ bodies: [{ id: 3 }], total: null, last: true })
    expect(seen.map(({ path }) => path)).toEqual(['/v3/notes?limit=2', '/v3/notes?after=aWQ6Mg%3D%3D&limit=2'])
  })

  it('ends with a short page where the pages come without links', async () => {
    const { store, run } = fakeStore(({ path }) =>
      json({
        data: path.includes('after=') ? [{ id: 3 }] : [{ id: 1 }, { id: 2 }],
        meta: { cursor_pagination: { end_cursor: path.includes('after=') ? 'c' : 'b' } },
      }),
    )
    expect(await run(store.page(notes, {}))).toMatchObject({ last: false, cursor: 'b' })
    expect(await run(store.page(notes, { cursor: 'b' }))).toMatchObject({ bodies: [{ id: 3 }], last: true })
  })

  it('N25: whose cursor does not go forward is refused', async () => {
    const { store, run } = fakeStore(() =>
      json({ data: [{ id: 1 }, { id: 2 }], meta: { cursor_pagination: { end_cursor: 'same', links: { next: '?' } } } }),
    )
    expect(await run(rejection(store.page(notes, { cursor: 'same' })))).toBeInstanceOf(UnexpectedAnswerError)
  })
})
