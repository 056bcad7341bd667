import { invalid, noContent, refuse, tooManyRows } from '../answers.ts'
import { filtered, numbers } from '../filters.ts'
import { page } from '../pages.ts'
import { arrayOf } from '../rules.ts'
import type { ChannelRow, State } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'

const path = '/v3/catalog/products/channel-assignments'
const scope = 'store_v2_products'

export const channelAssignmentEndpoints: readonly Endpoint[] = [
  { method: 'GET', path, scope, handle: (call) => page(call, chosen(call), shape) },
  { method: 'PUT', path, scope, concurrency: 1, handle: (call) => assign(call) },
  { method: 'DELETE', path, scope, concurrency: 1, handle: (call) => unassign(call) },
]

/** Pairs of one request (docs/bigcommerce.md, Channel assignments). */
const MOST_PAIRS = 50

const shape = ({ product_id, channel_id }: ChannelRow): unknown => ({ product_id, channel_id })

const chosen = ({ query, state }: Call): readonly ChannelRow[] =>
  filtered(query, state.channelAssignments.list(), {
    ...numbers<ChannelRow>('product_id', [':in'], ({ product_id }) => product_id),
    ...numbers<ChannelRow>('channel_id', [':in'], ({ channel_id }) => channel_id),
  })

/** Adds pairs; one that is there already stays, and no pair is taken away. */
const assign = ({ body, state }: Call): Answer => {
  const rows = arrayOf(body).map((row) => [Number(row['product_id']), Number(row['channel_id'])] as const)
  if (rows.length > MOST_PAIRS) refuse(tooManyRows(MOST_PAIRS))
  const errors = Object.fromEntries(
    rows.flatMap(([product, channel], place) => [
      ...(state.products.has(product) ? [] : [[`${place}.product_id`, `Product ${product} does not exist.`]]),
      ...(isChannel(state, channel) ? [] : [[`${place}.channel_id`, `Channel ${channel} does not exist.`]]),
    ]),
  )
  if (Object.keys(errors).length) refuse(invalid('The assignments are not valid.', errors))
  for (const [product, channel] of rows) putOnChannel(state, product, channel)
  return noContent
}

const isChannel = ({ channels }: State, id: number): boolean => channels.size === 0 || channels.has(id)

/** Puts a product on a channel, once. */
const putOnChannel = (state: State, product: number, channel: number): void => {
  const isThere = state.channelAssignments.where('product', product).some((row) => row.channel_id === channel)
  if (!isThere) state.channelAssignments.insert({ product_id: product, channel_id: channel })
}

/** Takes away every pair that the filters name. */
const unassign = (call: Call): Answer => {
  if (!call.query.has('product_id:in') && !call.query.has('channel_id:in'))
    refuse(invalid('A filter is required to delete assignments.'))
  for (const { id } of chosen(call)) call.state.channelAssignments.delete(id)
  return noContent
}
