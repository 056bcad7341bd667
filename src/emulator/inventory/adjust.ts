import { refuse, tooManyRows } from '../answers.ts'
import { uuid } from '../data/dice.ts'
import type { State } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { inventoryProblem } from './answers.ts'
import { IDENTITIES, resolve, told } from './identity.ts'
import { changeStock, keptAt, onHand, STOCK_LIMIT, type StockChange } from './stock.ts'

/** Stock writes. A request is refused as a whole or accepted as a whole, and shows some time after its answer. */
export const adjustmentEndpoints: readonly Endpoint[] = [
  {
    method: 'PUT',
    path: '/v3/inventory/adjustments/absolute',
    scope: 'store_inventory',
    handle: (call) => adjust(call, 'set'),
  },
  {
    method: 'POST',
    path: '/v3/inventory/adjustments/relative',
    scope: 'store_inventory',
    handle: (call) => adjust(call, 'add'),
  },
]

/** Most items of a request (docs/bigcommerce.md, Inventory). */
const MOST_ITEMS = 2000

type Item = Readonly<Record<string, unknown>>

const adjust = (call: Call, mode: StockChange['mode']): Answer => {
  const items = rowsOf(call.body, 'items')
  const errors = Object.fromEntries(items.flatMap((item, place) => malformed(item, place, mode)))
  if (Object.keys(errors).length) refuse(inventoryProblem(422, 'Payload contains invalid fields', errors))
  const changes = changesOf(call.state, items, mode)
  if (mode === 'add') refuseUnready(call.state, items, changes)
  changeStock(call.state, call.settings, changes)
  return transaction(call)
}

/** The rows under a name of the body. @throws {Refusal} when there are none or too many. */
export const rowsOf = (body: unknown, name: string): readonly Item[] => {
  const rows = (body as Item | undefined)?.[name]
  if (!Array.isArray(rows) || rows.length === 0) {
    return refuse(inventoryProblem(422, 'Payload contains invalid fields', { [name]: 'error.path.missing' }))
  }
  if (rows.length > MOST_ITEMS) refuse(tooManyRows(MOST_ITEMS))
  return rows.map((row) => (typeof row === 'object' && row !== null ? (row as Item) : {}))
}

/** Accepted; there is no endpoint to ask how far it got. */
export const transaction = ({ random }: Call): Answer => ({ status: 200, body: { transaction_id: uuid(random) } })

const malformed = (item: Item, place: number, mode: StockChange['mode']): [string, string][] => {
  const errors: [string, string][] = []
  const add = (field: string, message: string): number => errors.push([`items.${place}.${field}`, message])
  const { location_id, quantity } = item
  if (!Number.isInteger(location_id)) add('location_id', 'error.expected.jsnumber')
  if (!Number.isInteger(quantity)) add('quantity', 'error.expected.jsnumber')
  else if (Math.abs(Number(quantity)) > STOCK_LIMIT) add('quantity', `Quantity exceeds the maximum of ${STOCK_LIMIT}`)
  else if (mode === 'set' && Number(quantity) < 0) add('quantity', 'Quantity must not be negative')
  if (IDENTITIES.filter((name) => item[name] !== undefined && item[name] !== null).length !== 1) {
    add('identity', 'One of the sku, product_id, or variant_id is required to identify the item')
  }
  return errors
}

/** @throws {Refusal} 422 that lists every item which names nothing, or something that cannot be adjusted so. */
const changesOf = (state: State, items: readonly Item[], mode: StockChange['mode']): readonly StockChange[] => {
  const refusals: string[] = []
  const changes = items.flatMap((item) => {
    const locationId = Number(item['location_id'])
    const found = placeOf(state, locationId) ?? resolve(state, item)
    if ('refusal' in found) {
      refusals.push(found.refusal)
      return []
    }
    return [{ ...found, locationId, mode, quantity: Number(item['quantity']) }]
  })
  if (refusals.length) refuse(inventoryProblem(422, `[${refusals.join(', ')}]`))
  return changes
}

const placeOf = (state: State, id: number): { readonly refusal: string } | undefined => {
  const location = state.locations.get(id)
  if (!location) return { refusal: `Location with id ${id} was not found` }
  return location['enabled'] ? undefined : { refusal: `Location with id ${id} is disabled` }
}

/** @throws {Refusal} 422 naming the items whose relative change cannot be made. */
const refuseUnready = (state: State, items: readonly Item[], changes: readonly StockChange[]): void => {
  const complaints = changes.map((change) => unready(state, change))
  const [first] = complaints.filter((complaint) => complaint !== undefined)
  if (first === undefined) return
  const named = items.filter((_item, place) => complaints[place] === first).map(told)
  refuse(inventoryProblem(422, `Items with identity: [${named.join(', ')}] ${first}`))
}

const unready = (state: State, change: StockChange): string | undefined => {
  const before = onHand(state, change)
  if (before === undefined) return 'requires absolute adjustment before relative'
  const after = before + change.quantity
  if (after > STOCK_LIMIT) return `exceeds the maximum of ${STOCK_LIMIT}`
  const safety = Number(keptAt(state, change)?.['safety_stock'] ?? 0)
  return change.quantity < 0 && after < safety ? 'has insufficient stock' : undefined
}
