import { filtered, moments, texts } from '../filters.ts'
import { cursorPage, narrow } from '../pages.ts'
import type { Row } from '../table.ts'
import type { Answer, Call, Endpoint } from '../types.ts'

export const storeMetafieldEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/v3/store/metafields', scope: 'store_v2_information', handle: (call) => list(call) },
]

const list = (call: Call): Answer => {
  const dates = (name: string) => moments<Row>(name, [':min', ':max'], (row) => String(row[name]), call.now())
  const rows = filtered(
    call.query,
    call.state.storeMetafields.list(),
    {
      ...texts<Row>('key', ['', ':in'], (row) => String(row['key'])),
      ...texts<Row>('namespace', ['', ':in'], (row) => String(row['namespace'])),
      ...dates('date_created'),
      ...dates('date_modified'),
    },
    ['page', 'limit', 'include_fields', 'direction', 'before', 'after'],
  )
  const ordered = call.query.get('direction') === 'desc' ? rows.toReversed() : rows
  const some = narrow(call.query)
  // Here, unlike in other metafields, the id is a text.
  return cursorPage(call, ordered, ({ id, ...row }) => some({ id: String(id), ...row }))
}
