import { ok } from '../answers.ts'
import { filtered, flags, moments, numbers, texts } from '../filters.ts'
import { page } from '../pages.ts'
import type { Row } from '../table.ts'
import type { Answer, Call, Endpoint } from '../types.ts'

export const channelEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/v3/channels', scope: 'store_channel_settings', handle: (call) => listChannels(call) },
  { method: 'GET', path: '/v3/sites', scope: 'store_sites', handle: (call) => listSites(call) },
]

const listChannels = (call: Call): Answer => {
  const dates = (name: string) =>
    moments<Row>(name, ['', ':min', ':max'], (row) => String(channel(row)[name]), call.now())
  const rows = filtered(
    call.query,
    call.state.channels.list(),
    {
      ...texts<Row>('type', [':in'], (row) => String(channel(row)['type'])),
      ...texts<Row>('status', [':in'], (row) => String(channel(row)['status'])),
      ...texts<Row>('platform', [':in'], (row) => String(channel(row)['platform'])),
      ...flags<Row>('available', (row) => OPEN.has(String(channel(row)['status']))),
      ...dates('date_created'),
      ...dates('date_modified'),
    },
    ['page', 'limit', 'include'],
  )
  return page(call, rows, channel)
}

const OPEN = new Set(['active', 'prelaunch', 'connected'])

/** What a row leaves out is as in a storefront of BigCommerce's own. */
const channel = (row: Row): Readonly<Record<string, unknown>> => {
  const whole = { ...STOREFRONT, ...row }
  return { ...whole, is_enabled: OPEN.has(String(whole.status)) }
}

const MADE = '2021-01-05T10:00:00Z'

const STOREFRONT = {
  external_id: '',
  is_listable_from_ui: true,
  is_visible: true,
  status: 'active',
  type: 'storefront',
  platform: 'bigcommerce',
  date_created: MADE,
  date_modified: MADE,
  icon_url: 'https://cdn11.bigcommerce.com/icons/storefront.svg',
}

/** Pages are told by what was passed over and how much there is in all (docs/bigcommerce.md, Channels and sites). */
const listSites = (call: Call): Answer => {
  const rows = filtered(
    call.query,
    call.state.sites.list(),
    {
      ...numbers<Row>('channel_id', [':in'], (row) => Number(row['channel_id'])),
      'url_type:in': (text) => {
        const wanted = new Set(text.split(','))
        return (row) => (row['urls'] as readonly { type: string }[]).some(({ type }) => wanted.has(type))
      },
    },
    ['page', 'limit'],
  )
  const { data, meta } = page(call, rows, (row) => row).body as Paged
  const { per_page: limit, current_page, total: total_items } = meta.pagination
  return ok(data, { pagination: { offset: (current_page - 1) * limit, limit, total_items } })
}

interface Paged {
  readonly data: readonly unknown[]
  readonly meta: { readonly pagination: Readonly<Record<'per_page' | 'current_page' | 'total', number>> }
}
