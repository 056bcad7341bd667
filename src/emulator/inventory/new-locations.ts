import { isoTime } from '../../model/index.ts'
import { arrayOf, type Body } from '../rules.ts'
import type { State } from '../state.ts'
import type { Answer, Call } from '../types.ts'
import { transaction } from './adjust.ts'
import { inventoryProblem } from './answers.ts'

/** Most locations of a store that are switched on. */
const MOST_ACTIVE = 100
const NEEDED = ['label', 'managed_by_external_source', 'type_id', 'time_zone', 'address'] as const
const NEEDED_OF_ADDRESS = ['address1', 'city', 'state', 'zip', 'email', 'geo_coordinates', 'country_code'] as const

/** New locations show some time after the answer, like stock. */
export const createLocations = (call: Call): Answer => {
  const { state, settings } = call
  const rows = arrayOf(call.body)
  const errors = Object.fromEntries(rows.flatMap((row, place) => lackOf(row, place)))
  if (Object.keys(errors).length) return inventoryProblem(422, 'Payload contains invalid fields', errors)
  const codes = state.locations.list().map((row) => row['code'])
  const taken = rows.find(({ code }) => codes.includes(code))
  if (taken) return inventoryProblem(422, `Location with code ${taken['code']} already exists`)
  const active = state.locations.list().filter(({ enabled }) => enabled).length
  if (active + rows.filter(({ enabled }) => enabled !== false).length > MOST_ACTIVE)
    return inventoryProblem(422, `No more than ${MOST_ACTIVE} locations can be active`)
  const stamp = isoTime(state.now())
  state.timeline.later(settings.stockDelayMs, () => {
    for (const row of rows) addLocation(state, row, stamp)
  })
  return transaction(call)
}

const lackOf = (row: Body, place: number): [string, string][] => {
  const address = (row['address'] ?? {}) as Body
  const isPlace = row['type_id'] !== 'VIRTUAL'
  return [
    ...NEEDED.filter((name) => row[name] === undefined).map((name) => `${place}.${name}`),
    ...NEEDED_OF_ADDRESS.filter((name) => isPlace && address[name] === undefined).map(
      (name) => `${place}.address.${name}`,
    ),
  ].map((name) => [name, 'error.path.missing'])
}

const addLocation = (state: State, row: Body, stamp: string): void => {
  const { id } = state.locations.insert({
    code: null,
    description: '',
    enabled: true,
    operating_hours: {},
    storefront_visibility: true,
    special_hours: [],
    ...row,
    created_at: stamp,
    updated_at: stamp,
  })
  if (row['code'] === undefined) state.locations.update(id, { code: `BC-LOCATION-${id}` })
}
