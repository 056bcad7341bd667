import type { SyncSpec } from '../../model/index.ts'
import { targetFields } from './fields.ts'
import type { Reading } from './reading.ts'

/**
 * Two syncs that write the same field of the same store would undo each other for ever, so the second is refused. A field
 * that a sync leaves to the store is written by none.
 */
export const refuseSharedFields = (reading: Reading, syncs: readonly SyncSpec[]): void => {
  const owners = new Map<string, string>()
  for (const sync of syncs) {
    const fields = targetFields(reading.catalog, sync.resource)
    for (const [name, rule] of Object.entries(sync.fields)) {
      if (rule.owner === 'store') continue
      const places = fields.get(name)?.touches.map((place) => `${sync.store}\t${place}`) ?? []
      const other = places.map((place) => owners.get(place)).find((owner) => owner !== undefined)
      if (other !== undefined) {
        reading.add(
          ['syncs', sync.name, 'fields', name],
          `syncs "${other}" and "${sync.name}" both write this field of store "${sync.store}"; one of them must leave it out.`,
          'key',
        )
      }
      for (const place of places) owners.set(place, sync.name)
    }
  }
}
