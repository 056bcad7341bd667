import { canonical, type Field, type Value } from '../../model/index.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'

/** A value of the configuration as a field holds it; one that it cannot hold is added to the faults, and null. */
export const canonicalOf = (reading: Reading, path: Path, field: Field, value: unknown): Value => {
  try {
    return canonical(field, value)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    reading.add(path, `${JSON.stringify(value)} is ${cause.message}.`)
    return null
  }
}
