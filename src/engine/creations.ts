import { fieldsOf, type Target } from '../diff/index.ts'
import type { MirrorRow } from '../mirror/index.ts'
import {
  type Catalog,
  type Change,
  type Field,
  type Nested,
  pick,
  type Rejection,
  type SourceRow,
  type SyncSpec,
  toUnits,
  type Values,
} from '../model/index.ts'
import { labelOf } from './label.ts'
import { partsInside } from './parts.ts'

/**
 * Changes that create what the store does not have. A row without all that a create needs is rejected, and so is one whose row of
 * before lives on under another key: it was renamed, and a second one would be a double.
 */
export const creations = (
  catalog: Catalog,
  spec: SyncSpec,
  target: Target,
  unknown: readonly SourceRow[],
  before: (key: Values) => MirrorRow | undefined,
): { changes: readonly Omit<Change, 'id'>[]; rejected: readonly Rejection[] } => {
  if (!spec.create) return { changes: [], rejected: [] }
  const fields = fieldsOf(target)
  const follow = followOf(spec, target)
  // What decides how a row is sold is never left to the store because a cell is blank.
  const isWanted = (name: string): boolean =>
    fields[name]?.required === true || (fields[name]?.forNew !== undefined && name in spec.fields)
  const changes: Omit<Change, 'id'>[] = []
  const rejected: Rejection[] = []
  for (const row of unknown) {
    // What a row of another store stands for is told by more than its name.
    const renamed = row.standsFor === undefined ? before(row.key) : undefined
    if (renamed) {
      const now = Object.values(pick(renamed.values, Object.keys(spec.key))).join(' / ')
      rejected.push({
        row: row.line,
        column: Object.values(spec.key).join(', '),
        value: Object.values(row.key).join(', '),
        reason: `renamed in the store to ${now}`,
        key: row.key,
      })
      continue
    }
    const values: Values = { ...spec.createDefaults, ...row.initial, ...settable(row.key, fields), ...row.values }
    const isMissing = (name: string): boolean => (values[name] ?? null) === null
    const either = target.kind === 'plain' ? (target.resource.oneOf ?? []) : []
    const neither = either.length && either.every(isMissing) ? [either.join(' or ')] : []
    const missing = [...Object.keys(fields).filter((name) => isWanted(name) && isMissing(name)), ...neither]
    if (missing.length) {
      rejected.push({
        row: row.line,
        column: missing.join(', '),
        value: '',
        reason: 'needed to create it',
        key: row.key,
      })
      continue
    }
    const nested = target.kind === 'plain' ? partsInside(catalog, target.resource, row) : {}
    const worthless = priceless(catalog, nested)
    if (worthless) {
      rejected.push({ row: row.line, ...worthless, reason: 'a price of nothing', key: row.key })
      continue
    }
    changes.push({
      action: 'create',
      side: 'store',
      resource: target.name,
      key: row.key,
      entity: {},
      label: labelOf(values, row.of),
      line: row.line,
      ...(row.standsFor === undefined ? {} : { standsFor: row.standsFor }),
      ...(Object.keys(nested).length ? { nested } : {}),
      ...(follow ? { follow } : {}),
      fields: Object.entries(values)
        .filter(([, to]) => to !== null)
        .map(([field, to]) => ({ field, from: null, to, base: null, owner: spec.fields[field]?.owner ?? 'source' })),
    })
  }
  return { changes, rejected }
}

const followOf = (spec: SyncSpec, target: Target): Nested | undefined => {
  const name = target.kind === 'plain' ? target.resource.api.create?.follow?.resource : undefined
  const rows = name === undefined ? undefined : spec.follow?.[name]
  return name === undefined || rows === undefined ? undefined : { [name]: rows }
}

/** The first inner row that would be given away. What is sold for nothing is a row of its own, which a guard looks at. */
const priceless = (catalog: Catalog, nested: Nested): { column: string; value: string } | undefined => {
  for (const [resource, rows] of Object.entries(nested)) {
    const fields = catalog.resources.get(resource)?.fields ?? {}
    for (const row of rows) {
      const price = Object.keys(row).find((name) => fields[name]?.role === 'price' && toUnits(String(row[name])) <= 0n)
      if (price !== undefined) return { column: `${resource} ${price}`, value: String(row[price]) }
    }
  }
  return undefined
}

/** What of a key a create sets. */
const settable = (key: Values, fields: Readonly<Record<string, Field>>): Values =>
  Object.fromEntries(Object.entries(key).filter(([name]) => !fields[name]?.readOnly || fields[name]?.atCreate))
