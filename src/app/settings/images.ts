import { type Pictures, sentPart } from '../../model/index.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import type { RawSync } from './schema.ts'
import type { StoreSettings } from './types.ts'

/** Pictures are of rows that have them, and of a store that is asked for them; each column of them has its own for texts. */
export const checkImages = (reading: Reading, path: Path, raw: RawSync, store: StoreSettings | undefined): void => {
  if (!raw.images) return
  const child = sentPart(reading.catalog, raw.resource)
  if (!child) reading.add(path, 'is for resources whose rows have pictures, such as products.')
  else if (store && !store.resources.includes(child.name))
    reading.add(path, `needs ${child.name} in stores.${store.name}.resources, which does not name it.`)
  const { from, alt }: Pictures = raw.images
  if (alt && alt.length !== from.length)
    reading.add([...path, 'alt'], `needs a column for each of "from", which names ${from.length}.`)
}
