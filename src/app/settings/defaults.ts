import { type Nested, refusal, type SyncSpec, suggestion, type Value } from '../../model/index.ts'
import { canonicalOf } from './canonical.ts'
import { type TargetFields, writableNames } from './fields.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import type { RawSync } from './schema.ts'

/** What a new row holds where its source row says nothing, and what follows its making. */
export const readDefaults = (
  reading: Reading,
  path: Path,
  raw: RawSync,
  fields: TargetFields,
): Pick<SyncSpec, 'createDefaults' | 'follow'> => {
  const values: Record<string, Value> = {}
  const after = reading.catalog.resources.get(raw.resource)?.api.create?.follow
  let follow: Nested | undefined
  for (const [field, value] of Object.entries(raw.createDefaults)) {
    const target = fields.get(field)
    const at = [...path, field]
    if (after?.given === field) {
      if (value === BY_THE_STORE) continue
      follow = { [after.resource]: idsOf(reading, at, value).map((id) => ({ [after.each]: id })) }
      continue
    }
    if (!target) {
      const known = [...writableNames(fields), ...(after ? [after.given] : [])]
      reading.add(at, `is no field of ${raw.resource}.${suggestion(field, known)}`, 'key')
      continue
    }
    const meant = canonicalOf(reading, at, target.field, value)
    const reason = refusal(target.field, meant, true)
    if (reason) reading.add(at, `is ${reason}.`)
    else values[field] = meant
  }
  return { createDefaults: values, ...(follow ? { follow } : {}) }
}

const idsOf = (reading: Reading, path: Path, value: unknown): readonly number[] => {
  const ids = Array.isArray(value) ? [...new Set(value)] : []
  if (ids.length && ids.every((id) => Number.isInteger(id) && id > 0)) return ids
  reading.add(path, `must be a list of ids, such as [1], or "${BY_THE_STORE}" for what the store does by itself.`)
  return []
}

/** The word for what follows a new row where nobody wants to say: nothing is sent, and the store decides. */
export const BY_THE_STORE = 'default'
