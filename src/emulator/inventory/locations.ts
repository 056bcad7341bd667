import { Refusal } from '../answers.ts'
import { filtered, flags, numbers, texts } from '../filters.ts'
import { page } from '../pages.ts'
import type { State } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { rowsOf, transaction } from './adjust.ts'
import { inventoryProblem } from './answers.ts'
import { resolve } from './identity.ts'
import { createLocations } from './new-locations.ts'
import { DEFAULT_LOCATION, keptAt } from './stock.ts'

export const locationEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v3/inventory/locations',
    scope: 'store_locations',
    concurrency: 50,
    handle: (call) => listLocations(call),
  },
  {
    method: 'POST',
    path: '/v3/inventory/locations',
    scope: 'store_locations',
    concurrency: 50,
    handle: (call) => createLocations(call),
  },
  {
    method: 'PUT',
    path: '/v3/inventory/locations/:id/items',
    scope: 'store_inventory',
    handle: (call) => putSettings(call),
  },
]

const listLocations = (call: Call): Answer => {
  const rows = filtered(call.query, call.state.locations.list(), {
    ...numbers('location_id', [':in'], ({ id }) => id),
    ...texts('location_code', [':in'], (row) => String(row['code'])),
    ...texts('type_id', [':in'], (row) => String(row['type_id'])),
    ...flags('is_default', ({ id }) => id === DEFAULT_LOCATION),
    ...flags('is_active', (row) => row['enabled'] === true),
    ...flags('managed_by_external_source', (row) => row['managed_by_external_source'] === true),
    ...flags('storefront_visibility', (row) => row['storefront_visibility'] === true),
  })
  return page(call, rows, ({ id, ...rest }) => ({ id, ...rest }), { usual: 50, most: 1000 })
}

type Setting = Readonly<Record<string, unknown>>

/** What a setting is called here and where it lies: the first two beside the catalog, the others in it. */
const KEPT = ['safety_stock', 'is_in_stock'] as const
const SHOWN = { warning_level: 'inventory_warning_level', bin_picking_number: 'bin_picking_number' } as const

const putSettings = (call: Call): Answer => {
  const locationId = Number(call.params['id'])
  if (!call.state.locations.has(locationId)) return inventoryProblem(404, 'Location not found')
  const rows = rowsOf(call.body, 'settings')
  const errors = Object.fromEntries(rows.flatMap((row, place) => complaints(row, place)))
  if (Object.keys(errors).length) return inventoryProblem(422, 'Payload contains invalid fields', errors)
  for (const row of rows) applySetting(call.state, locationId, row)
  return transaction(call)
}

const complaints = (row: Setting, place: number): [string, string][] =>
  [...KEPT, ...Object.keys(SHOWN)].some((name) => row[name] !== undefined)
    ? []
    : [
        [
          `setting.${place}.settings`,
          'At least one setting must be specified: warning_level, is_in_stock or safety_stock',
        ],
      ]

const applySetting = (state: State, locationId: number, row: Setting): void => {
  const named = resolve(state, (row['identity'] ?? {}) as Setting)
  if ('refusal' in named) throw new Refusal(inventoryProblem(422, `[${named.refusal}]`))
  const thing = { ...named, locationId }
  const beside = only(row, KEPT)
  const shown = Object.fromEntries(
    Object.entries(only(row, Object.keys(SHOWN))).map(([name, value]) => [SHOWN[name as keyof typeof SHOWN], value]),
  )
  const inCatalog = locationId === DEFAULT_LOCATION
  const changes = inCatalog ? beside : { ...beside, ...shown }
  const kept = keptAt(state, thing)
  if (kept) state.inventory.update(kept.id, changes)
  else if (Object.keys(changes).length) {
    state.inventory.insert({
      product_id: thing.productId,
      variant_id: thing.variantId,
      location_id: locationId,
      ...changes,
    })
  }
  if (!inCatalog || !Object.keys(shown).length) return
  if (thing.variantId === null) state.products.update(thing.productId, shown)
  else state.variants.update(thing.variantId, shown)
}

const only = (row: Setting, names: readonly string[]): Setting =>
  Object.fromEntries(Object.entries(row).filter(([name, value]) => names.includes(name) && value !== undefined))
